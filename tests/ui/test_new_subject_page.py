"""The page New subject without a browser: the calendar while somebody types, what is refused and where, and what is written."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planner.exchange import today
from planner.protocol.library import protocol_path, protocol_text
from planner.records.caller import Caller
from planner.records.changes.change import save
from planner.records.changes.enrolment import propose_enrolment
from planner.records.facts.kinds import Kind
from planner.records.people.readable import open_subject
from planner.records.store.database import open_database
from planner.ui.enrolment import page as new_subject
from tests.ui.clock import MOMENT
from tests.ui.roles import grant_at
from tests.ui.screens import opened, texts

OPEN = {"protocol": "ulrrc", "site": "BEI", "start": "2026-12-07"}
LINK = {**OPEN, "set.childbearing": "no", "set.contraception": "yes"}
NUMBER, CONSENT = "ulrrc/subject", "ulrrc/milestone.CONSENT"


def screen(language: str = "en", **more: str) -> AppTest:
    return opened("new-subject", {**LINK, **more}, language=language)


def typed(at: AppTest, number: str) -> AppTest:
    at.text_input(key=NUMBER).set_value(number).run()
    assert not at.exception, at.exception
    return at


def said(errors: Iterable[object]) -> str:
    return "\n".join(str(error.value) for error in errors).replace("\\", "")  # type: ignore[attr-defined]


def enrol_button(at: AppTest) -> object:
    return at.button(key="enrol.save")


def facts_of(url: str, subject: str) -> list[tuple[Kind, str]]:
    database = open_database(url)
    try:
        with database.reading() as connection:
            found = open_subject(connection, Caller("nurse1", MOMENT), subject).facts
        return [(fact.kind, fact.said.item) for fact in found]
    finally:
        database.close()


def enrolled_by_somebody_else(url: str, number: str) -> None:
    database = open_database(url)
    path = protocol_path("ulrrc")
    who = Caller("doctor2", MOMENT)
    with database.reading() as connection:
        proposal = propose_enrolment(connection, who, protocol_text(path), str(path), number, "BEI", date(2026, 12, 8))
    with database.writing() as connection:
        save(connection, who, proposal)
    database.close()


def test_at_first_the_protocols_are_offered(demo_screens: str) -> None:
    at = opened("new-subject")
    assert at.title[0].value == "New subject"
    at.button(key="use ulrrc").click().run()
    at.selectbox(key="site").set_value("BEI").run()
    assert "Give the start date" in texts(at)
    assert "To enrol, give: Subject number, Start date (cycle 1 day 1), Could become pregnant, Contraception applies." in texts(at)
    assert enrol_button(at).disabled


def test_the_calendar_is_that_of_the_site(demo_screens: str) -> None:
    at = screen()
    assert "calendar CN" in texts(at)
    assert "27 visits" in texts(at)
    assert "every visit fits" in texts(at)
    at.selectbox(key="site").set_value("NYC").run()
    assert "calendar US-NY" in texts(at)
    assert at.text_input(key=NUMBER).placeholder == "such as NYC-001"


def test_a_better_start_is_one_press_away(demo_screens: str) -> None:
    at = screen(start="2026-12-05")
    assert "a closed day" in texts(at)
    at.button(key="better start above").click().run()
    assert at.date_input(key="ulrrc/start").value != date(2026, 12, 5)
    assert "No start day near it does better" in texts(at)


def test_the_start_days_stand_below_a_start_that_could_be_better(demo_screens: str) -> None:
    at = screen(start="2027-01-22", view="starts")
    assert not at.exception
    assert "Only days are judged here" in texts(at)
    at.button(key="better start in the view").click().run()
    assert not at.exception
    assert at.date_input(key="ulrrc/start").value != date(2027, 1, 22)
    assert enrol_button(at) is not None


def test_enrolling_writes_what_was_shown_and_can_be_undone(demo_screens: str) -> None:
    at = typed(screen(), "BEI-901")
    at.date_input(key=CONSENT).set_value(date(2026, 11, 18)).run()
    assert not at.error
    assert "BEI-901" not in str(dict(at.query_params))
    enrol_button(at).click().run()
    assert not at.exception
    assert "Subject BEI-901" in at.title[0].value
    assert "Saved ulrrc/BEI-901" in texts(at)
    facts = facts_of(demo_screens, "ulrrc/BEI-901")
    assert facts[0] == (Kind.ENROLLED, "BEI")
    assert (Kind.MILESTONE_SET, "CONSENT") in facts
    assert (Kind.PARAMETER_SET, "regimen") in facts
    at.switch_page("planner/ui/pages/new_subject.py").run()
    at.selectbox(key="protocol").set_value("ulrrc").run()
    assert at.text_input(key=NUMBER).value == ""
    at.button(key="notice.undo").click().run()
    assert "Taken back" in texts(at)


def test_undoing_an_enrolment_leads_to_the_list_without_an_error(demo_screens: str) -> None:
    at = typed(screen(), "BEI-901")
    at.date_input(key=CONSENT).set_value(date(2026, 11, 18)).run()
    enrol_button(at).click().run()
    assert "Subject BEI-901" in at.title[0].value
    at.button(key="notice.undo").click().run()
    assert not at.exception
    assert at.title[0].value == "Subjects"
    assert not at.error
    assert "Taken back. ulrrc/BEI-901 is not enrolled." in texts(at)


def test_nobody_is_enrolled_on_a_guess_about_the_person(demo_screens: str) -> None:
    at = typed(opened("new-subject", OPEN), "BEI-901")
    assert at.selectbox(key="ulrrc/set.childbearing").value is None
    assert enrol_button(at).disabled
    assert "To enrol, give: Could become pregnant, Contraception applies." in texts(at)
    at.selectbox(key="ulrrc/set.contraception").set_value("yes").run()
    assert enrol_button(at).disabled
    at.selectbox(key="ulrrc/set.childbearing").set_value("yes").run()
    assert "28 visits" in texts(at)
    enrol_button(at).click().run()
    assert (Kind.PARAMETER_SET, "childbearing") in facts_of(demo_screens, "ulrrc/BEI-901")


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("BEI-001", "ulrrc/BEI-001 is in use"),
        ("Anna Li", "This is not a subject number of the site"),
        ("<script>x</script>", "This is not a subject number of the site"),
        ("NYC-001", "This is not a subject number of the site"),
    ],
)
def test_a_refused_number_is_told_beside_it_and_the_calendar_stays(number: str, why: str, demo_screens: str) -> None:
    at = typed(screen(), number)
    assert said(at.error).count(why) == 2
    assert "27 visits" in texts(at)
    assert at.text_input(key=NUMBER).value == number
    assert enrol_button(at).disabled
    assert "mend what is marked" in texts(at)


def test_what_is_screened_again_is_judged_at_its_own_input(demo_screens: str) -> None:
    at = typed(screen(), "BEI-901")
    at.text_input(key="ulrrc/rescreen_of").set_value("BEI-999").run()
    assert "There is no subject ulrrc/BEI-999 that could have been screened before" in said(at.error)
    assert enrol_button(at).disabled
    at.text_input(key="ulrrc/rescreen_of").set_value("BEI-001").run()
    assert not at.error
    assert "To look at before you enrol" in said(at.warning)
    assert "BEI-001" not in str(dict(at.query_params))


def test_a_name_in_the_note_is_refused(demo_screens: str) -> None:
    at = typed(screen(), "BEI-901")
    at.text_input(key="ulrrc/note").set_value("call 13812345678").run()
    assert at.error
    assert enrol_button(at).disabled
    assert "138" not in str(dict(at.query_params))


def test_somebody_who_was_faster_is_told_and_nothing_typed_is_lost(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = typed(screen(), "BEI-901")
    whole = new_subject._save

    def after_somebody_else(*given: object) -> object:
        enrolled_by_somebody_else(demo_screens, "BEI-901")
        monkeypatch.setattr(new_subject, "_save", whole)
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(new_subject, "_save", after_somebody_else)
    enrol_button(at).click().run()
    assert "doctor2" in said(at.error)
    assert "What you entered is still here" in texts(at)
    assert at.text_input(key=NUMBER).value == "BEI-901"
    at.run()
    assert "ulrrc/BEI-901 is in use" in said(at.error)


def test_a_reader_is_told_who_may_enrol(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "reader")
    at = opened("new-subject")
    assert "nurse1 may not enrol" in said(at.error)
    assert not at.text_input


def test_only_sites_at_which_one_may_enrol_can_be_chosen(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "coordinator", "NYC")
    at = opened("new-subject", {"protocol": "ulrrc", "site": "BEI"})
    assert at.selectbox(key="site").options == ["NYC"]


def test_without_a_site_there_is_a_way_to_one(on_the_day: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'planner.sqlite'}"
    monkeypatch.setenv("PLANNER_DATABASE_URL", url)
    monkeypatch.setattr(today, "now", lambda: MOMENT)
    grant_at(url, "nurse1", "coordinator")
    at = opened("new-subject")
    assert "There is no site yet" in texts(at)


@pytest.mark.parametrize(
    ("language", "asked", "missing"),
    [
        (
            "en",
            "Choose the site: its calendar",
            "To enrol, give: Site, Subject number, Start date (cycle 1 day 1), Could become pregnant, Contraception applies.",
        ),
        ("zh-CN", "请选择中心：该中心的日历", "中心、受试者编号、开始日期（第 1 周期第 1 天）"),
    ],
)
def test_with_a_protocol_and_no_site_the_site_is_asked_for(language: str, asked: str, missing: str, demo_screens: str) -> None:
    at = opened("new-subject", {"protocol": "ulrrc"}, language=language)
    assert asked in texts(at)
    assert missing in texts(at)
    assert "no protocol" not in texts(at)
    assert "没有可用的方案" not in texts(at)
    assert enrol_button(at).disabled


def test_what_the_protocol_asks_for_is_called_by_its_chinese_labels(demo_screens: str) -> None:
    at = screen("zh-CN")
    assert at.date_input(key=CONSENT).label == "签署知情同意书"
    assert at.selectbox(key="ulrrc/set.regimen").label == "化疗方案"
    assert at.selectbox(key="ulrrc/set.childbearing").options == ["是", "否"]


def test_in_chinese(demo_screens: str) -> None:
    at = typed(screen("zh-CN"), "BEI-001")
    assert at.title[0].value == "新受试者"
    assert "已被使用" in said(at.error)
