"""The page Audit without a browser: the log and its filters, its proof, its files, and who may have them."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.caller import Caller
from planner.records.changes.acts import noted
from planner.records.facts.kinds import Kind
from planner.records.people.rights import NotAllowedError
from planner.records.store.database import open_database
from planner.records.store.log import head, read_facts
from planner.ui.audit.files import backup_bytes
from planner.ui.audit.kind_words import kind_words
from tests.ui.clock import MOMENT
from tests.ui.dialogs.dialog_screens import write
from tests.ui.roles import grant_at
from tests.ui.screens import opened, texts

NURSE = Caller("nurse1", MOMENT)


def audit(**entries: str) -> AppTest:
    return opened("audit", entries)


def log(at: AppTest) -> str:
    """The lines, as HTML."""
    return "".join(str(json.loads(element.proto.json).get("html", "")) for element in at.get("bidi_component"))


def lines(at: AppTest) -> int:
    return log(at).count('role="rowheader"')


def address(at: AppTest) -> dict[str, str]:
    return {name: text if isinstance(text, str) else text[0] for name, text in at.query_params.items() if name != "lang"}


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def damage(url: str, statement: str) -> None:
    """Change the log as no planner would."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)


# --- the log


def test_the_newest_stands_first_and_the_rest_in_pages(demo_screens: str) -> None:
    with open_database(demo_screens).reading() as connection:
        last = len(read_facts(connection))
    at = audit()
    assert lines(at) == 50
    assert f"Facts {last - 49} to {last}, the newest first" in texts(at)
    press(at, "audit.older")
    assert address(at) == {"before": str(last - 49)}
    assert f"Facts {last - 99} to {last - 50}" in texts(at)
    press(at, "audit.newer")
    assert f"Facts {last - 49} to {last}" in texts(at)
    press(press(at, "audit.older"), "audit.newest")
    assert address(at) == {}
    assert at.button(key="audit.newer").disabled


def test_filters_stand_in_the_address(demo_screens: str) -> None:
    asked = {"subject": "ulrrc/BEI-004", "kind": "visit_done"}
    at = audit(**asked)
    assert address(at) == asked
    assert 0 < lines(at) < 50
    assert set(log(at).split('data-follow="')[1].split('"')[:1]) == {"ulrrc/BEI-004"}
    at.selectbox(key="audit.filter.kind").set_value("").run()
    assert address(at) == {"subject": "ulrrc/BEI-004"}
    at.text_input(key="audit.filter.who").set_value("somebody9").run()
    assert "Nothing like this was recorded." in texts(at)
    press(at, "audit.all")
    assert (address(at), lines(at)) == ({}, 50)


def test_sites_and_people_have_a_log_of_their_own(demo_screens: str) -> None:
    at = audit(of="settings")
    assert "site BEI set" in log(at)
    assert "data-follow" not in log(at)
    assert "Subject" not in [field.label for field in at.text_input]


def test_a_day(demo_screens: str) -> None:
    with open_database(demo_screens).reading() as connection:
        facts = read_facts(connection)
    day = facts[-1].recorded_at.date()
    at = audit(day=day.isoformat())
    assert lines(at) == min(50, sum(fact.recorded_at.date() == day for fact in facts))


def test_a_subject_that_there_is_not_is_said(demo_screens: str) -> None:
    at = audit(subject="BEI-999<b>")
    assert "There is no subject" in texts(at)
    assert lines(at) == 0
    press(at, "audit.all")
    assert lines(at) == 50


@pytest.mark.parametrize("entries", [{"kind": "<b>"}, {"day": "never"}, {"before": "-1"}, {"from": "9" * 60}, {"view": "nowhere"}])
def test_a_link_to_what_there_is_not_shows_all(demo_screens: str, entries: dict[str, str]) -> None:
    at = opened("audit", entries)
    assert lines(at) == 50
    assert address(at) == {}


def test_every_kind_has_a_name() -> None:
    assert set(kind_words()) == set(Kind)


