"""The page Today without a browser."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.store.database import open_database
from tests.ui.dialogs.dialog_screens import grant
from tests.ui.screens import opened, texts


def shown(at: AppTest) -> str:
    """The table, as HTML; "" where there is none."""
    return "".join(element.proto.json for element in at.get("bidi_component"))


def lines(at: AppTest) -> int:
    return shown(at).count("rowheader")


def chosen(at: AppTest) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items() if name != "lang"}


def test_the_most_urgent_stands_first_with_what_can_be_done(demo_screens: str) -> None:
    at = opened()
    assert at.title[0].value == "Today"
    assert "As of today, Fri 20 Nov 2026" in texts(at)
    html = shown(at)
    assert html.index("BEI-018") < html.index("NYC-018")
    assert "35 days past" in html
    assert "booked 38 days ago, nothing recorded" in html
    assert "11 visits wait" in html
    assert 'data-choose=\\"done\\"' in html
    assert lines(at) == 50


def test_a_link_holds_what_is_looked_at(demo_screens: str) -> None:
    asked = {"view": "unbooked", "site": "NYC", "study": "crlm", "kind": "treatment", "on": "2026-11-27"}
    at = opened("today", asked)
    assert chosen(at) == asked
    assert [box.value for box in at.selectbox] == ["NYC", "crlm", "treatment"]
    assert "BEI" not in shown(at)
    assert "if nothing more were recorded" in texts(at)


def test_filters_and_day_go_into_the_address(demo_screens: str) -> None:
    at = opened("today", {"row": "51"})
    assert lines(at) == 3
    at.selectbox[0].set_value("NYC").run()
    assert chosen(at) == {"site": "NYC"}
    at.selectbox[0].set_value("").run()
    assert chosen(at) == {}
    assert lines(at) == 50
    at.button(key="today.after").click().run()
    assert (chosen(at), lines(at)) == ({"row": "51"}, 3)


def test_nothing_matches(demo_screens: str) -> None:
    at = opened("today", {"view": "unconfirmed", "site": "NYC"})
    assert "There is nothing like this to see to." in texts(at)
    assert not at.get("download_button")
    at.button(key="today.clear").click().run()
    assert chosen(at) == {}
    assert lines(at) == 50


@pytest.mark.parametrize(
    "entry", [{"site": "<b>XYZ</b>"}, {"view": "nothing"}, {"on": "2026-02-31"}, {"on": "9999-01-01"}, {"row": "9" * 30}]
)
def test_a_stale_link_shows_everything(entry: dict[str, str], demo_screens: str) -> None:
    at = opened("today", entry)
    assert lines(at) == 50
    assert chosen(at) == {}
    assert ("nothing here is called" in texts(at)) == bool({"site", "view"} & set(entry))


def test_chinese(demo_screens: str) -> None:
    at = opened("today", {"view": "overdue"}, language="zh-CN")
    assert at.title[0].value == "今天"
    assert "窗口期已结束，日期已过，尚无记录。" in texts(at)
    assert "\\u7ef4\\u6301\\u6cbb\\u7597" in shown(at) or "维持治疗" in shown(at)


def test_a_reader_sees_all_and_can_only_open(demo_screens: str) -> None:
    grant(demo_screens, "nurse1", "reader")
    html = shown(opened())
    assert 'data-choose=\\"open\\"' in html
    assert 'data-choose=\\"done\\"' not in html
    assert 'data-choose=\\"book\\"' not in html


def test_who_may_read_nothing_is_told_why(demo_screens: str) -> None:
    grant(demo_screens, "somebody", "nurse")
    at = opened()
    assert "nurse1 may not read at any site" in texts(at)
    assert not lines(at)


def test_without_subjects_it_says_what_to_do(no_screens_yet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_database(no_screens_yet).close()
    monkeypatch.setattr("planner.ui.main._is_anything_recorded", lambda: True)
    at = opened()
    assert "There is no subject yet." in texts(at)
    assert at.button(key="today.enrol")


def test_a_line_offers_what_the_dialog_offers(demo_screens: str) -> None:
    """A start is never missed: it is moved, or the subject leaves."""
    at = opened("today", {"on": "2027-01-15", "site": "NYC", "study": "crlm"})
    offered = set(re.findall(r'data-choose=\\"(\w+)\\" data-value=\\"[^"]*subject=([\w-]+)&amp;visit=(\w+)', shown(at)))
    assert {("done", "NYC-005", "C1D1"), ("move", "NYC-005", "C1D1")} <= offered
    assert not {(act, visit) for act, _, visit in offered if (act, visit) == ("missed", "C1D1")}
    assert any(act == "missed" for act, _, _ in offered)
