"""Taking back: the old calendar comes back, and the log keeps both facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from planner.records.changes import acts
from planner.records.changes.proposal import RefusedError
from planner.records.changes.undoing import undone_fact, undone_last_act
from planner.records.facts.kinds import Kind
from planner.records.facts.wording import in_words
from planner.records.store.database import Database
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.desk import FIRST_VECTOR, LATE, Desk, dates

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url

REASON = "transcription_error"


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    """A site with one subject, up to the second cycle."""
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    opened = Desk.opened(database)
    opened.enrol()
    opened.record_done(FIRST_VECTOR)


def test_undo_brings_the_old_calendar_back(desk: Desk) -> None:
    """The worked example: C3D1 recorded late, then taken back; both facts stay."""
    before, log = desk.view().rows, desk.facts()
    recorded = desk.record(acts.visit_done("C3D1", LATE, reason="toxicity"))
    undone = desk.record(undone_last_act(desk.facts(), reason=REASON))
    assert dates(undone) == {visit: (after, earlier) for visit, (earlier, after) in dates(recorded).items()}
    assert desk.view().rows == before
    assert [in_words(fact.said) for fact in desk.facts()[len(log) :]] == ["C3D1 done on 2026-04-21", f"fact {len(log) + 1} taken back"]


def test_undo_of_an_undo(desk: Desk) -> None:
    """Brings the fact back; the fact itself, no longer in force, cannot be replaced."""
    desk.record(acts.visit_done("C3D1", LATE, reason="toxicity"))
    recorded = desk.view().rows
    number = desk.facts()[-1].number
    desk.record(undone_last_act(desk.facts(), reason=REASON))
    (message,) = desk.refused(undone_fact(desk.facts(), number, reason=REASON))
    assert message == (
        f"Fact {number} (C3D1 done on 2026-04-21) is no longer in force. "
        f"Correct or take back fact {number + 1} instead (fact {number} taken back)."
    )
    desk.record(undone_fact(desk.facts(), number + 1, reason=REASON))
    assert desk.view().rows == recorded


def test_undo_of_an_undo_where_it_was_recorded_anew(desk: Desk) -> None:
    """Then two would be in force."""
    desk.record(acts.visit_done("C3D1", LATE, reason="toxicity"))
    number = desk.facts()[-1].number
    desk.record(undone_last_act(desk.facts(), reason=REASON))
    desk.record(acts.visit_done("C3D1", date(2026, 4, 20)))
    (message,) = desk.refused(undone_fact(desk.facts(), number + 1, reason=REASON))
    assert message.startswith("C3D1 is recorded as done on 2026-04-21")


def test_undo_takes_a_whole_act_and_then_the_one_before(desk: Desk) -> None:
    """A visit with what was omitted is one act; undone acts are passed over."""
    before = desk.view().rows
    desk.record(acts.visit_missed("SCR", reason="no_show"))
    missed = desk.view().rows
    desk.record(acts.visit_done("C3D1", LATE, ["PD1"], reason="drug_supply"))
    desk.record(undone_last_act(desk.facts(), reason=REASON))
    assert desk.view().rows == missed
    desk.record(undone_last_act(desk.facts(), reason=REASON))
    assert desk.view().rows == before
    assert len({fact.act for fact in desk.facts()[-3:]}) == 2


def test_undo_of_a_correction(desk: Desk) -> None:
    """Brings back what was corrected."""
    number = desk.facts()[-1].number
    desk.record(acts.corrected(desk.facts(), number, day=date(2026, 3, 30), reason=REASON))
    desk.record(undone_last_act(desk.facts(), reason=REASON))
    assert desk.view().state.facts.actual["C2D1"] == date(2026, 3, 27)


def test_undo_needs_a_reason(desk: Desk) -> None:
    """As every correction does."""
    (message,) = set(desk.refused(undone_fact(desk.facts(), 3)))
    assert message == "Taking back fact 3 needs a reason. Pick one from the list."


def test_enrolment_is_undone_last(desk: Desk) -> None:
    """Only once nothing else is in force; its own act goes with it, and both come back."""
    (message,) = desk.refused(undone_fact(desk.facts(), 1, reason="wrong_subject"))
    assert message.startswith("An enrolment is taken back only when nothing else is recorded; still in force: fact 2, 3, 4")
    before = desk.view().rows
    desk.record(undone_last_act(desk.facts(), reason=REASON))
    proposal = desk.record(undone_last_act(desk.facts(), reason="wrong_subject"))
    assert proposal.after == () and len(proposal.moves) == len(proposal.before)
    with pytest.raises(RefusedError, match="Nothing is in force"):
        undone_last_act(desk.facts(), reason=REASON)
    back = [fact.number for fact in desk.facts() if fact.kind is Kind.UNDONE]
    desk.record([fact for number in reversed(back) for fact in undone_fact(desk.facts(), number, reason=REASON)])
    assert desk.view().rows == before


def test_no_such_fact(desk: Desk) -> None:
    """Named with what there is."""
    with pytest.raises(RefusedError, match="There is no fact 99; this subject has facts 1 to 10"):
        undone_fact(desk.facts(), 99, reason=REASON)


def test_only_one_version_of_a_record_is_brought_back(desk: Desk) -> None:
    """A hold corrected twice, then the corrections undone one by one: the first undo cannot be undone beside the first version."""
    desk.record(acts.hold_started(date(2026, 4, 1), resume=date(2026, 5, 12), reason="toxicity"))
    number = desk.facts()[-1].number
    desk.record(acts.corrected(desk.facts(), number, until_day=date(2026, 5, 14), reason=REASON))
    desk.record(acts.corrected(desk.facts(), number + 1, until_day=date(2026, 5, 18), reason=REASON))
    desk.record(undone_fact(desk.facts(), number + 2, reason=REASON))
    desk.record(undone_fact(desk.facts(), number + 1, reason=REASON))
    assert [hold.resume for hold in desk.view().state.facts.holds] == [date(2026, 5, 12)]
    (message,) = desk.refused(undone_fact(desk.facts(), number + 3, reason=REASON))
    assert "two versions of one record" in message
    assert [hold.resume for hold in desk.view().state.facts.holds] == [date(2026, 5, 12)]
