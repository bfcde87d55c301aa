"""The page Protocols without a browser: reading, trying, checking, comparing and amending."""

from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.caller import Caller
from planner.records.changes.acts import noted
from planner.records.changes.change import propose, save
from planner.records.facts.fact import SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.lists.site_schedules import schedules
from planner.records.people.administration import append_administration, grant_role, settings_to_change
from planner.records.people.readable import read_subject
from planner.records.store.database import open_database
from planner.ui.protocols.versions import shelf_of, version_of
from tests.protocol.small_protocols import SMALL
from tests.records.amendments import TEXTS, amended_texts
from tests.ui.clock import MOMENT
from tests.ui.roles import BOSS, grant_at
from tests.ui.screens import opened, texts

LONGER_CYCLES = TEXTS["ulrrc"].replace("CAPOX: {cycle: 21d,", "CAPOX: {cycle: 28d,").replace('version: "1.0"', 'version: "2.0"')
NURSE = Caller("nurse1", MOMENT)
EVERY_VIEW = ("matrix", "sources", "timeline", "rules", "file", "compare")


def protocol_named(at: AppTest, name: str) -> None:
    at.selectbox(key="protocols.choice").set_value(name).run()


def uploaded(at: AppTest, text: str, name: str = "amended.yaml") -> None:
    at.file_uploader(key="protocols.file").upload(name, text.encode(), "application/yaml").run()
    assert not at.exception


def html_of(at: AppTest) -> str:
    return "".join(element.proto.json for element in at.get("bidi_component"))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_each_view_by_its_link(demo_screens: str, language: str) -> None:
    for view in (*EVERY_VIEW, "amend"):
        at = opened("protocols", {"protocol": "crlm", "view": view}, language=language)
        assert at.title[0].value == ("Protocols" if language == "en" else "方案")
        assert not at.error
        assert at.query_params["protocol"] == ["crlm"] or at.query_params["protocol"] == "crlm"


def test_protocols_are_shown_without_a_database(no_screens_yet: str) -> None:
    at = opened("protocols", {"protocol": "ulrrc"})
    assert "Schedule of activities, part 1 of" in texts(at)
    assert "Amend" not in [tab.label for tab in at.tabs]
    assert "follows it" not in texts(at)


def test_a_link_to_nothing_says_so(demo_screens: str) -> None:
    at = opened("protocols", {"protocol": "<b>no", "view": "nothing"})
    assert "There is no version" in texts(at) and "<b>no" not in texts(at).replace("\\<b\\>no", "")


def test_branches_are_previewed_from_a_start(demo_screens: str) -> None:
    at = opened("protocols", {"protocol": "ulrrc", "view": "timeline"})
    assert "Give a start date" in texts(at)
    at.date_input[0].set_value(date(2026, 12, 1)).run()
    assert at.radio(key="protocols.branch").options == ["Nothing decided", "Surgery", "Maintenance", "Withdrawal from the study"]
    assert "SURG: Surgery" in texts(at)
    at.radio(key="protocols.branch").set_value("0").run()
    assert not at.exception and "start" in at.query_params
    link = dict(at.query_params)
    assert "SURG" in str(at.get("vega_lite_chart")[0].proto)
    again = opened("protocols", {name: value[0] if isinstance(value, list) else value for name, value in link.items() if name != "lang"})
    assert again.date_input[0].value == date(2026, 12, 1)


def test_a_start_that_cannot_be_is_told_once(demo_screens: str) -> None:
    at = opened("protocols", {"protocol": "ulrrc", "view": "timeline", "start": "yesterday"})
    assert [error.value.count("The link could not be used here") for error in at.error] == [1]


def test_a_file_is_checked_mended_and_compared(demo_screens: str) -> None:
    at = opened("protocols", {"protocol": "ulrrc", "view": "file"})
    uploaded(at, LONGER_CYCLES.replace("at: SBRT.last + 6w", "at: SBRT.lsat + 6w"))
    assert "1 error: this file cannot be used" in texts(at)
    assert "SBRT.lsat" in texts(at)
    at.text_area(key="protocols.editor").set_value(LONGER_CYCLES).run()
    assert "No errors and no warnings" in texts(at)
    assert "Your own file: amended.yaml" in at.selectbox(key="protocols.choice").options
    assert "protocol" not in at.query_params
    at.session_state["protocols.view"] = "compare"
    at.run()
    assert "cycle: 28d" in texts(at)
    assert "2 differences" in texts(at)
    assert "+      CAPOX: {cycle: 28d" in at.code[0].value
    at.session_state["protocols.view"] = "file"
    at.run()
    at.button(key="protocols.discard").click().run()
    assert "Your own file: amended.yaml" not in at.selectbox(key="protocols.choice").options


