"""Trying a schedule: what is entered changes what is shown; what is wrong is said where it was entered."""

import json
from collections.abc import Iterable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from planner.ui.view_state import PLAN_VIEWS, VIEW
from planner.ui.words import unformatted
from tests.ui.screens import opened
from tests.ui.worked_example import ENTRIES

pytestmark = pytest.mark.usefixtures("no_screens_yet")


def screen(view: str = "month", protocol: str = "ulrrc", **entries: str) -> AppTest:
    """The screen as a link with these entries shows it."""
    linked = {**ENTRIES, "protocol": protocol, "view": view, **{name.replace("__", "."): text for name, text in entries.items()}}
    return opened("plan", {name: text for name, text in linked.items() if text and name != "subject"})


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def summary(app: AppTest) -> str:
    return next(text.value for text in app.main.markdown if " · as of " in text.value)


def html(app: AppTest) -> str:
    """The tables of text on the screen."""
    return "\n".join(element.proto.body for element in app.main.get("html"))


def said(errors: Iterable[object]) -> str:
    return "\n".join(str(error.value) for error in errors).replace("\\", "")  # type: ignore[attr-defined]


def test_at_first_the_protocols_are_offered() -> None:
    app = opened("plan")
    assert app.title[0].value == "Try a schedule"
    assert any("Choose the protocol" in text.value for text in app.main.markdown)
    app.button(key="use ulrrc").click()
    run(app)
    assert app.title[0].value.startswith("SBRT with chemotherapy")
    assert "Give the start date" in app.main.info[0].value
    assert app.query_params["protocol"] == "ulrrc"


def test_the_header_says_what_this_is() -> None:
    app = screen()
    assert "recurrent rectal cancer" in app.title[0].value
    line = app.main.markdown[0].value
    assert "NCT06767007" in line
    assert "version 1.0" in line
    assert "Confirm them against the approved protocol" in line


def test_inputs_change_the_schedule() -> None:
    app = screen()
    assert summary(app).startswith("**27 visits**")
    app.number_input(key="ulrrc/set.cycles").set_value(6)
    run(app)
    assert summary(app).startswith("**29 visits**")
    app.selectbox(key="ulrrc/set.regimen").select("mFOLFOX6")
    run(app)
    assert int(summary(app).split("**")[1].split()[0]) > 29
    app.date_input(key="ulrrc/start").set_value(date(2026, 3, 9))
    run(app)
    assert app.query_params["start"] == "2026-03-09"


def test_another_protocol_starts_afresh() -> None:
    app = screen()
    app.selectbox(key="protocol").select("crlm")
    run(app)
    assert "liver metastases" in app.title[0].value
    assert app.selectbox(key="crlm/set.regimen").value == "mFOLFOX6"
    assert app.date_input(key="crlm/start").value is None


def test_a_subject_number_is_no_name_and_stays_out_of_the_link() -> None:
    app = screen()
    app.text_input(key="ulrrc/subject").set_value("Anna Li")
    run(app)
    assert "Never enter a name" in said(app.sidebar.error)
    assert "Never enter a name" in said(app.main.error)
    app.text_input(key="ulrrc/subject").set_value("0042")
    run(app)
    assert not app.error
    assert "0042" not in str(dict(app.query_params))


def test_downloads_need_a_subject_number_and_say_that_they_do_not_update() -> None:
    app = screen()
    assert not app.main.get("download_button")
    assert any("Give a subject number" in caption.value for caption in app.main.caption)
    app.text_input(key="ulrrc/subject").set_value("0042")
    run(app)
    assert {button.proto.label for button in app.main.get("download_button")} == {"Calendar file (.ics)", "Table (.csv)"}
    assert any("one-time" in caption.value and "it does not update" in caption.value for caption in app.main.caption)


def test_a_forbidden_choice_shows_the_rule_beside_it() -> None:
    app = screen(protocol="crlm")
    assert app.selectbox(key="crlm/decide.management").value is None
    app.selectbox(key="crlm/decide.management").select("watch_and_wait")
    run(app)
    assert "allowed only after response = cCR or pCR" in said(app.sidebar.error)
    assert "allowed only after response = cCR or pCR" in said(app.main.error)
    app.selectbox(key="crlm/decide.response").select("cCR")
    run(app)
    assert not app.error
    assert summary(app)


