"""The first run without a browser: the demonstration, a first site, the tour; help and menu."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from planner.records.people.settings import read_settings
from planner.records.pinned.contents import PinnedContents
from planner.records.store.database import open_database
from planner.ui import first_run, help_texts
from planner.ui.help_texts import FROM_THE_DOCUMENTATION, documented, sections, shown
from planner.ui.language import LANGUAGES
from planner.ui.places import PLACES
from tests.ui.screens import opened, texts


def the_site(url: str) -> tuple[str, str, str, str]:
    """Code, pattern, name of the calendar and contact of the only site."""
    database = open_database(url)
    with database.reading() as connection:
        settings = read_settings(connection)
        (site,) = settings.sites.values()
        calendar = PinnedContents(connection).calendar(site.calendar_hash)
    database.close()
    return site.code, site.subject_pattern, calendar.name, settings.contacts.get(site.code, "")


@pytest.mark.parametrize("page", ["today", "subjects", "new-subject", "audit"])
def test_every_page_offers_how_to_begin(page: str, no_screens_yet: str) -> None:
    at = opened(page)
    assert at.title[0].value == "Welcome to the trial visit planner"
    assert "Nobody of them exists" in texts(at)


def test_one_press_makes_the_demonstration(no_screens_yet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill = first_run.fill_with_demo
    asked = []

    def noted(connection: Connection, seed: int, on: object) -> object:
        asked.append(on)
        return fill(connection, seed, on)  # type: ignore[arg-type]

    monkeypatch.setattr(first_run, "fill_with_demo", noted)
    at = opened()
    at.button(key="first-run.fill").click().run(timeout=120)
    assert not at.exception
    assert at.title[0].value == "Today"
    assert "All its subjects are invented" in texts(at)
    assert len(asked) == 1
    assert "Tour, step 1 of 3" in texts(at)
    at.button(key="tour.next").click().run()
    assert at.title[0].value == "Subjects"
    at.button(key="tour.next").click().run()
    assert at.title[0].value.startswith("Subject ")
    assert "Tour, step 3 of 3" in texts(at)
    at.button(key="tour.back").click().run()
    assert at.title[0].value == "Subjects"
    at.button(key="tour.close").click().run()
    assert "Tour, step" not in texts(at)


def test_a_database_that_is_not_empty_gets_no_demonstration(demo_screens: str) -> None:
    at = opened()
    assert not [button for button in at.button if button.key == "first-run.fill"]


def test_a_site_of_one_s_own(no_screens_yet: str) -> None:
    at = opened()
    at.text_input(key="site.code").set_value("PEK").run()
    assert "PEK-001" in texts(at)
    at.number_input(key="site.digits").set_value(4).run()
    at.text_input(key="site.contact").set_value("Study office, 010 5555 0100").run()
    at.button(key="site.save").click().run()
    assert not at.exception
    assert at.title[0].value == "New subject"
    assert "Site PEK is set up" in texts(at)
    assert the_site(no_screens_yet) == ("PEK", r"PEK-\d{4}", "CN", "Study office, 010 5555 0100")


def test_a_site_with_a_pattern_and_another_country(no_screens_yet: str) -> None:
    at = opened()
    at.text_input(key="site.code").set_value("SITE-02").run()
    at.checkbox(key="site.own-pattern").check().run()
    at.text_input(key="site.pattern").set_value(".*").run()
    assert "lets anything pass" in texts(at)
    at.text_input(key="site.pattern").set_value(r"(A|B)-\d{2}").run()
    assert "A-01" in texts(at).replace("\\", "")
    at.selectbox(key="site.calendar").set_value("other").run()
    at.button(key="site.save").click().run()
    assert "Give the code of the country or region first" in texts(at)
    at.text_input(key="site.country").set_value("DE-BY").run()
    at.button(key="site.save").click().run()
    assert the_site(no_screens_yet)[:3] == ("SITE-02", r"(A|B)-\d{2}", "DE-BY")


@pytest.mark.parametrize(("code", "why"), [("", "Give the site a code first"), ("pek", "capital letters")])
def test_a_site_without_a_right_code_is_not_made(code: str, why: str, no_screens_yet: str) -> None:
    at = opened()
    at.text_input(key="site.code").set_value(code).run()
    at.button(key="site.save").click().run()
    assert why in texts(at)
    assert not Path(no_screens_yet.removeprefix("sqlite:///")).exists()


def test_the_language_is_switched_in_place(demo_screens: str) -> None:
    at = opened("help", {"topic": "keyboard"})
    assert at.subheader[0].value == "Keyboard"
    at.get("button_group")[0].set_value("zh-CN").run()
    assert not at.exception
    assert at.subheader[0].value == "键盘"
    assert at.query_params["lang"] == ["zh-CN"] or at.query_params["lang"] == "zh-CN"
    assert "topic" in at.query_params


def test_the_tour_can_be_taken_again(demo_screens: str) -> None:
    at = opened("help")
    assert "Tour, step" not in texts(at)
    at.button(key="help.tour").click().run()
    assert at.title[0].value == "Today"
    assert "Tour, step 1 of 3" in texts(at)


def test_the_help_has_the_same_parts_in_all_languages_and_one_for_each_page() -> None:
    topics = [[section.topic for section in sections(spoken)] for spoken in LANGUAGES]
    assert topics[0] == topics[1]
    assert set(PLACES) - {"help"} <= set(topics[0])
    assert "keyboard" in topics[0]


@pytest.mark.parametrize(("file", "heading"), FROM_THE_DOCUMENTATION)
def test_the_documentation_has_the_parts_that_the_help_shows(file: str, heading: str) -> None:
    assert documented(file, heading)
    assert ".md)" not in documented(file, heading)


def test_the_documentation_is_shown_without_links_to_files() -> None:
    text = "See [the `rules`](date-rules.md#r4), `$HOME`, $5 and [NCT](https://example.org)"
    assert shown(text) == r"See the `rules`, `$HOME`, \$5 and [NCT](https://example.org)"


def test_a_missing_documentation_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_screens: str) -> None:
    monkeypatch.setattr(help_texts, "DOCUMENTATION", tmp_path)
    sections.cache_clear()
    documented.cache_clear()
    try:
        at = opened("help")
        assert "The documentation is not installed" in texts(at)
    finally:
        sections.cache_clear()
        documented.cache_clear()
