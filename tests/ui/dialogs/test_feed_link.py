"""Making a feed of a subject: its address is shown once, and what cannot be made is said before anything is written."""

import pytest

from planner.records.people.settings import read_settings
from planner.records.store.database import open_database
from tests.ui.dialogs.dialog_screens import dialog, grant, key, press
from tests.ui.screens import texts

SUBJECT = "ulrrc/BEI-004"


@pytest.fixture
def reached(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "https://planner.example.org")
    return demo_screens


def feeds(url: str) -> list[tuple[str, str, str, str]]:
    with open_database(url).reading() as connection:
        return [(feed.code, feed.person, feed.of, feed.language) for feed in read_settings(connection).feeds.values()]


def test_the_address_is_shown_once(reached: str) -> None:
    at = press(dialog("feed", SUBJECT, language="zh-CN"), "make")
    web, webcal = (code.value for code in at.code)
    assert web.startswith("https://planner.example.org/feed/")
    assert webcal.startswith("webcal://planner.example.org/feed/")
    assert feeds(reached) == [("F1", "nurse1", SUBJECT, "zh-CN")]
    press(at, "close")
    assert not at.code
    again = dialog("feed", SUBJECT)
    assert not again.code
    assert "There are already: F1 (nurse1, phone)." in texts(again)


def test_a_purpose_is_a_word_and_taken_once(reached: str) -> None:
    press(dialog("feed", SUBJECT), "make")
    at = press(dialog("feed", SUBJECT), "make")
    assert "has a feed for phone already" in at.error[0].value
    at.text_input(key=key("purpose")).set_value("Anna's phone").run()
    press(at, "make")
    assert "never a name" in at.error[0].value
    assert len(feeds(reached)) == 1


def test_without_an_address_that_may_be_used_nothing_is_made(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "http://planner.example.org")
    at = press(dialog("feed", SUBJECT), "make")
    assert r"Write https\::small[]//planner.example.org" in at.error[0].value
    assert feeds(demo_screens) == []


def test_a_reader_may_have_a_feed_of_what_may_be_read(reached: str) -> None:
    grant(reached, "nurse1", "reader")
    press(dialog("feed", SUBJECT), "make")
    assert [feed[:3] for feed in feeds(reached)] == [("F1", "nurse1", SUBJECT)]
