"""A run is cut off by kill -9 at any moment, several times over; the last one finishes the work."""

import os
import random
import time
from datetime import date

import pytest

from planner.records.changes import acts
from tests.exchange.caldav.calling import start
from tests.exchange.caldav.clinic import ON, Clinic, passed
from tests.exchange.caldav.radicale_server import RadicaleServer
from tests.exchange.caldav.test_push import holds_the_feed


def killed_after(clinic: Clinic, radicale: RadicaleServer, puts: int, delay: float) -> bool:
    """Start a push and kill it so many seconds after the server has had so many PUTs more; whether it was killed at work."""
    before = radicale.requests()["PUT"]
    process = start(clinic.on, "push", "F2", clinic.url, environment=dict(os.environ))
    while process.poll() is None and radicale.requests()["PUT"] - before < puts:
        time.sleep(0.002)
    time.sleep(delay)
    process.kill()
    _, errors = process.communicate()
    assert errors == b""
    return process.returncode == -9


@pytest.mark.parametrize("rounds", [3, pytest.param(25, marks=pytest.mark.long)])
def test_what_was_cut_off_is_finished_without_duplicates(clinic: Clinic, radicale: RadicaleServer, calendar: str, rounds: int) -> None:
    chance = random.Random(rounds)
    clinic.make_feed("wide", days_ahead=300)
    kills, ours = 0, set[str]()
    for number in range(rounds):
        kills += killed_after(clinic, radicale, chance.randint(1, 2), chance.random() * 0.03)
        if number % 3 == 1:
            # While nothing runs, the log goes on, also about what was put and not noted.
            clinic.desk.record(acts.visit_booked("C3D1", date(2026, 4, 14 + number % 9), "10:00", 60), on=ON)
        ours |= {f"{one.uid}.ics" for one in clinic.objects("F2").values()}
        assert radicale.names(calendar) <= ours
    assert kills >= rounds * 2 // 3, "most runs must have been cut off at work"
    before = radicale.requests()["PUT"]
    result = passed(clinic.push(feed="F2"))
    sent = radicale.requests()["PUT"] - before
    assert sent == result.get("created", 0) + result.get("changed", 0)
    assert "edited there" not in result
    assert holds_the_feed(clinic, radicale, calendar, "F2")
    assert passed(clinic.push(feed="F2")) == {"unchanged": len(clinic.objects("F2"))}


def test_two_runs_at_once_leave_one_copy_of_each_event(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    runs = [start(clinic.on, "push", "F1", clinic.url, environment=dict(os.environ)) for _ in range(2)]
    answers = [run.communicate(timeout=120) for run in runs]
    assert {run.returncode for run in runs} <= {0, 1}
    assert b"planner itself failed" not in b"".join(errors for _, errors in answers)
    assert "edited there" not in passed(clinic.push())
    assert holds_the_feed(clinic, radicale, calendar)
    assert passed(clinic.push()) == {"unchanged": len(clinic.objects())}
