"""``feed make``, ``list``, ``rotate``, ``revoke`` and ``site contact`` as they are typed."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess

import pytest

from planner.records.people.settings import read_settings
from planner.records.traces.feed_uses import note_use
from tests.records.desk import someone
from tests.server.clinic import Clinic
from tests.server.serving import planner

ADDRESS = re.compile(r"^  (https?|webcal)://(\S+?)/feed/([A-Za-z0-9_-]{43})(/\d+)?\.ics$", re.MULTILINE)


@pytest.fixture
def url(clinic: Clinic) -> str:
    return str(clinic.database.url)


def told(answer: subprocess.CompletedProcess[str]) -> str:
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def feeds(clinic: Clinic) -> dict[str, object]:
    with clinic.database.reading() as connection:
        return dict(read_settings(connection).feeds)


def test_a_feed_is_made_and_its_addresses_shown(clinic: Clinic, url: str) -> None:
    answer = told(planner(url, "feed", "make", "site", "PEK", "--purpose", "phone", "--back", "3660", "--ahead", "3660"))
    (feed,) = feeds(clinic).values()
    (part,) = clinic.parts(feed)  # type: ignore[arg-type]
    assert answer.startswith(f"F1: site PEK for nurse, phone. It holds {part.events} events now.\n")
    found = ADDRESS.findall(answer)
    assert [(scheme, place, number) for scheme, place, _, number in found] == [
        ("http", "127.0.0.1:8501", ""),
        ("webcal", "127.0.0.1:8501", ""),
    ]
    assert "shown only now" in answer


def test_the_address_is_what_the_planner_is_reached_by(url: str) -> None:
    base = "https://planner.example.org/trials"
    from_setting = told(planner(url, "feed", "make", "site", "PEK", "--purpose", "a", PLANNER_PUBLIC_URL=base))
    from_option = told(planner(url, "feed", "rotate", "F1", "--url", f"{base}/", PLANNER_PUBLIC_URL="http://127.0.0.1"))
    for answer in (from_setting, from_option):
        assert [(scheme, place) for scheme, place, *_ in ADDRESS.findall(answer)] == [
            ("https", "planner.example.org/trials"),
            ("webcal", "planner.example.org/trials"),
        ]


def test_every_option_is_kept(clinic: Clinic, url: str) -> None:
    options = "--windows --show visit,study --lang zh-CN --conditional --back 7 --ahead 30 --for other --purpose w"
    told(planner(url, "feed", "make", "study", "ULRRC", *options.split()))
    told(planner(url, "feed", "make", "study", "ulrrc", "--show", "none", "--purpose", "x"))
    made, silent = feeds(clinic).values()
    details = made.details  # type: ignore[attr-defined]
    assert details == {
        **{"person": "other", "purpose": "w", "kind": "study", "of": "ulrrc", "event": "window", "summary": "study,visit"},
        **{"language": "zh-CN", "conditional": "yes", "days_back": 7, "days_ahead": 30},
    }
    assert silent.summary == ()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ("site PEK --purpose p --url http://planner.example.org", 2, "--url: http://planner.example.org would show"),
        ("site PEK --purpose p --show name", 2, "--show: titles have no 'name'; give some of study, subject, visit, or none"),
        ("site PEK --purpose p --lang de", 1, "no language 'de'. Give one of en, zh-CN."),
        ("site PEK --purpose p --back 9999", 1, "0 to 3660 days"),
        ("site PEKK --purpose p", 1, "Did you mean PEK?"),
        ("room PEK --purpose p", 1, "no kind 'room'"),
        ("site PEK --purpose Li", 1, "never a name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_made(clinic: Clinic, url: str, words: str, code: int, why: str) -> None:
    answer = planner(url, "feed", "make", *words.split())
    assert (answer.returncode, answer.stdout) == (code, "")
    assert why in answer.stderr and "Traceback" not in answer.stderr
    assert feeds(clinic) == {}


def test_a_setting_that_is_no_address_is_named(url: str) -> None:
    answer = planner(url, "feed", "make", "site", "PEK", "--purpose", "p", PLANNER_PUBLIC_URL="planner")
    assert answer.returncode == 2 and answer.stderr.startswith("PLANNER_PUBLIC_URL: 'planner' is no web address.")


def test_the_list_shows_everything_but_tokens(clinic: Clinic, url: str) -> None:
    tokens = [clinic.feed().token, clinic.feed("subject", "PEK-001").token]
    with clinic.database.writing() as connection:
        note_use(connection, "F2", someone().now)
    rows = list(csv.DictReader(io.StringIO(told(planner(url, "feed", "list")))))
    parts = {code: clinic.parts(feed)[0] for code, feed in feeds(clinic).items()}  # type: ignore[arg-type]
    assert [row["code"] for row in rows] == ["F1", "F2"]
    assert [(row["person"], row["purpose"], row["kind"], row["of"]) for row in rows] == [
        ("nurse", "t1", "site", "PEK"),
        ("nurse", "t2", "subject", "ulrrc/PEK-001"),
    ]
    for row in rows:
        part = parts[row["code"]]
        assert (int(row["events"]), int(row["octets"]), row["parts"]) == (part.events, len(part.body), "1")
    assert rows[0]["last_used"] == "" and rows[1]["last_used"].startswith("2026-04-21")
    shown = json.loads(told(planner(url, "feed", "list", "--format", "json")))
    assert len(shown) == 2 and not any(token in json.dumps(shown) for token in tokens)


def test_rotating_and_revoking(clinic: Clinic, url: str) -> None:
    issued = clinic.feed()
    rotated = told(planner(url, "feed", "rotate", "f1"))
    assert issued.token not in rotated and len({token for _, _, token, _ in ADDRESS.findall(rotated)}) == 1
    assert told(planner(url, "feed", "revoke", "F1")).startswith("F1 of nurse for t1 is revoked")
    again = planner(url, "feed", "revoke", "F1")
    assert again.returncode == 1 and "There is none yet" in again.stderr
    assert told(planner(url, "feed", "list", "--format", "table")).startswith("There is no feed yet.")


def test_a_database_that_is_not_there_is_not_made(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "none.sqlite"
    for words in ("list", "revoke F1", "rotate F1", "make site PEK --purpose p"):
        answer = planner(f"sqlite:///{file}", "feed", *words.split())
        assert answer.returncode == 1 and "There is no database" in answer.stderr
    assert not file.exists()


def test_whom_subjects_call(clinic: Clinic, url: str) -> None:
    assert told(planner(url, "site", "contact", "PEK", "--call", " Trial office, +86 10 5555 0100 ")) == (
        "Subjects of PEK call: Trial office, +86 10 5555 0100\n"
    )
    with clinic.database.reading() as connection:
        assert read_settings(connection).contacts == {"PEK": "Trial office, +86 10 5555 0100"}
    assert told(planner(url, "site", "contact", "PEK", "--call", "none")) == "Subjects of PEK call: nobody\n"
    with clinic.database.reading() as connection:
        assert read_settings(connection).contacts == {}
    for site, text in (("PEKK", "x"), ("PEK", "x" * 201), ("PEK", "a\nb")):
        assert planner(url, "site", "contact", site, "--call", text).returncode == 1
    with clinic.database.reading() as connection:
        assert read_settings(connection).contacts == {}
