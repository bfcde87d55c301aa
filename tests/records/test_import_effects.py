"""What an import would do to visits: as one proposal after the other says it, the worst first, and of enrolled subjects alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.records.caller import Caller
from planner.records.changes.change import propose
from planner.records.changes.impact import subject_impact
from planner.records.facts.fact import SubjectKey
from planner.records.imports import effects
from planner.records.imports.effects import foreseen, import_effects
from planner.records.store.database import Database
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.test_import import LOCAL, dates, do_dates, grant, make_store, subjects

database_url = mostly_sqlite_url

ROWS = """\
SHA-001,C1D1,2026-03-02,,
PEK-002,SCR,2026-03-05,,
PEK-002,C1D1,2026-03-25,,
PEK-001,C1D1,2025-05-02,,
"""


@pytest.fixture
def store(filled: Callable[[Fill], Database]) -> Database:
    """Two sites with three subjects."""
    return filled(make_store)


def test_many_subjects_with_facts_of_their_own_are_as_one_by_one(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "SUBJECTS_AT_ONCE", 2)
    plan = dates(store, ROWS)
    assert plan.acts
    with store.reading() as connection:
        found = list(foreseen(connection, LOCAL, plan))
        for each, site_act in zip(found, plan.acts, strict=True):
            alone = propose(connection, LOCAL, site_act.act.subject, site_act.act.facts)
            several = each.proposal
            assert (several.subject, several.before, several.after) == (alone.subject, alone.before, alone.after)
            assert several.moves == alone.moves
            assert [str(warning.text) for warning in several.warnings] == [str(warning.text) for warning in alone.warnings]
        done: list[tuple[int, int]] = []
        lines = import_effects(connection, LOCAL, plan, lambda now, count: done.append((now, count)))
    assert {line.subject: line for line in lines} == {each.proposal.subject: subject_impact(each.proposal) for each in found}
    assert [line.subject.number for line in lines] == ["PEK-001", "PEK-002", "SHA-001"]
    assert done == [(2, 3)]


def test_a_visit_long_before_the_others_moves_them_and_is_warned_of(store: Database) -> None:
    plan = dates(store, "PEK-001,C1D1,2025-05-02,,\n")
    with store.reading() as connection:
        (line,) = import_effects(connection, LOCAL, plan)
        (each,) = foreseen(connection, LOCAL, plan, [SubjectKey("ulrrc", "PEK-001")])
        assert not list(foreseen(connection, LOCAL, plan, [SubjectKey("ulrrc", "SHA-001")]))
    assert line.moved > 20 and line.furthest < -250 and line.warnings == len(each.proposal.warnings) > 0
    assert each.protocol.id == "ulrrc"


def test_who_is_new_or_refused_or_recorded_has_no_line(store: Database) -> None:
    def lines(plan: object) -> object:
        with store.reading() as connection:
            return import_effects(connection, LOCAL, plan)  # type: ignore[arg-type]

    assert not lines(subjects(store, "subject,start,site\nPEK-009,2026-03-02,PEK\n"))
    assert not lines(dates(store, "PEK-001,C1D1,2026-03-02,,\nPEK-777,C1D1,2026-03-02,,\n"))
    do_dates(store, "PEK-001,C1D1,2026-03-02,,\n")
    assert not lines(dates(store, "PEK-001,C1D1,2026-03-02,,\n"))


def test_nobody_sees_whom_they_may_not_read(store: Database) -> None:
    plan = dates(store, ROWS)
    grant(store, ("reader", "reader", "SHA"))
    with store.reading() as connection:
        assert [each.proposal.subject.number for each in foreseen(connection, Caller("reader", LOCAL.now), plan)] == ["SHA-001"]