def test_amending_all_subjects_of_a_study(demo_screens: str) -> None:
    at = opened("protocols", {"protocol": "ulrrc", "view": "file"})
    uploaded(at, LONGER_CYCLES)
    at.session_state["protocols.view"] = "amend"
    at.run()
    assert at.button(key="protocols.amend.work-out").label == "Show what it would do to 40 subjects"
    reason = at.selectbox(key="protocols.amend.reason")
    # The list itself begins with it: a browser may miss what the session says in one run.
    assert (reason.value, reason.options[reason.proto.default]) == ("protocol_amendment", "A new version of the protocol")
    at.button(key="protocols.amend.work-out").click().run()
    assert "40 subjects would follow this file" in texts(at)
    assert html_of(at).count("data-focus") == 40
    at.session_state["protocols.amend.shown"] = "ulrrc/BEI-030"
    at.run()
    assert "visits change" in texts(at)
    at.text_area(key="protocols.amend.note").set_value("Version 2.0").run()
    assert "Something was chosen anew" in texts(at)
    at.button(key="protocols.amend.work-out").click().run()
    at.button(key="protocols.amend.save").click().run()
    assert "Amended: 40 subjects follow amended.yaml now." in texts(at)
    assert "Nobody needs to be amended" in texts(at)
    assert "40 subjects follow it" in texts(at)
    database = open_database(demo_screens)
    with database.reading() as connection:
        last = read_subject(connection, NURSE, SubjectKey("ulrrc", "BEI-030")).facts[-1]
    database.close()
    assert (last.kind, last.said.reason, last.said.note) == (Kind.PROTOCOL_AMENDED, "protocol_amendment", "Version 2.0")


def test_somebody_elses_change_is_told(demo_screens: str) -> None:
    at = opened("protocols", {"protocol": "ulrrc", "view": "file"})
    uploaded(at, LONGER_CYCLES)
    at.session_state["protocols.view"] = "amend"
    at.run()
    at.text_input(key="protocols.amend.numbers").set_value("BEI-030").run()
    at.button(key="protocols.amend.work-out").click().run()
    database = open_database(demo_screens)
    with database.writing() as connection:
        save(connection, NURSE, propose(connection, NURSE, SubjectKey("ulrrc", "BEI-030"), noted("Called the ward")))
    database.close()
    at.button(key="protocols.amend.save").click().run()
    assert "BEI-030" in at.error[0].value and "Nothing was written" in texts(at)
    at.button(key="protocols.amend.again").click().run()
    at.button(key="protocols.amend.work-out").click().run()
    at.button(key="protocols.amend.save").click().run()
    assert "Amended: 1 subject follows amended.yaml now." in texts(at)


def test_a_refusal_is_said_in_the_language_of_the_page(demo_screens: str) -> None:
    at = opened("protocols", {"protocol": "crlm", "view": "file"}, language="zh-CN")
    uploaded(at, amended_texts("crlm")[1])
    at.session_state["protocols.view"] = "amend"
    at.run()
    at.button(key="protocols.amend.work-out").click().run()
    assert at.error and "is recorded as done" not in at.error[0].value


@pytest.mark.parametrize("role", ["reader", "nurse", "coordinator", "administrator"])
def test_who_may_not_amend_does_not_see_it(demo_screens: str, role: str) -> None:
    grant_at(demo_screens, "nurse1", role)
    at = opened("protocols", {"protocol": "ulrrc", "view": "amend"})
    assert "Amend" not in [tab.label for tab in at.tabs]
    assert "Schedule of activities, part 1 of" in texts(at)


def test_an_investigator_amends_at_the_own_site(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "investigator", "BEI")
    database = open_database(demo_screens)
    with database.writing() as connection:
        append_administration(connection, BOSS, [grant_role(settings_to_change(connection, BOSS), "nurse1", "reader", "NYC")])
    database.close()
    at = opened("protocols", {"protocol": "ulrrc", "view": "file"})
    uploaded(at, LONGER_CYCLES)
    at.session_state["protocols.view"] = "amend"
    at.run()
    assert "at sites where you may not amend" in texts(at)
    assert at.selectbox(key="protocols.amend.site").options == ["All sites", "BEI"]


def test_who_may_read_nobody_still_reads_protocols(demo_screens: str) -> None:
    grant_at(demo_screens, "somebody", "reader")
    at = opened("protocols", {"protocol": "ulrrc"})
    assert "Schedule of activities, part 1 of" in texts(at)


def test_a_kept_version_that_is_in_no_file_can_be_looked_at(demo_screens: str) -> None:
    database = open_database(demo_screens)
    with database.reading() as connection:
        found = schedules(connection, NURSE)
    database.close()
    shelf = shelf_of(found, None)
    assert [(each.study, each.subjects) for each in shelf.followed] == [("crlm", 20), ("ulrrc", 40)]
    assert shelf.codes() == ("crlm", "ulrrc")
    kept = replace(shelf, library=())
    assert all(code.startswith("kept:") for code in kept.codes())
    database = open_database(demo_screens)
    with database.reading() as connection:
        version = version_of(kept, kept.codes()[0], connection)
    database.close()
    assert version.plan is not None and version.subjects == 20


def test_another_study_has_nobody_to_amend(demo_screens: str) -> None:
    at = opened("protocols", {"protocol": "ulrrc", "view": "file"})
    uploaded(at, SMALL)
    at.session_state["protocols.view"] = "amend"
    at.run()
    assert "Nobody whom you may read is in the study small" in texts(at)
