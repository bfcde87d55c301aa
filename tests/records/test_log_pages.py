"""The log in pages, newest first, for whoever may read it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from planner.records.caller import Caller
from planner.records.facts.fact import ADMINISTRATION, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.people.administration import append_administration, grant_role, settings_to_change
from planner.records.people.rights import NotAllowedError
from planner.records.proof import log_pages
from planner.records.proof.log_pages import LogPage, WantedFacts, facts_before, facts_from
from planner.records.store.database import Database, open_database
from planner.records.store.log import read_facts

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
BOSS, NURSE, NOBODY = (Caller(who, NOW) for who in ("boss1", "nurse1", "nobody1"))
ALL = WantedFacts()


@pytest.fixture
def demo(demo_sqlite_url: str) -> Database:
    database = open_database(demo_sqlite_url)
    for person, role, site in (("boss1", "administrator", "*"), ("nurse1", "nurse", "BEI")):
        with database.writing() as connection:
            append_administration(connection, BOSS, [grant_role(settings_to_change(connection, BOSS), person, role, site)])
    return database


def before(demo: Database, caller: Caller, wanted: WantedFacts = ALL, position: int | None = None, most: int = 50) -> LogPage:
    with demo.reading() as connection:
        return facts_before(connection, caller, wanted, position, most)


def after(demo: Database, caller: Caller, position: int, wanted: WantedFacts = ALL, most: int = 50) -> LogPage:
    with demo.reading() as connection:
        return facts_from(connection, caller, wanted, position, most)


def places(page: LogPage) -> list[int]:
    return [fact.position for fact in page.facts]


def everything(demo: Database) -> list[int]:
    with demo.reading() as connection:
        return [fact.position for fact in read_facts(connection)][::-1]


@pytest.mark.parametrize("most", [1, 7, 50, 100_000])
def test_pages_give_every_fact_once(demo: Database, most: int) -> None:
    expected = everything(demo)
    if most < 7:
        expected = expected[:20]
    found: list[int] = []
    page = before(demo, BOSS, most=most)
    assert not page.has_newer
    while len(found) < len(expected):
        found += places(page)
        if not page.has_older:
            break
        page = before(demo, BOSS, ALL, page.facts[-1].position, most)
        assert page.has_newer
    assert found == expected


def test_forward_and_back_meet(demo: Database) -> None:
    newest = before(demo, BOSS)
    older = before(demo, BOSS, ALL, newest.facts[-1].position)
    assert places(after(demo, BOSS, older.facts[0].position + 1)) == places(newest)
    assert places(after(demo, BOSS, 1, most=10)) == list(range(10, 0, -1))
    assert not after(demo, BOSS, 1, most=10).has_older
    assert after(demo, BOSS, 1, most=10).has_newer


def test_what_is_looked_for(demo: Database) -> None:
    with demo.reading() as connection:
        facts = read_facts(connection)
    of = next(fact.subject for fact in facts if fact.subject != ADMINISTRATION)
    day = facts[len(facts) // 2].recorded_at.date()
    for wanted, expected in (
        (WantedFacts(log=of), [fact for fact in facts if fact.subject == of]),
        (WantedFacts(log=ADMINISTRATION), [fact for fact in facts if fact.subject == ADMINISTRATION]),
        (WantedFacts(kind=Kind.BOOKED), [fact for fact in facts if fact.kind is Kind.BOOKED]),
        (WantedFacts(who="boss1"), [fact for fact in facts if fact.who == "boss1"]),
        (WantedFacts(day=day), [fact for fact in facts if fact.recorded_at.date() == day]),
        (WantedFacts(log=SubjectKey("no", "one")), []),
        (WantedFacts(day=date(1999, 1, 1)), []),
    ):
        page = before(demo, BOSS, wanted, most=100_000)
        assert places(page) == [fact.position for fact in expected][::-1]
        assert page.is_whole_log


def test_others_read_the_logs_of_their_subjects_only(demo: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    # Several queries, as in a long log.
    monkeypatch.setattr(log_pages, "_AT_ONCE", 100)
    page = before(demo, NURSE, most=100_000)
    assert not page.is_whole_log
    assert page.facts
    assert {fact.subject.number[:3] for fact in page.facts} == {"BEI"}
    paged: list[int] = []
    part = before(demo, NURSE, most=40)
    while True:
        paged += places(part)
        if not part.has_older:
            break
        part = before(demo, NURSE, ALL, part.facts[-1].position, 40)
    assert paged == places(page)
    hidden = next(fact.subject for fact in before(demo, BOSS, most=100_000).facts if fact.subject.number.startswith("NYC"))
    assert before(demo, NURSE, WantedFacts(log=hidden)).facts == ()


def test_nobody_else_reads_anything(demo: Database) -> None:
    with pytest.raises(NotAllowedError):
        before(demo, NOBODY)
    with pytest.raises(NotAllowedError, match="audit"):
        before(demo, NURSE, WantedFacts(log=ADMINISTRATION))
    with pytest.raises(NotAllowedError):
        after(demo, replace(NOBODY, who="somebody2"), 1)
