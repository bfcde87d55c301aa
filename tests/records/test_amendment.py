"""Another version of the protocol: every visit before and after, done visits as they were, what no longer fits shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from planner.records.changes import acts
from planner.records.changes.amendment import propose_amendment
from planner.records.changes.change import save_all
from planner.records.changes.proposal import Proposal, RefusedError
from planner.records.changes.undoing import undone_last_act
from planner.records.facts.fact import NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.people.rights import NotAllowedError
from planner.records.store.database import Database
from planner.records.store.log import head
from planner.schedule.facts import Booking
from tests.records.amendments import TEXTS, amended_texts
from tests.records.databases import Fill, mostly_sqlite_url
from tests.records.desk import FIRST_VECTOR, LATE, SUBJECT, Desk, dates, someone, texts

# These rules stand above the log, which is the same on both engines: PostgreSQL in the long tests.
database_url = mostly_sqlite_url

LONGER_CYCLES = TEXTS["ulrrc"].replace("CAPOX: {cycle: 21d,", "CAPOX: {cycle: 28d,")
OTHER = SubjectKey("ulrrc", "PEK-002")


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    """A site with two subjects, one of them up to the second cycle."""
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    opened = Desk.opened(database)
    opened.enrol()
    opened.enrol("PEK-002", parameters={"regimen": "FOLFOXIRI"})
    opened.record_done(FIRST_VECTOR)


def proposed(
    desk: Desk, text: str, subjects: Sequence[SubjectKey] = (SUBJECT,), who: str = "nurse", **given: object
) -> tuple[Proposal, ...]:
    """The proposals of an amendment."""
    with desk.database.reading() as connection:
        return propose_amendment(connection, someone(who=who), text, "ulrrc.yaml", subjects, **given)  # type: ignore[arg-type]


def refused(desk: Desk, text: str, subjects: Sequence[SubjectKey] = (SUBJECT,), **given: object) -> tuple[str, ...]:
    """Why an amendment is refused."""
    with pytest.raises(RefusedError) as caught:
        proposed(desk, text, subjects, **given)
    return caught.value.messages


def save_together(desk: Desk, proposals: Sequence[Proposal], who: str = "nurse") -> None:
    """Write them in one transaction."""
    with desk.database.writing() as connection:
        save_all(connection, someone(who=who), proposals)


def test_done_visits_stay_and_the_rest_moves(desk: Desk) -> None:
    """Cycles of 28 days from now on."""
    (proposal,) = proposed(desk, LONGER_CYCLES)
    assert dates(proposal)["C3D1"] == ("04-17", "04-24")
    assert dates(proposal)["C4D1"] == ("05-08", "05-22")
    done_before, done_after = (
        {row.visit: row.effective for row in rows if row.status == "done"} for rows in (proposal.before, proposal.after)
    )
    assert done_before == done_after and set(FIRST_VECTOR) <= set(done_after)
    save_together(desk, [proposal])
    view = desk.view()
    assert view.rows == proposal.after
    assert view.facts[-1].kind is Kind.PROTOCOL_AMENDED and view.facts[-1].said.reason == "protocol_amendment"
    assert dates(desk.record(undone_last_act(desk.facts(), reason="transcription_error")))["C3D1"] == ("04-24", "04-17")


def test_many_at_once_are_as_one_by_one(desk: Desk) -> None:
    """The same before, after, moves and warnings as each subject's own."""
    together = proposed(desk, amended_texts("ulrrc")[2], [SUBJECT, OTHER])
    alone = [proposed(desk, amended_texts("ulrrc")[2], [subject])[0] for subject in (SUBJECT, OTHER)]
    assert list(together) == alone
    assert [proposal.before for proposal in together] == [desk.view(subject).rows for subject in (SUBJECT, OTHER)]
    save_together(desk, together)
    assert [proposal.after for proposal in together] == [desk.view(subject).rows for subject in (SUBJECT, OTHER)]