@pytest.mark.parametrize(
    ("entry", "text", "sentence"),
    [
        ("start", "2011-03-02", "2011-03-02 is outside 2012-01-01 to 2050-12-31"),
        ("start", "2026-13-02", "is not a day of the calendar"),
        ("milestone.CONSENT", "20/2/2026", "is not a date"),
        ("set.regimen", "XELOX", "none of these"),
        ("set.cycles", "9", "must be from 3 to 6"),
        ("set.maintenance_months", "12", ""),
        ("decide.management", "dance", "none of these"),
        ("calendar", "Atlantis", "Atlantis"),
        ("study", "a b", "letters, digits, dashes and underscores only"),
        ("protocol", "nothing", "none of these"),
    ],
)
def test_what_a_link_asks_for_is_checked(entry: str, text: str, sentence: str) -> None:
    app = screen(**{entry.replace(".", "__"): text})
    assert sentence in said(app.sidebar.error)
    assert bool(app.sidebar.error) == bool(sentence)


@pytest.mark.parametrize(("entry", "text"), [("start", "2026-13-02"), ("set.cycles", "9"), ("decide.management", "dance")])
def test_beside_what_is_refused_no_schedule_is_shown(entry: str, text: str) -> None:
    app = screen(**{entry.replace(".", "__"): text})
    assert "Mend what was entered" in said(app.main.error)
    assert not any(" · as of " in markdown.value for markdown in app.main.markdown)
    assert not app.tabs
    assert not any("download" in caption.value for caption in app.main.caption)


def test_an_emptied_number_is_the_default_again() -> None:
    app = screen(set__cycles="6")
    app.number_input(key="ulrrc/set.cycles").set_value(None)
    run(app)
    assert app.number_input(key="ulrrc/set.cycles").value == 4
    assert app.query_params["set.cycles"] == "4"


def test_a_country_s_calendar_is_chosen_by_its_code() -> None:
    app = screen(calendar="")
    assert app.selectbox(key="calendar").value == "weekdays"
    app.selectbox(key="calendar").select("other")
    run(app)
    assert "Give the code of the country" in app.main.info[0].value
    app.text_input(key="code").set_value("US-NY")
    run(app)
    assert "calendar US-NY" in summary(app)
    assert app.query_params["calendar"] == "US-NY"
    app.text_input(key="code").set_value("US-XX")
    run(app)
    assert "US-XX" in said(app.sidebar.error)
    assert app.date_input(key="ulrrc/start").value == date(2026, 3, 2)


def test_a_link_shows_the_same_again() -> None:
    first = screen("checks", set__cycles="5", decide__management="surgery", calendar="US-NY", month="2026-07", visit="SURG")
    again = opened("plan", {name: text for name, text in dict(first.query_params).items()})
    assert dict(again.query_params) == dict(first.query_params)
    assert again.number_input(key="ulrrc/set.cycles").value == 5
    assert again.session_state[VIEW] == "checks"


def test_a_birth_year_is_neither_written_to_a_link_nor_taken_from_one() -> None:
    app = screen("checks", set__birth_year="1960")
    assert app.number_input(key="ulrrc/set.birth_year").value is None
    app.number_input(key="ulrrc/set.birth_year").set_value(1960)
    run(app)
    assert "set.birth_year" not in app.query_params
    assert "set.cycles" in app.query_params
    app.query_params["set.cycles"] = "5"
    run(app)
    assert app.number_input(key="ulrrc/set.cycles").value == 5
    assert app.number_input(key="ulrrc/set.birth_year").value == 1960


def _head_of_a_marked_protocol() -> None:
    from dataclasses import replace

    from planner.protocol.library import load_protocol
    from planner.ui.components.empty_states import no_protocol
    from planner.ui.components.header import head

    protocol = replace(load_protocol("ulrrc"), title="A *b* [c](http://d)", registry="$e$")
    with head(protocol):
        no_protocol({"ulrrc": protocol}, {})


