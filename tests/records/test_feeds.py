"""Feeds in the administration log: who may have which, their tokens, and what leaves in exports."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from planner.records.changes import acts
from planner.records.errors import RecordsError
from planner.records.facts.account import AccountError
from planner.records.facts.fact import ADMINISTRATION, NewFact, SubjectKey
from planner.records.facts.kinds import FEED_KINDS, Kind
from planner.records.feeds.feed import Feed, FeedKind
from planner.records.feeds.granting import (
    FeedError,
    IssuedFeed,
    feeds_of,
    make_feed,
    new_token,
    own_feed,
    revoke_feed,
    rotate_feed,
    token_hash,
)
from planner.records.feeds.log_end import LogEnd, is_touched, log_end
from planner.records.feeds.scope_of import scope_of
from planner.records.people.administration import AdministrationError, append_administration, grant_role, revoke_role
from planner.records.people.rights import NotAllowedError
from planner.records.people.settings import Settings, UnknownSiteError, read_settings
from planner.records.proof.anonymise import anonymised
from planner.records.proof.archive import export_all
from planner.records.proof.restore import restore_all
from planner.records.revisions.scope import Scope
from planner.records.store.database import Database, open_database
from planner.records.store.log import UnknownSubjectError, read_facts
from planner.records.traces.feed_uses import last_uses, note_use
from tests.records.databases import Fill
from tests.records.desk import Desk, someone
from tests.records.sample_log import audited
from tests.schedule.studies import china

LATER = date(2026, 4, 22)


@pytest.fixture
def desk(filled: Callable[[Fill], Database]) -> Desk:
    """Two sites, a subject at each, and people with roles."""
    return Desk(filled(_write_desk))


def _write_desk(database: Database) -> None:
    desk = Desk.opened(database, "PEK", "SHA")
    desk.enrol("PEK-001")
    desk.enrol("SHA-001", site="SHA")
    desk.grant(("nurse", "nurse", "PEK"), ("reader", "reader", "PEK"), ("far", "reader", "SHA"), ("chief", "reader", "*"))


def made(desk: Desk, by: str = "nurse", person: str = "", purpose: str = "phone", kind: FeedKind = "site", of: str = "PEK") -> IssuedFeed:
    with desk.database.writing() as connection:
        return make_feed(connection, someone(who=by), Feed("", person or by, purpose, kind, of, ""))


def settings_of(desk: Desk) -> Settings:
    with desk.database.reading() as connection:
        return read_settings(connection)


def scope_now(desk: Desk, code: str) -> Scope | None:
    settings = settings_of(desk)
    return scope_of(settings, settings.feeds[code])


# --- making ---------------------------------------------------------------------------------------------------


def test_everybody_may_have_feeds_of_what_they_may_read(desk: Desk) -> None:
    issued = made(desk, "reader")
    assert settings_of(desk).feeds == {"F1": issued.feed}
    assert (issued.feed.code, issued.feed.person, issued.feed.of) == ("F1", "reader", "PEK")
    assert made(desk, "nurse", kind="subject", of="PEK-001").feed.of == "ulrrc/PEK-001"
    assert made(desk, "far", kind="study", of="ULRRC").feed.of == "ulrrc"
    assert made(desk, "chief", kind="resource", of="SHA/linac").feed.of == "SHA/linac"
    assert audited(desk.database).faults == ()


def test_all_that_is_said_of_a_feed_is_kept(desk: Desk) -> None:
    wanted = Feed("", "nurse", "windows-2", "study", "ulrrc", "", "window", ("visit",), "zh-CN", True, 0, 3660)
    with desk.database.writing() as connection:
        issued = make_feed(connection, someone(), wanted)
    assert settings_of(desk).feeds["F1"] == issued.feed == replace(wanted, code="F1", token_hash=token_hash(issued.token))
    with desk.database.writing() as connection:
        silent = make_feed(connection, someone(), replace(wanted, purpose="b", summary=(), conditional=False))
    assert settings_of(desk).feeds["F2"] == silent.feed
    assert silent.feed.summary == ()


@pytest.mark.parametrize(
    ("by", "kind", "of", "error", "why"),
    [
        ("nurse", "site", "SHA", UnknownSiteError, "There is no site 'SHA'"),
        ("nurse", "resource", "SHA/linac", UnknownSiteError, "There is no site 'SHA'"),
        ("nurse", "subject", "SHA-001", UnknownSubjectError, "There is no subject SHA-001 that this account may read"),
        ("nurse", "study", "nsclc", FeedError, "nurse may read no subject of a study 'nsclc'"),
        ("stranger", "site", "PEK", NotAllowedError, "stranger may not have feeds at any site"),
        ("nurse", "site", "PEK/linac", FeedError, "of a site is of its code alone"),
        ("nurse", "resource", "PEK", FeedError, "SITE/RESOURCE"),
        ("nurse", "resource", "PEK/", FeedError, "names a resource ''. There is clinic"),
        ("nurse", "resource", "PEK/a\nb", FeedError, r"names a resource 'a\nb'."),
        ("nurse", "room", "PEK", FeedError, "no kind 'room'"),
    ],
)
def test_what_nobody_may_have(desk: Desk, by: str, kind: FeedKind, of: str, error: type[RecordsError], why: str) -> None:
    with pytest.raises(error, match=re.escape(why)):
        made(desk, by, kind=kind, of=of)
    assert settings_of(desk).feeds == {}


def test_a_study_elsewhere_is_like_one_that_there_is_not(desk: Desk) -> None:
    desk.add_site("TYO", china())
    with pytest.raises(FeedError) as unknown:
        made(desk, "nurse", kind="study", of="ulrrd")
    assert "Did you mean ulrrc?" in str(unknown.value)
    desk.grant_more(("new", "reader", "TYO"))
    with pytest.raises(FeedError) as unreadable:
        made(desk, "new", kind="study", of="ulrrc")
    assert str(unreadable.value) == "new may read no subject of a study 'ulrrc'. `subject list` shows all studies."


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("purpose", "Li Wei", FeedError),
        ("purpose", "Phone", FeedError),
        ("purpose", "", FeedError),
        ("purpose", "x" * 33, FeedError),
        ("event", "todo", FeedError),
        ("language", "de", FeedError),
        ("days_back", -1, FeedError),
        ("days_ahead", 3661, FeedError),
        ("person", "Li Wei", AccountError),
    ],
)
def test_a_feed_that_is_none_is_refused(desk: Desk, field: str, value: object, error: type[RecordsError]) -> None:
    wanted = replace(Feed("", "administrator", "phone", "site", "PEK", ""), **{field: value})  # type: ignore[arg-type]
    with pytest.raises(error), desk.database.writing() as connection:
        make_feed(connection, someone(who="administrator"), wanted)
    assert settings_of(desk).feeds == {}


def test_for_somebody_else_only_an_administrator_makes_feeds(desk: Desk) -> None:
    for by in ("nurse", "chief"):
        with pytest.raises(NotAllowedError):
            made(desk, by, person="reader")
    assert made(desk, "administrator", person="reader").feed.person == "reader"
    # Not of more than its person may read, whatever the administrator may.
    with pytest.raises(UnknownSiteError):
        made(desk, "administrator", person="reader", purpose="other", of="SHA")
    with pytest.raises(NotAllowedError):
        made(desk, "administrator", person="stranger")


def test_a_person_has_one_feed_for_a_purpose(desk: Desk) -> None:
    made(desk)
    with pytest.raises(FeedError, match="nurse has a feed for phone already, F1"):
        made(desk, of="PEK", kind="site")
    assert made(desk, purpose="outlook").feed.code == "F2"
    assert made(desk, "reader").feed.code == "F3"
    with desk.database.writing() as connection:
        revoke_feed(connection, someone(), "F1")
    assert made(desk).feed.code == "F4"


def test_while_nobody_has_a_role_everybody_may_do_everything(database: Database) -> None:
    desk = Desk.opened(database)
    assert made(desk, "nurse", person="somebody").feed.person == "somebody"
    assert audited(database).faults == ()


# --- rotating and revoking ------------------------------------------------------------------------------------


def test_codes_go_on(desk: Desk) -> None:
    for number in range(1, 4):
        assert made(desk, purpose=f"p{number}").feed.code == f"F{number}"
        with desk.database.writing() as connection:
            revoke_feed(connection, someone(), f"F{number}")
    assert settings_of(desk).feeds == {} and settings_of(desk).feeds_made == 3


def test_a_new_token_takes_the_old_ones_place(desk: Desk) -> None:
    issued = made(desk)
    with desk.database.writing() as connection:
        rotated = rotate_feed(connection, someone(), " f1 ")
    assert rotated.token != issued.token
    assert settings_of(desk).feeds == {"F1": replace(issued.feed, token_hash=token_hash(rotated.token))}
    assert audited(desk.database).faults == ()


@pytest.mark.parametrize("change", [rotate_feed, revoke_feed])
def test_only_its_person_and_administrators_change_a_feed(desk: Desk, change) -> None:  # type: ignore[no-untyped-def]
    made(desk)
    before = settings_of(desk)
    sentences = set()
    for who, code in (("reader", "F1"), ("chief", "F1"), ("reader", "F7"), ("stranger", "F1")):
        with pytest.raises(FeedError) as refused, desk.database.writing() as connection:
            change(connection, someone(who=who), code)
        sentences.add(str(refused.value).replace("F7", "F1"))
    # Somebody else's feed and none at all get the same sentence.
    assert len(sentences) == 1
    assert settings_of(desk) == before
    with desk.database.writing() as connection:
        change(connection, someone(who="administrator"), "F1")
    assert audited(desk.database).faults == ()


def test_a_revoked_feed_stays_revoked(desk: Desk) -> None:
    made(desk)
    with desk.database.writing() as connection:
        assert revoke_feed(connection, someone(), "F1").code == "F1"
    for change in (rotate_feed, revoke_feed):
        with pytest.raises(FeedError, match="There is no feed 'F1'"), desk.database.writing() as connection:
            change(connection, someone(), "F1")


def test_who_sees_which_feeds(desk: Desk) -> None:
    made(desk, "nurse")
    made(desk, "reader")
    settings = settings_of(desk)
    seen = {who: [feed.code for feed in feeds_of(settings, someone(who=who))] for who in ("nurse", "reader", "chief", "administrator")}
    assert seen == {"nurse": ["F1"], "reader": ["F2"], "chief": [], "administrator": ["F1", "F2"]}
    assert own_feed(settings, someone(who="administrator"), "F2").person == "reader"
    with pytest.raises(FeedError, match="`feed list` shows them"):
        own_feed(settings, someone(who="nurse"), "F2")


def test_a_feed_is_not_written_past_its_rules(desk: Desk) -> None:
    for kind in FEED_KINDS:
        with pytest.raises(AdministrationError, match="`feed`"), desk.database.writing() as connection:
            append_administration(connection, someone(who="administrator"), [NewFact(kind, item="F1", value="0" * 64)])


# --- what its person may read ---------------------------------------------------------------------------------


def test_a_person_without_any_role_left_has_nothing(desk: Desk) -> None:
    for kind, of in (("site", "PEK"), ("subject", "PEK-001"), ("study", "ulrrc"), ("resource", "PEK/linac")):
        made(desk, "reader", purpose=kind, kind=kind, of=of)  # type: ignore[arg-type]
    feeds = settings_of(desk).feeds
    assert all(scope_now(desk, code) is not None for code in feeds)
    administrator = someone(who="administrator")
    with desk.database.writing() as connection:
        append_administration(connection, administrator, [revoke_role(read_settings(connection), "reader", "reader", "PEK")])
    assert [scope_now(desk, code) for code in feeds] == [None] * 4
    with pytest.raises(NotAllowedError), desk.database.writing() as connection:
        rotate_feed(connection, someone(who="reader"), "F1")
    with desk.database.writing() as connection:
        append_administration(connection, administrator, [grant_role(read_settings(connection), "reader", "reader", "SHA")])
    scopes = {feed.kind: scope_now(desk, code) for code, feed in feeds.items()}
    assert scopes["site"] is None and scopes["resource"] is None
    assert scopes["study"] == Scope(frozenset({"SHA"}), studies=frozenset({"ulrrc"}))
    assert scopes["subject"] == Scope(frozenset({"SHA"}), subjects=frozenset({SubjectKey("ulrrc", "PEK-001")}))


# --- tokens ---------------------------------------------------------------------------------------------------


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = [new_token() for _ in range(1000)]
    assert len(set(tokens)) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)
    assert token_hash("\ud800") != token_hash("?")


def test_a_token_is_shown_once_and_kept_nowhere(desk: Desk, tmp_path: Path) -> None:
    issued = made(desk)
    assert issued.token not in repr(issued)
    with desk.database.writing() as connection:
        rotated = rotate_feed(connection, someone(), "F1")
        note_use(connection, "F1", datetime.now(UTC))
    file = tmp_path / "export.jsonl"
    with desk.database.reading() as connection, file.open("w", encoding="ascii") as opened:
        head = export_all(connection, opened.write)
    content = file.read_text(encoding="ascii")
    assert issued.token not in content and rotated.token not in content
    assert rotated.feed.token_hash in content
    other = open_database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    assert restore_all(other, file).head == head
    with other.reading() as there:
        assert read_settings(there).feeds == {"F1": rotated.feed}
        assert last_uses(there) == {}
    assert audited(other, head).faults == ()
    other.close()


def test_an_export_without_identities_has_no_feed_that_anybody_could_use(desk: Desk, tmp_path: Path) -> None:
    desk.record(acts.visit_booked("C2D1", date(2026, 3, 24), resource="RoomOfLi"))
    issued = [
        made(desk, "nurse", purpose="zhang-phone", kind="subject", of="PEK-001"),
        made(desk, "reader", purpose="lis-outlook", kind="resource", of="PEK/RoomOfLi"),
        made(desk, "chief", kind="site", of="SHA"),
    ]
    with desk.database.writing() as connection:
        rotated = rotate_feed(connection, someone(), "F1")
    file = tmp_path / "anonymised.jsonl"
    with desk.database.reading() as connection, file.open("w", encoding="ascii") as opened:
        head = anonymised(connection, opened.write)
    content = file.read_text(encoding="ascii")
    planted = [*(one.token for one in (*issued, rotated)), *(one.feed.token_hash for one in (*issued, rotated))]
    planted += ["nurse@", "zhang", "lis-outlook", "RoomOfLi", "PEK", "SHA", '"reader"', "chief"]
    assert [text for text in planted if text in content.replace('"value":"reader"', "").replace('"role":"reader"', "")] == []
    other = open_database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    restore_all(other, file)
    assert audited(other, head).faults == ()
    with other.reading() as there:
        feeds = read_settings(there).feeds
        assert {feed.token_hash for feed in feeds.values()} == {"0" * 64}
        assert {feed.summary for feed in feeds.values()} == {("study", "subject", "visit")}
        assert [(feed.kind, feed.of) for feed in feeds.values()] == [
            ("subject", "ulrrc/S001"),
            ("resource", "SITE1/RESOURCE"),
            ("site", "SITE2"),
        ]
        said = [fact.said for fact in read_facts(there, ADMINISTRATION) if fact.kind is Kind.FEED_MADE]
        assert all(json.dumps(dict(one.details)).isascii() for one in said)
    other.close()


def test_what_was_written_of_a_feed_is_never_taken_back(desk: Desk) -> None:
    """Or an address that was taken away because somebody else had it would be worth something again."""
    issued = made(desk)
    with desk.database.writing() as connection:
        rotate_feed(connection, someone(), issued.feed.code)
        revoke_feed(connection, someone(), issued.feed.code)
    with desk.database.reading() as connection:
        log = [fact for fact in read_facts(connection, ADMINISTRATION) if fact.said.kind in FEED_KINDS]
    assert len(log) == 3
    for fact in log:
        with pytest.raises(AdministrationError, match="not taken back"), desk.database.writing() as connection:
            append_administration(connection, someone(who="administrator"), [NewFact(Kind.UNDONE, replaces=fact.number)])
    with desk.database.reading() as connection:
        assert read_settings(connection).feeds == {}


# --- the end of the log ---------------------------------------------------------------------------------------


def touched(desk: Desk, since: LogEnd, **restrictions: object) -> bool:
    with desk.database.reading() as connection:
        return is_touched(connection, Scope(**restrictions), since)  # type: ignore[arg-type]


def end_of(desk: Desk) -> LogEnd:
    with desk.database.reading() as connection:
        return log_end(connection)


def test_which_scopes_a_fact_touches(desk: Desk) -> None:
    here, there = SubjectKey("ulrrc", "PEK-001"), SubjectKey("ulrrc", "SHA-001")
    before = end_of(desk)
    assert not touched(desk, before)
    desk.record(acts.visit_booked("C2D1", date(2026, 3, 24)), here)
    assert touched(desk, before) and touched(desk, LogEnd())
    assert touched(desk, before, subjects=frozenset({here})) and not touched(desk, before, subjects=frozenset({there}))
    assert touched(desk, before, sites=frozenset({"PEK"})) and not touched(desk, before, sites=frozenset({"SHA"}))
    assert touched(desk, before, studies=frozenset({"ulrrc"})) and not touched(desk, before, studies=frozenset({"nsclc"}))
    assert not touched(desk, end_of(desk))
    # A subject that was once at a site is of that site for good.
    desk.grant_more(("nurse", "coordinator", "*"))
    settings = settings_of(desk)
    desk.record(acts.site_transferred(settings, "SHA", date(2026, 4, 20)), here)
    moved = end_of(desk)
    desk.record(acts.visit_booked("C3D1", date(2026, 5, 1)), here)
    assert touched(desk, moved, sites=frozenset({"PEK"})) and touched(desk, moved, sites=frozenset({"SHA"}))


def test_facts_of_administration_touch_no_visit(desk: Desk) -> None:
    before = end_of(desk)
    desk.grant_more(("other", "reader", "PEK"))
    made(desk)
    assert end_of(desk) != before and not touched(desk, before)


def test_another_log_touches_everything(desk: Desk) -> None:
    end = end_of(desk)
    assert touched(desk, LogEnd(end.position, "another"), subjects=frozenset({SubjectKey("ulrrc", "none")}))
    assert touched(desk, LogEnd(end.position + 5, end.head))


# --- the last use ---------------------------------------------------------------------------------------------


def test_the_last_use_is_kept(database: Database) -> None:
    first = datetime(2026, 3, 2, 12, 0, 0, 1, tzinfo=UTC)
    for moment in (first, first + timedelta(hours=1)):
        with database.writing() as connection:
            note_use(connection, "F1", moment)
    with database.writing() as connection:
        note_use(connection, "F2", first)
    with database.reading() as connection:
        assert last_uses(connection) == {"F1": first + timedelta(hours=1), "F2": first}