def test_what_no_longer_fits_is_shown(desk: Desk) -> None:
    """A regimen that the new version no longer has: told, kept in the log, no part of the dates."""
    (proposal,) = proposed(desk, amended_texts("ulrrc")[2], [OTHER])
    (unfit,) = proposal.unfit
    assert desk.facts(OTHER)[unfit.number - 1].said.value == "FOLFOXIRI"
    assert any(text.startswith(f"Fact {unfit.number} no longer fits: FOLFOXIRI is not a choice of regimen") for text in texts(proposal))
    save_together(desk, [proposal])
    assert [fact.number for fact in desk.view(OTHER).unfit] == [unfit.number]
    desk.record(acts.corrected(desk.facts(OTHER), unfit.number, value="CAPOX", reason="protocol_amendment"), OTHER)
    assert desk.view(OTHER).unfit == ()


def test_parameters_set_with_it(desk: Desk) -> None:
    """In the same act; unknown ones are refused."""
    (proposal,) = proposed(desk, amended_texts("ulrrc")[2], [OTHER], parameters={"regimen": "CAPOX"})
    save_together(desk, [proposal])
    amended, regimen = desk.facts(OTHER)[-2:]
    assert amended.act == regimen.act
    assert desk.view(OTHER).state.facts.parameters["regimen"] == "CAPOX"
    assert desk.view(OTHER).rows == proposal.after
    assert refused(desk, LONGER_CYCLES, parameters={"regime": "CAPOX"}) == ("There is no parameter regime; did you mean regimen?",)


def test_bookings_keep_their_day(desk: Desk) -> None:
    """And are told where they no longer fit."""
    desk.record(acts.visit_booked("C3D1", LATE.replace(day=17), "09:30"))
    (proposal,) = proposed(desk, LONGER_CYCLES)
    assert "C3D1 stays booked on 2026-04-17, now 4 days before its window begins (2026-04-21)." in texts(proposal)
    save_together(desk, [proposal])
    assert isinstance(desk.view().state.facts.booked["C3D1"], Booking)
    assert desk.view().rows == proposal.after


def test_same_plan_needs_no_amendment(desk: Desk) -> None:
    """Comments and layout; subjects on another plan are amended all the same."""
    assert refused(desk, TEXTS["ulrrc"] + "\n# a comment\n") == (
        "Nothing needs amending: the file compiles to the plan that these subjects follow already.",
    )
    save_together(desk, proposed(desk, LONGER_CYCLES))
    assert [proposal.subject for proposal in proposed(desk, LONGER_CYCLES, [SUBJECT, OTHER])] == [OTHER]


INDUCTION = "cycles_before: {label: Cycles before radiotherapy, range: 1..6, default: 1}"
LIVER = SubjectKey("crlm", "PEK-003")


def amended_liver(desk: Desk, text: str, **given: object) -> tuple[Proposal, ...]:
    """The proposals of an amendment of the second study for its subject."""
    with desk.database.reading() as connection:
        return propose_amendment(connection, someone(), text, "crlm.yaml", [LIVER], **given)  # type: ignore[arg-type]


def test_parameters_set_with_it_make_no_other_visit_of_a_recorded_one(desk: Desk) -> None:
    """R10: as where the parameter is set alone, so an amendment is no way round."""
    desk.enrol("PEK-003", "crlm", parameters={"cycles_before": "2"})
    desk.record_done({"C1D1": "2026-03-02", "C2D1": "2026-03-16"}, LIVER)
    text = TEXTS["crlm"] + "# a comment\n"
    with pytest.raises(RefusedError) as caught:
        amended_liver(desk, text, parameters={"cycles_before": "1"})
    (message,) = caught.value.messages
    assert message.startswith(
        "crlm/PEK-003: C2D1 is recorded as done on 2026-03-16, and with the other version of the protocol, cycles_before = 1 "
        "that id would be a visit of the series CHEMO."
    )
    (proposal,) = amended_liver(desk, text, parameters={"cycles_after": "3"})
    assert "C2D1" in {row.visit for row in proposal.after if row.status == "done"}


