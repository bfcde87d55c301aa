"""Links to what is not there (any more), the tab's title, and the language that links carry: said, cleaned, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from planner.ui import link
from planner.ui.language import speaking
from planner.ui.places import PLACES, tab_title
from tests.ui.screens import APP, SECONDS, opened, texts


@pytest.mark.parametrize(
    ("page", "entries", "sentence", "gone"),
    [
        ("subject", {"subject": "ulrrc/BEI-004", "visit": "XYZ"}, "There is no visit XYZ here", "visit"),
        ("settings", {"view": "calendars", "site": "ZZZ"}, "Site: nothing here is called ZZZ, so BEI is shown.", ""),
        ("settings", {"view": "nothing"}, "Show: nothing here is called nothing, so Sites is shown.", "view"),
        ("deviations", {"view": "zzz"}, "Show: nothing here is called zzz, so", "view"),
        ("today", {"view": "zzz"}, "Show: nothing here is called zzz, so", "view"),
        ("today", {"site": "ZZZ"}, "Site: nothing here is called ZZZ, so all are shown.", "site"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said_once(
    page: str, entries: Mapping[str, str], sentence: str, gone: str, demo_screens: str
) -> None:
    at = opened(page, entries)
    assert sentence in texts(at)
    assert gone not in at.query_params
    assert not any("ZZZ" in str(value) for value in at.query_params.values())
    at.run()
    assert sentence not in texts(at)


def test_entries_that_the_deviations_cannot_go_by_are_named_in_the_first_link_alone(demo_screens: str) -> None:
    at = opened("deviations", {"subject": "ulrrc/BEI-999"})
    assert "so it is left out: subject." not in texts(at)  # another page came first, whose entries the address may hold
    fresh = AppTest.from_file(APP, default_timeout=SECONDS)
    fresh.query_params["subject"] = "ulrrc/BEI-999"
    fresh.switch_page("planner/ui/pages/deviations.py").run()
    assert "so it is left out: subject." in texts(fresh)
    assert "subject" not in fresh.query_params


def test_the_sentence_about_a_filter_stands_below_all_filters(demo_screens: str) -> None:
    at = opened("today", {"site": "ZZZ"})
    order = [
        element.proto.label if element.type == "selectbox" else element.value
        for element in at.main
        if element.type in ("selectbox", "caption")
    ]
    assert order.index("Kind of visit") < next(place for place, text in enumerate(order) if "nothing here is called" in text)


def test_the_tab_is_called_by_what_it_shows() -> None:
    assert tab_title(PLACES["today"].title) == "Today – Trial visit planner"
    with speaking("zh-CN"):
        assert tab_title(PLACES["today"].title).endswith("– 临床试验访视计划")


def test_each_page_and_each_subject_has_a_title_of_its_own(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    titles: list[str] = []
    monkeypatch.setattr(st, "set_page_config", lambda page_title="", **_: titles.append(page_title))
    for page, entries, title in (
        ("calendar", {}, "Calendar – Trial visit planner"),
        ("subject", {"subject": "ulrrc/BEI-004"}, "BEI-004 – Trial visit planner"),
    ):
        opened(page, entries)
        assert titles[-1] == title


def test_the_language_is_carried_where_the_browser_would_choose_another(monkeypatch: pytest.MonkeyPatch) -> None:
    class Chinese:
        locale = "zh-CN"

    assert link.language_entry() == {}
    with speaking("zh-CN"):
        assert link.language_entry() == {"lang": "zh-CN"}
    monkeypatch.setattr(st, "context", Chinese())
    assert link.language_entry() == {"lang": "en"}


def test_the_menu_is_told_the_language_to_carry(demo_screens: str) -> None:
    def carried(language: str) -> str:
        at = opened("today", language=language)
        return "".join(element.proto.json for element in at.get("bidi_component"))

    assert '"carried":"zh-CN"' in carried("zh-CN").replace(" ", "")
    assert '"carried":""' in carried("en").replace(" ", "")


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-04-01", date(2026, 4, 1)), ("", None), ("soon", None), ("0001-01-01", None), ("9999-01-01", None), ("2026-02-30", None)],
)
def test_a_day_in_a_link(text: str, day: date | None) -> None:
    assert link.day_of(text) == day