def test_a_protocol_s_texts_are_no_markdown() -> None:
    app = run(AppTest.from_function(_head_of_a_marked_protocol, default_timeout=30))
    texts = [app.title[0].value, *(element.value for element in app.markdown)]
    assert sum(unformatted("A *b* [c](http://d)") in text for text in texts) == 2
    assert not any("*b*" in text or "](http:" in text or "[c]" in text for text in texts)
    assert sum(r"\$e\$" in text for text in texts) == 2


def test_branches_stand_side_by_side() -> None:
    app = screen("branches")
    for text in ('<th scope="col">Surgery</th>', '<th scope="col">Maintenance</th>', "M1: Maintenance 1", "Fri 3 Jul 2026"):
        assert text in html(app)
    assert "F1: SBRT fraction 1" not in html(app)
    assert any("If it is decided on the planned day of MDT, Fri 15 May 2026: 3 possible" in text.value for text in app.main.markdown)
    app.checkbox(key="branches.every").check()
    run(app)
    assert "F1: SBRT fraction 1" in html(app)


def test_decided_branches_are_said_to_be_decided() -> None:
    app = screen("branches", decide__management="surgery")
    assert any("Every decision is made" in text.value for text in app.main.markdown)


def test_checks_are_listed_worst_first() -> None:
    app = screen("checks", milestone__PRIOR_RT_END="2025-12-01")
    table = html(app)
    assert table.index("warning") < table.index("✓ passed")
    for text in ("End of previous radiotherapy: Mon 1 Dec 2025", "more than 6 months", "SBRT.first: Mon 16 Mar 2026"):
        assert text in table
    assert any("Previous radiotherapy" in text.value for text in app.main.markdown)


def test_a_better_start_is_one_click_away() -> None:
    app = screen("starts", start="2026-02-09", milestone__CONSENT="2026-01-20", on="2026-01-20")
    assert any("Only days are judged here" in text.value for text in app.main.markdown)
    button = app.button(key="better start in the view")
    button.click()
    run(app)
    assert app.date_input(key="ulrrc/start").value != date(2026, 2, 9)
    assert any("every visit fits" in text.value for text in app.main.markdown)


def test_the_table_has_all_columns_and_a_text() -> None:
    app = screen("table")
    frame = app.dataframe[0].value
    assert {
        "visit",
        "study_day",
        "anchor",
        "nominal",
        "earliest",
        "latest",
        "planned",
        "effective",
        "certainty",
        "flags",
        "to_confirm",
    } <= set(frame.columns)
    assert len(frame) == 27
    headers = json.loads(app.dataframe[0].proto.columns)
    assert (headers["effective"]["label"], headers["anchor"]["label"]) == ("Date", "Counted from")
    first = list(app.dataframe[0].proto.column_order)[:6]
    assert first == ["visit", "name", "effective", "planned", "status", "flags"]
    assert sum(headers[name]["width"] for name in first) < 900
    assert "ASSESS: Assessment after SBRT" in html(app)
    app.selectbox(key="table.visit").select("ASSESS")
    run(app)
    assert any("Labor Day" in element.proto.json for element in app.main.get("bidi_component"))
    assert app.query_params["visit"] == "ASSESS"


def test_uncertain_visits_are_shown_on_demand() -> None:
    app = screen("table")
    app.checkbox(key="view.all").check()
    run(app)
    assert "SURG" in set(app.dataframe[0].value["visit"])


@pytest.mark.parametrize("view", PLAN_VIEWS)
@pytest.mark.parametrize("protocol", ["ulrrc", "crlm"])
def test_every_view_can_be_drawn(view: str, protocol: str) -> None:
    app = screen(view, protocol, visit="MDT", all="yes", month="2026-05")
    assert not app.error


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "x", "2026-00"])
def test_a_month_that_is_none_is_left_aside(month: str) -> None:
    assert summary(screen(month=month))


def test_a_faulty_protocol_is_named_with_its_faults() -> None:
    def page() -> None:
        from planner.protocol.errors import ProtocolError, ProtocolErrors
        from planner.ui.components.empty_states import no_protocol

        no_protocol({}, {"broken": ProtocolErrors([ProtocolError(3, 7, "unknown-key", "`visit` is no key; did you mean `visits`?")])})

    app = run(AppTest.from_function(page))
    assert "broken" in app.error[0].value
    assert "line 3, column 7" in app.code[0].value
    assert "Put a protocol file into the folder" in app.info[0].value