def test_another_default_makes_no_other_visit_of_a_recorded_one(desk: Desk) -> None:
    """R10: with nothing set, C2D1 would become a cycle before radiotherapy. Undoing such an amendment is no way round either."""
    desk.enrol("PEK-003", "crlm")
    desk.record_done({"C1D1": "2026-03-02"}, LIVER)
    assert INDUCTION in TEXTS["crlm"]
    text = TEXTS["crlm"].replace(INDUCTION, INDUCTION.replace("default: 1", "default: 2"))
    save_together(desk, amended_liver(desk, text))
    desk.record_done({"C2D1": "2026-03-16"}, LIVER)
    amended = next(fact.number for fact in desk.facts(LIVER) if fact.kind is Kind.PROTOCOL_AMENDED)
    (message,) = desk.refused([NewFact(Kind.UNDONE, replaces=amended, reason="transcription_error")], LIVER)
    assert "the other version of the protocol, cycles_before = 1 that id would be a visit of the series CHEMO" in message
    other = desk.enrol("PEK-004", "crlm")
    desk.record_done({"C1D1": "2026-03-02", "C2D1": "2026-04-08"}, other)
    with desk.database.reading() as connection, pytest.raises(RefusedError, match="crlm/PEK-004: C2D1 is recorded as done on 2026-04-08"):
        propose_amendment(connection, someone(), text, "crlm.yaml", [LIVER, other])


def test_a_recorded_visit_that_the_new_version_does_not_know_is_shown(desk: Desk) -> None:
    """It does not fit, as the parameter that it came from does not; nothing is refused."""
    desk.record(acts.parameter_set("cycles", "6", reason="investigator_decision"))
    desk.record(acts.visit_booked("C7D1", LATE.replace(month=7)))
    assert "range: 3..6, default: 4" in TEXTS["ulrrc"]
    (proposal,) = proposed(desk, TEXTS["ulrrc"].replace("range: 3..6, default: 4", "range: 3..5, default: 4"))
    assert [unfit.why[:25] for unfit in proposal.unfit] == ["6 is not allowed for cycl", "there is no visit C7D1; d"]


def test_what_is_refused(desk: Desk) -> None:
    """A file of another study, subjects of another study or of none, a note that tells who somebody is."""
    assert refused(desk, TEXTS["crlm"]) == ("The file is a protocol of crlm, and ulrrc/PEK-001 is of another study. Give its own file.",)
    assert refused(desk, LONGER_CYCLES, [SubjectKey("ulrrc", "PEK-404")]) == ("There is no subject ulrrc/PEK-404. Check the number.",)
    assert refused(desk, LONGER_CYCLES, []) == ("No subject is chosen. Name those whose protocol is amended.",)
    assert "a phone number" in refused(desk, LONGER_CYCLES, note="phone 138 1234 5678")[0]
    third = desk.enrol("PEK-003", milestones={})
    desk.record(undone_last_act(desk.facts(third), reason="wrong_subject"), third)
    assert refused(desk, LONGER_CYCLES, [SUBJECT, third])[0].startswith("The enrolment of ulrrc/PEK-003 was taken back")


def test_all_or_none(desk: Desk) -> None:
    """Somebody wrote about one of them meanwhile: none is amended."""
    proposals = proposed(desk, LONGER_CYCLES, [SUBJECT, OTHER])
    desk.record(acts.noted("seen today"), OTHER)
    with desk.database.reading() as connection:
        before = head(connection)
    with pytest.raises(Exception, match="ulrrc/PEK-002 was changed meanwhile"):
        save_together(desk, proposals)
    with desk.database.reading() as connection:
        assert head(connection) == before


def test_rights(desk: Desk) -> None:
    """Investigators amend."""
    desk.grant(("nurse", "coordinator", "PEK"), ("doctor", "investigator", "PEK"))
    with pytest.raises(NotAllowedError, match="amend the protocol of subjects"):
        proposed(desk, LONGER_CYCLES)
    proposals = proposed(desk, LONGER_CYCLES, who="doctor")
    with pytest.raises(NotAllowedError):
        save_together(desk, proposals)
    save_together(desk, proposals, who="doctor")
    assert desk.facts()[-1].role == "investigator"