def test_what_was_typed_stays_text(demo_screens: str) -> None:
    write(demo_screens, "ulrrc/BEI-036", *noted("<script>alert(1)</script><b>x</b>"))
    at = audit(kind="note")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;x" in log(at)
    assert "<script" not in log(at)
    assert "<b>" not in log(at)


# --- its proof


def test_the_log_is_verified_and_held_against_a_head(demo_screens: str) -> None:
    with open_database(demo_screens).reading() as connection:
        end = head(connection)
    at = audit(view="proof")
    assert at.code[0].value == end
    at.text_input(key="audit.kept-head").set_value(end).run()
    press(at, "audit.verify")
    assert "nothing changed, removed or reordered" in texts(at)
    assert "The log still holds the head that was kept." in texts(at)
    at.text_input(key="audit.kept-head").set_value("f" * 64).run()
    press(at, "audit.verify")
    assert "1 fault found" in texts(at)
    at.text_input(key="audit.kept-head").set_value("no head").run()
    press(at, "audit.verify")
    assert "64 hexadecimal digits" in texts(at)


def test_faults_are_named(demo_screens: str) -> None:
    damage(demo_screens, "UPDATE facts SET day = day + 1 WHERE position = 30")
    at = press(audit(view="proof"), "audit.verify")
    assert "Fact 30" in texts(at)
    assert "Do not go on working with this log." in texts(at)


def test_a_log_that_cannot_be_read_is_proven_nevertheless(demo_screens: str) -> None:
    damage(demo_screens, "UPDATE facts SET kind = 'nonsense' WHERE position = 30")
    at = press(audit(view="proof"), "audit.verify")
    assert "Fact 30" in texts(at)


# --- files and rights


def test_a_backup_is_a_database(demo_screens: str) -> None:
    content = backup_bytes(demo_screens, NURSE)
    assert content.startswith(b"SQLite format 3\0")


def buttons(at: AppTest) -> set[str]:
    return {str(getattr(button, "label", "")) for button in at.get("download_button")}


@pytest.mark.parametrize(
    ("role", "may_have"),
    [
        ("administrator", {"Audit export", "Export of everything", "Export without identities", "Backup of the database"}),
        ("coordinator", {"Export of everything"}),
        ("nurse", set()),
    ],
)
def test_files_are_offered_to_those_who_may_have_them(demo_screens: str, role: str, may_have: set[str]) -> None:
    grant_at(demo_screens, "nurse1", role)
    at = audit(view="files")
    assert buttons(at) == may_have
    assert texts(at).count("ask boss1") >= 4 - len(may_have)


def test_a_backup_asks_for_rights_when_it_is_made(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "nurse")
    with pytest.raises(NotAllowedError):
        backup_bytes(demo_screens, NURSE)


def test_others_see_the_logs_of_their_subjects(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "nurse", "BEI")
    at = audit()
    assert "takes the right to audit" in texts(at)
    assert "NYC" not in log(at)
    assert "sites and people" not in log(at)
    assert "It takes the role administrator" in texts(audit(of="settings"))
    at = audit(view="proof")
    assert "It takes the role administrator" in texts(at)
    assert not at.code


@pytest.mark.parametrize("name", ["log", "proof", "files"])
def test_every_view_speaks_chinese(demo_screens: str, name: str) -> None:
    at = opened("audit", {"view": name}, language="zh-CN")
    assert at.title[0].value == "稽查轨迹"
    assert not at.error


def test_an_export_is_whole(demo_screens: str, exported: Callable[[str], bytes]) -> None:
    with open_database(demo_screens).reading() as connection:
        end = head(connection)
    assert end.encode() in exported(demo_screens).splitlines()[-1]


@pytest.fixture
def exported() -> Callable[[str], bytes]:
    from planner.records.lists.kept_schedules import KeptSchedules
    from planner.records.proof.keeping import export_audit
    from planner.records.store.live_database import LiveDatabase
    from planner.ui.audit.files import exported
    from planner.ui.desk import Desk

    return lambda url: exported(export_audit)(Desk(LiveDatabase(url), KeptSchedules(), NURSE))
