"""What a calendar from outside says of our visits: the same, moved, an old copy, or for a person to look at."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from planner.exchange.outside.matching import site_zones, visits_by_uid
from planner.exchange.outside.proposing import passed_days, proposals_of
from planner.records.caller import Caller
from planner.records.changes import acts
from planner.records.revisions.scope import Scope
from planner.records.revisions.visit_revisions import visit_revisions
from planner.records.store.database import open_database
from tests.exchange.outside.clinic import KEY, Move, all_day, at, feed_file, look, moved, propose, uid, unlike
from tests.records.desk import FIRST_VECTOR, LATE, Desk, someone, texts
from tests.schedule.studies import china

BEFORE = date(2026, 3, 28)
LATER = datetime(2026, 4, 21, 9, tzinfo=UTC)
"""After everything that the desk wrote."""


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    database = open_database(sqlite_url)
    opened = Desk.opened(database)
    opened.enrol()
    opened.record_done(FIRST_VECTOR, on=BEFORE)
    yield opened
    database.close()


def book(desk: Desk, visit: str, day: str, clock: str = "", minutes: int | None = None, on: date = BEFORE) -> None:
    desk.record(acts.visit_booked(visit, date.fromisoformat(day), clock, minutes), on=on)


def kinds(desk: Desk, content: bytes) -> dict[str, str]:
    return {visit: finding.kind for visit, finding in unlike(look(desk, content)).items()}


def test_our_own_file_is_the_same_throughout(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-17", "09:30")
    found = look(desk, feed_file(desk).encode())
    assert set(found.counts) == {"same"}
    assert found.counts["same"] == 48
    assert found.not_ours == 0


def test_another_time_another_day_and_another_length(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-17", "09:30")
    book(desk, "ASSESS", "2026-04-30", "08:00", 45)
    file = feed_file(desk)
    found = unlike(
        look(
            desk,
            moved(
                file,
                Move("C3D1", at("2026-04-20", "10:15", "14:15")),
                Move("ASSESS", at("2026-04-30", "08:00", "08:30")),
                Move("C4D1", all_day("2026-05-09")),
                Move("C5D1", at("2026-05-29", "07:00", "11:00")),
            ),
        )
    )
    assert {visit: (str(one.day), str(one.at), one.minutes) for visit, one in found.items()} == {
        "C3D1": ("2026-04-20", "10:15:00", None),
        "ASSESS": ("2026-04-30", "08:00:00", 30),
        "C4D1": ("2026-05-09", "None", None),
        "C5D1": ("2026-05-29", "07:00:00", None),
    }
    assert {one.kind for one in found.values()} == {"moved"}
    assert found["C3D1"].text == "ulrrc/PEK-001 C3D1 is moved from Fri 2026-04-17 09:30 (240 min) to Mon 2026-04-20 10:15 (240 min)."


def test_the_same_moment_in_another_form_is_the_same(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-17", "09:30")
    file = feed_file(desk)
    for times in (
        ("DTSTART:20260417T013000Z", "DURATION:PT4H"),
        ("DTSTART;TZID=China Standard Time:20260417T093000", "DTEND:20260417T053000Z"),
        ("DTSTART:20260417T093000",),
        ("DTSTART;TZID=Europe/Berlin:20260417T033000", "DTEND;TZID=America/New_York:20260417T013000"),
    ):
        assert kinds(desk, moved(file, Move("C3D1", times))) == {}, times


def test_a_title_a_status_and_a_place_are_not_looked_at(desk: Desk) -> None:
    file = feed_file(desk)
    assert kinds(desk, moved(file, Move("C3D1", (), 3, LATER, ("LOCATION:Room 4", "CATEGORIES:x", "STATUS-X:1")))) == {}


def test_a_visit_that_became_an_all_day_one_loses_its_time(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-17", "09:30", 30)
    file = feed_file(desk)
    found = unlike(look(desk, moved(file, Move("C3D1", all_day("2026-04-18")))))["C3D1"]
    assert (found.kind, found.day, found.at, found.minutes) == ("moved", date(2026, 4, 18), None, None)
    assert kinds(desk, moved(file, Move("C3D1", all_day("2026-04-17")))) == {"C3D1": "older"}, "as before it was booked"


def test_a_day_that_outlook_writes_in_utc_is_the_same_day(desk: Desk) -> None:
    file = feed_file(desk)
    for more in ((), ("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",)):
        assert kinds(desk, moved(file, Move("C3D1", ("DTSTART:20260416T160000Z", "DTEND:20260417T160000Z"), more=more))) == {}
    found = unlike(look(desk, moved(file, Move("C3D1", ("DTSTART:20260417T160000Z", "DTEND:20260418T160000Z")))))["C3D1"]
    assert (found.kind, found.day, found.at, found.minutes) == ("moved", date(2026, 4, 18), None, None)


def test_a_visit_booked_from_midnight_to_midnight_is_the_same_in_our_own_file(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-17", "00:00", 1440)
    file = feed_file(desk)
    assert "DTSTART;TZID=Asia/Shanghai:20260417T000000" in file
    assert kinds(desk, file.encode()) == {}
    assert kinds(desk, moved(file, Move("C3D1", all_day("2026-04-18")))) == {"C3D1": "moved"}


# --- old copies -------------------------------------------------------------------------------------------------


def test_an_old_copy_never_moves_a_visit_back(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-16", "09:30")
    old = feed_file(desk)
    book(desk, "C3D1", "2026-04-20", "11:00", on=LATE)
    found = unlike(look(desk, old.encode()))
    assert found["C3D1"].kind == "older"
    assert "stays on Mon 2026-04-20 11:00 (240 min)" in found["C3D1"].text
    assert {one.kind for one in found.values()} == {"older"}, "visits that moved with it too"


@pytest.mark.parametrize("sequence", [0, 1, 2, 7])
def test_an_old_copy_whose_title_was_edited_before_we_moved_the_visit_is_old(desk: Desk, sequence: int) -> None:
    """Programs raise SEQUENCE for what they like, so a high one alone proves nothing."""
    book(desk, "C3D1", "2026-04-16", "09:30")
    old = feed_file(desk)
    book(desk, "C3D1", "2026-04-20", "11:00", on=LATE)
    edited = datetime(2026, 4, 20, 9, tzinfo=UTC)
    assert kinds(desk, moved(old, Move("C3D1", (), sequence, edited)))["C3D1"] == "older"


def test_a_copy_of_a_day_before_the_visit_was_booked_is_old(desk: Desk) -> None:
    old = feed_file(desk)
    book(desk, "C3D1", "2026-04-20", "11:00", on=LATE)
    assert kinds(desk, old.encode())["C3D1"] == "older"


def test_going_back_on_purpose_is_proposed_and_said(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-16", "09:30")
    book(desk, "C3D1", "2026-04-20", "11:00", on=LATE)
    present = feed_file(desk)
    for sequence in (None, 5):
        found = unlike(look(desk, moved(present, Move("C3D1", at("2026-04-16", "09:30", "13:30"), sequence, LATER))))["C3D1"]
        assert (found.kind, found.returns) == ("moved", True)
        assert "make sure that this is meant" in found.text
    for sequence, changed in ((0, LATER), (5, None)):
        found = unlike(look(desk, moved(present, Move("C3D1", at("2026-04-16", "09:30", "13:30"), sequence, changed))))["C3D1"]
        assert found.kind == "older"


def test_a_new_time_in_an_old_copy_is_proposed_and_says_so(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-16", "09:30")
    old = feed_file(desk)
    book(desk, "C3D1", "2026-04-20", "11:00", on=LATE)
    found = unlike(look(desk, moved(old, Move("C3D1", at("2026-04-16", "15:00", "19:00")))))["C3D1"]
    assert (found.kind, found.returns) == ("moved", False)
    assert "in a copy from before the date here last changed" in found.text


def test_an_old_length_is_old_and_a_new_one_is_not(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-16", "09:30", 30)
    old = feed_file(desk)
    book(desk, "C3D1", "2026-04-16", "09:30", 60, on=LATE)
    assert kinds(desk, old.encode()) == {"C3D1": "older"}
    assert kinds(desk, moved(old, Move("C3D1", at("2026-04-16", "09:30", "11:00")))) == {"C3D1": "moved"}


# --- off, done, gone --------------------------------------------------------------------------------------------


def test_what_is_cancelled_or_gone_there_is_told_and_never_written(desk: Desk) -> None:
    file = feed_file(desk)
    found = look(desk, moved(file.replace("STATUS:TENTATIVE", "STATUS:CANCELLED", 1)))
    assert found.counts["cancelled"] == 1
    start = file.index("BEGIN:VEVENT", file.index(uid("SIM")))
    without = file[:start] + file[file.index("END:VEVENT", start) + 12 :]
    missing = {uid(visit) for visit in desk.rows() if uid(visit) in file and uid(visit) not in without}
    assert len(missing) == 1
    assert look(desk, without.encode()).of("gone") == ()
    found = look(desk, without.encode(), [*missing, "other@else"])
    assert [one.uid for one in found.of("gone")] == list(missing)
    assert not found.of("moved")


def test_a_cancelled_old_copy_is_old(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-16", "09:30")
    old = moved(feed_file(desk), Move("C3D1", ())).decode()
    start = old.index(uid("C3D1"))
    old = old[:start] + old[start:].replace("STATUS:CONFIRMED", "STATUS:CANCELLED", 1)
    assert kinds(desk, old.encode()) == {"C3D1": "cancelled"}
    book(desk, "C3D1", "2026-04-20", "11:00", on=LATE)
    assert kinds(desk, old.encode())["C3D1"] == "older"


def test_a_visit_that_is_done_or_missed_stays_as_it_is(desk: Desk) -> None:
    file = feed_file(desk)
    desk.record(acts.visit_missed("C3D1", reason="no_show"))
    found = unlike(look(desk, moved(file, Move("C2D1", all_day("2026-03-30")), Move("F5", at("2026-03-20", "10:00", "10:45")))))
    assert {visit: found[visit].kind for visit in ("C2D1", "C3D1")} == {"C2D1": "settled", "C3D1": "settled"}
    assert "F5" not in found, "on its day, at whatever time"
    assert "is done: it is on Fri 2026-03-27 here, and on Mon 2026-03-30 there" in found["C2D1"].text
    assert "is recorded as missed here" in found["C3D1"].text
    assert "C3D1" not in kinds(desk, feed_file(desk).encode()), "the tombstone of our own"


def test_a_reminder_is_never_booked(desk: Desk) -> None:
    found = unlike(look(desk, moved(feed_file(desk), Move("CONTRA", at("2026-11-27", "10:00", "10:45")))))
    assert found["CONTRA"].kind == "settled"
    assert "is a reminder" in found["CONTRA"].text


# --- broken, twice, not ours --------------------------------------------------------------------------------------


def test_a_series_is_not_read_and_costs_no_other(desk: Desk) -> None:
    file = feed_file(desk)
    changed = moved(file, Move("C3D1", (), more=("RRULE:FREQ=DAILY",)), Move("C4D1", all_day("2026-05-09")))
    found = unlike(look(desk, changed))
    assert {visit: one.kind for visit, one in found.items()} == {"C3D1": "unreadable", "C4D1": "moved"}
    assert found["C3D1"].text.startswith("ulrrc/PEK-001 C3D1 is not read: it recurs")
    assert changed.splitlines()[found["C3D1"].line - 1] == b"BEGIN:VEVENT"


def test_the_hour_that_occurs_twice_cannot_be_booked_the_second_time(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    desk = Desk.opened(database, calendar=replace(china(), zone="Europe/Berlin"))
    desk.enrol()
    file = feed_file(desk)
    first, second = (look(desk, moved(file, Move("C3D1", (f"DTSTART:20261025T0{hour}3000Z", "DURATION:PT4H")))) for hour in (0, 1))
    assert [(one.kind, f"{one.at}") for one in (unlike(first)["C3D1"], unlike(second)["C3D1"])] == [
        ("moved", "02:30:00"),
        ("unreadable", "02:30:00"),
    ]
    assert "in the hour that the clock shows twice" in unlike(second)["C3D1"].text
    database.close()


def one_more(content: bytes, visit: str, times: tuple[str, ...]) -> bytes:
    """The file with a second copy of a visit, as Outlook adds one at each import."""
    copy = "".join(f"{line}\r\n" for line in ("BEGIN:VEVENT", f"UID:{uid(visit)}", *times, "SEQUENCE:0", "END:VEVENT"))
    return content.replace(b"END:VCALENDAR", copy.encode() + b"END:VCALENDAR")


def test_copies_of_one_visit_must_agree(desk: Desk) -> None:
    book(desk, "C3D1", "2026-04-16", "09:30")
    old_time = at("2026-04-16", "09:30", "13:30")
    book(desk, "C3D1", "2026-04-20", "11:00", on=LATE)
    file = feed_file(desk).encode()
    new_time = at("2026-04-21", "09:00", "13:00")
    moved_file = moved(file.decode(), Move("C3D1", new_time))
    assert kinds(desk, one_more(file, "C3D1", old_time)) == {}, "the old one does not count"
    assert kinds(desk, one_more(moved_file, "C3D1", old_time)) == {"C3D1": "moved"}
    assert kinds(desk, one_more(moved_file, "C3D1", new_time)) == {"C3D1": "moved"}
    assert kinds(desk, one_more(file, "C3D1", new_time)) == {"C3D1": "unreadable"}
    assert kinds(desk, one_more(moved_file, "C3D1", at("2026-04-22", "09:00", "13:00"))) == {"C3D1": "unreadable"}
    broken = look(desk, one_more(moved_file, "C3D1", ("DTSTART:soon",)))
    assert broken.counts["unreadable"] == 2
    assert not broken.of("moved")


def test_what_the_caller_may_not_read_is_not_ours(desk: Desk) -> None:
    changed = moved(feed_file(desk), Move("C3D1", all_day("2026-04-20")))
    found = look(desk, changed, scope=Scope(sites=frozenset({"SHA"}), conditional=True))
    assert (found.all, found.not_ours) == ((), 48)


def test_uids_are_those_of_the_feed(desk: Desk) -> None:
    with desk.database.reading() as connection:
        visits = visits_by_uid(visit_revisions(connection, Scope(conditional=True)), KEY)
    assert visits[uid("C3D1")].row.visit == "C3D1"
    assert set(site_zones(visits).values()) == {"Asia/Shanghai"}


# --- proposals --------------------------------------------------------------------------------------------------


def test_a_booking_keeps_what_the_clinic_did_not_move(desk: Desk) -> None:
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 17), "09:30", 90, "chair 3", "Ward 4"), on=BEFORE)
    found = look(desk, moved(feed_file(desk), Move("C3D1", at("2026-04-20", "10:00", "11:30"), more=("LOCATION:Li Wei, room 5",))))
    (proposal,) = propose(desk, found).proposals
    (fact,) = proposal.facts
    assert (fact.item, fact.day, fact.value) == ("C3D1", date(2026, 4, 20), "10:00")
    assert fact.details == {"minutes": 90, "resource": "chair 3", "place": "Ward 4"}
    assert (fact.reason, fact.note) == ("", "")
    found = look(desk, moved(feed_file(desk), Move("C3D1", at("2026-04-20", "10:00", "11:00"))))
    assert propose(desk, found).proposals[0].facts[0].details["minutes"] == 60


def test_a_booking_that_was_given_back_lends_nothing(desk: Desk) -> None:
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 17), "09:30", 90, "chair 3", "Ward 4"), on=BEFORE)
    desk.record(acts.booking_released("C3D1"), on=BEFORE)
    found = look(desk, moved(feed_file(desk), Move("C3D1", at("2026-04-20", "10:00", "14:00"))))
    assert propose(desk, found).proposals[0].facts[0].details == {}


def test_visits_of_one_subject_are_one_act_and_a_refusal_stops_no_other(desk: Desk) -> None:
    desk.enrol("PEK-002")
    desk.enrol("PEK-003")
    late = moved(
        feed_file(desk),
        Move("C3D1", all_day("2026-04-20")),
        Move("C4D1", all_day("2026-05-12")),
        Move("C3D1", all_day("1985-04-20"), number="PEK-002"),
        Move("C4D1", all_day("2026-05-12"), number="PEK-002"),
        Move("C3D1", all_day("2026-04-21"), number="PEK-003"),
    )
    proposed = propose(desk, look(desk, late))
    assert [(proposal.subject.number, [fact.item for fact in proposal.facts]) for proposal in proposed.proposals] == [
        ("PEK-001", ["C3D1", "C4D1"]),
        ("PEK-003", ["C3D1"]),
    ]
    (refused,) = proposed.refused
    assert (refused.subject.number, refused.visits) == ("PEK-002", ("C3D1", "C4D1"))
    assert "1985-04-20" in refused.messages[0]


@pytest.mark.parametrize(("visit", "day"), [("C3D1", "2026-03-26"), ("C3D1", "2026-03-27"), ("C5D1", "2026-03-27"), ("C3D1", "2025-04-17")])
def test_on_or_before_a_recorded_lower_cycle_is_refused(desk: Desk, visit: str, day: str) -> None:
    """Of a series; a visit that is not recorded, one of another series and a day after it forbid nothing."""
    found = look(desk, moved(feed_file(desk), Move(visit, all_day(day)), Move("ASSESS", all_day("2026-05-04"))))
    proposed = propose(desk, found, on=BEFORE)
    assert proposed.proposals == ()
    (refused,) = proposed.refused
    assert refused.visits == ("ASSESS", visit) or refused.visits == (visit, "ASSESS")
    assert refused.messages == (f"{visit} cannot be booked: {day} is not after C2D1, recorded on 2026-03-27; check both dates.",)


def test_after_a_recorded_lower_cycle_or_before_an_unrecorded_one_is_proposed(desk: Desk) -> None:
    for visit, day in (("C3D1", "2026-03-28"), ("C5D1", "2026-04-01"), ("ASSESS", "2026-03-26")):
        proposed = propose(desk, look(desk, moved(feed_file(desk), Move(visit, all_day(day)))), on=BEFORE)
        assert [fact.item for proposal in proposed.proposals for fact in proposal.facts] == [visit], proposed.refused


def test_a_day_that_has_passed_is_warned_of_first(desk: Desk) -> None:
    """By the date of the site, where a new day has begun while it is still yesterday in UTC."""
    found = look(desk, moved(feed_file(desk), Move("C3D1", all_day("2026-04-01"))))
    warnings = texts(propose(desk, found, on=date(2026, 4, 2)).proposals[0])
    assert warnings[0] == (
        "C3D1: Wed 2026-04-01 has passed (today is 2026-04-02 at PEK). "
        "If the visit took place then, record it as done instead of booking it."
    )
    for now, is_past in ((datetime(2026, 4, 1, 15, 59, tzinfo=UTC), False), (datetime(2026, 4, 1, 16, tzinfo=UTC), True)):
        with desk.database.reading() as connection:
            (proposal,) = proposals_of(connection, Caller("nurse", now), found.of("moved")).proposals
            passed = passed_days(connection, Caller("nurse", now), found.of("moved"))
        assert any("has passed" in text for text in texts(proposal)) is is_past
        assert passed == (found.of("moved") if is_past else ())


def test_what_is_refused_is_no_day_for_a_person_to_confirm(desk: Desk) -> None:
    found = look(desk, moved(feed_file(desk), Move("C3D1", all_day("2026-03-20")))).of("moved")
    with desk.database.reading() as connection:
        assert passed_days(connection, someone(LATE), found) == ()


def test_a_visit_that_hangs_on_an_open_decision_is_warned_of(desk: Desk) -> None:
    found = look(desk, moved(feed_file(desk), Move("M1", all_day("2026-06-23")), Move("C3D1", all_day("2026-04-20"))))
    (proposal,) = propose(desk, found, on=BEFORE).proposals
    said = "M1 hangs on an open decision: whether it takes place at all is not known yet."
    assert [text for text in texts(proposal) if "decision" in text] == [said]


def test_who_may_not_book_gets_no_proposal(desk: Desk) -> None:
    desk.grant(("reader", "reader", "PEK"), ("nurse", "nurse", "PEK"))
    found = look(desk, moved(feed_file(desk), Move("C3D1", all_day("2026-04-20"))))
    refused = propose(desk, found, who="reader")
    assert refused.proposals == ()
    assert "may not book visits at PEK" in refused.refused[0].messages[0]
    assert len(propose(desk, found).proposals) == 1


def test_the_day_is_the_site_s(desk: Desk) -> None:
    """Seen from elsewhere it is still the day before."""
    found = unlike(look(desk, moved(feed_file(desk), Move("C3D1", ("DTSTART:20260419T233000Z", "DURATION:PT4H")))))["C3D1"]
    assert (found.day, found.at and found.at.isoformat("minutes")) == (date(2026, 4, 20), "07:30")
    assert timedelta(0) == found.event.start - datetime(2026, 4, 19, 23, 30, tzinfo=UTC)  # type: ignore[union-attr, operator]
