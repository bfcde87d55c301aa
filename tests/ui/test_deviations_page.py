"""The page Deviations and the dialog in which one is classed, without a browser."""

import json
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.records.lists.deviations import Deviation, deviations
from planner.records.store.database import open_database
from tests.ui.dialogs.dialog_screens import NURSE, can_save, dialog, give_reason, grant, key, press, subject_of, view, write
from tests.ui.screens import opened, texts

SUBJECT, KEY = "ulrrc/BEI-004", "out_of_window:F1"


def table(at: AppTest) -> str:
    """The ledger's table, as HTML; "" where there is none."""
    data = [json.loads(element.proto.json) for element in at.get("bidi_component")]
    return "".join(str(one["html"]) for one in data if 'class="list deviations"' in str(one.get("html")))


def lines(at: AppTest) -> int:
    return table(at).count('role="rowheader"')


def address(at: AppTest) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items() if name != "lang"}


def line(url: str) -> Deviation:
    with open_database(url).reading() as connection:
        return next(line for line in deviations(connection, NURSE, subjects=[subject_of(SUBJECT)]) if line.key == KEY)


def classed(url: str, value: str, note: str = "") -> None:
    write(url, SUBJECT, NewFact(Kind.DEVIATION_CLASSED, item=KEY, value=value, reason="holiday", note=note))


def choose(at: AppTest, value: str) -> AppTest:
    return at.radio(key=key("class")).set_value(value).run()


# --- the page


def test_the_newest_stands_first(demo_screens: str) -> None:
    html = table(opened("deviations"))
    assert html.index("BEI-004") < html.index("BEI-020")
    assert "F1 took place on Tue 3 Nov 2026, 1 day after its window, Mon 26 Oct 2026 to Mon 2 Nov 2026." in html
    assert "out of window, 1 day too late" in html
    assert html.count('data-choose="classify"') == html.count('data-choose="open"') == 50


def test_filters_stand_in_the_address(demo_screens: str) -> None:
    asked = {"view": "proposed", "site": "BEI", "study": "crlm", "kind": "missed"}
    at = opened("deviations", asked)
    assert (address(at), lines(at)) == (asked, 1)
    at.selectbox[2].set_value("").run()
    assert address(at) == {name: text for name, text in asked.items() if name != "kind"}
    assert lines(at) > 1


def test_nothing_matches(demo_screens: str) -> None:
    at = opened("deviations", {"view": "important"})
    assert "There is no deviation like this." in texts(at)
    at.button(key="deviations.clear").click().run()
    assert (address(at), lines(at)) == ({}, 50)


def test_a_judgement_is_shown_with_who_when_and_why(demo_screens: str) -> None:
    classed(demo_screens, "not_important", "The linac was closed <b>all week</b>")
    html = table(opened("deviations", {"view": "not_important"}))
    assert "doctor2, Fri 20 Nov 2026 06:00 UTC" in html
    assert "A public holiday" in html
    assert "The linac was closed &lt;b&gt;all week&lt;/b&gt;" in html
    assert "Class anew" in html


def test_a_withdrawn_one_stays_and_cannot_be_classed(demo_screens: str) -> None:
    classed(demo_screens, "important")
    number = next(fact.number for fact in view(demo_screens, SUBJECT).facts if fact.kind is Kind.VISIT_DONE and fact.said.item == "F1")
    day = date(2026, 11, 2)
    write(demo_screens, SUBJECT, NewFact(Kind.VISIT_DONE, item="F1", day=day, replaces=number, reason="source_checked"))
    html = table(opened("deviations", {"view": "withdrawn"}))
    assert "Classed important, and no longer a deviation" in html
    assert 'data-choose="classify"' not in html
    at = dialog("classify", SUBJECT, entry=KEY)
    assert "This deviation is withdrawn" in texts(at)
    assert not can_save(at)


@pytest.mark.parametrize(("role", "may"), [("reader", False), ("nurse", False), ("coordinator", True), ("investigator", True)])
def test_only_who_may_class_sees_the_button(role: str, may: bool, demo_screens: str) -> None:
    grant(demo_screens, "nurse1", role)
    html = table(opened("deviations"))
    assert ('data-choose="classify"' in html) == may
    assert 'data-choose="open"' in html


def test_chinese(demo_screens: str) -> None:
    at = opened("deviations", language="zh-CN")
    assert at.title[0].value == "方案偏离"
    assert "超出窗口期、延迟 1 天" in table(at)
    assert "took place" not in table(at)


# --- the dialog


def test_a_deviation_is_classed_and_explained(demo_screens: str) -> None:
    at = dialog("classify", SUBJECT, entry=KEY)
    assert "F1 took place on Tue 3 Nov 2026" in texts(at).replace("\\", "")
    assert not can_save(at)
    give_reason(choose(at, "important"), "holiday")
    at.text_area(key=key("change.note")).set_value("First day after the holidays").run()
    press(at, "change.save")
    found = line(demo_screens)
    assert (found.status, found.reason, found.explanation, found.classed_by) == (
        "important",
        "holiday",
        "First day after the holidays",
        "nurse1",
    )


def test_nothing_is_classed_without_saying_why(demo_screens: str) -> None:
    for value in ("important", "not_important"):
        at = choose(dialog("classify", SUBJECT, entry=KEY), value)
        assert not can_save(at)
        assert "Say why the deviation is important or not: pick a reason, or write a note." in texts(at)
        at.text_area(key=key("change.note")).set_value("Seen by the investigator").run()
        assert can_save(at)


def test_classing_anew_asks_why(demo_screens: str) -> None:
    classed(demo_screens, "important", "too early to say")
    at = choose(dialog("classify", SUBJECT, entry=KEY), "not_important")
    assert "Classed before: important" in texts(at)
    assert not can_save(at)
    press(give_reason(at, "source_checked"), "change.save")
    assert line(demo_screens).status == "not_important"


def test_somebody_else_classed_meanwhile(demo_screens: str) -> None:
    at = choose(dialog("classify", SUBJECT, entry=KEY), "important")
    classed(demo_screens, "not_important")
    give_reason(at, "holiday")
    assert not can_save(at)
    assert at.radio(key=key("class")).value == "important"
    press(at, "change.again")
    press(at, "change.save")
    assert (line(demo_screens).status, line(demo_screens).classed_by) == ("important", "nurse1")


def test_a_nurse_is_refused_by_the_records(demo_screens: str) -> None:
    grant(demo_screens, "nurse1", "nurse")
    at = dialog("classify", SUBJECT, entry=KEY)
    assert "may not class deviations" in texts(at)
    assert not at.radio
    assert not can_save(at)
    assert line(demo_screens).status == "proposed"


def test_a_key_that_is_gone(demo_screens: str) -> None:
    at = dialog("classify", SUBJECT, entry="missed:NOTHING")
    assert "no longer propose this deviation" in texts(at)
    assert not can_save(at)
