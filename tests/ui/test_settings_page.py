"""The page Settings without a browser: sites, resources, feeds, people; who may see and change what."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.caller import Caller
from planner.records.facts.fact import ADMINISTRATION, Fact
from planner.records.facts.kinds import Kind
from planner.records.people.settings import Settings, read_settings
from planner.records.store.database import open_database
from planner.records.store.log import read_facts
from planner.ui.settings.people import role_lines
from planner.ui.settings.resources import resource_lines
from planner.ui.settings.years import years_words
from tests.ui.clock import MOMENT
from tests.ui.roles import grant_at
from tests.ui.screens import opened, texts

NURSE = Caller("nurse1", MOMENT)


@pytest.fixture(autouse=True)
def _reached_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "https://planner.example.org")


def view(name: str, **entries: str) -> AppTest:
    return opened("settings", {"view": name, **entries})


def listed(at: AppTest) -> str:
    """The lists with buttons, as HTML."""
    return "".join(str(json.loads(element.proto.json).get("html", "")) for element in at.get("bidi_component"))


def settings(url: str) -> Settings:
    with open_database(url).reading() as connection:
        return read_settings(connection)


def newest(url: str) -> Fact:
    with open_database(url).reading() as connection:
        return read_facts(connection, ADMINISTRATION)[-1]


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def ask(at: AppTest, what: str, value: object) -> AppTest:
    """As if the button of a line had been pressed."""
    at.session_state[what] = value
    return at.run()


# --- sites


def test_sites_are_listed_with_what_is_known_of_them(demo_screens: str) -> None:
    said = texts(opened("settings"))
    assert "BEI-[0-9]{3}, such as BEI-001" in said
    assert "CN (Asia/Shanghai)" in said
    assert "Sat 31 Dec 2059" not in said
    assert "Wed 31 Dec 2059" in said


def test_a_site_is_changed(demo_screens: str) -> None:
    at = opened("settings")
    assert at.button(key="settings.change").disabled
    at.text_input(key="settings.0.BEI.pattern").set_value(r"BEI-\d{4}").run()
    at.text_input(key="settings.0.BEI.contact").set_value("Study office, 010 5555 0100").run()
    press(at, "settings.change")
    found = settings(demo_screens)
    assert found.sites["BEI"].subject_pattern == r"BEI-\d{4}"
    assert found.contacts["BEI"] == "Study office, 010 5555 0100"
    assert "Site BEI is changed." in texts(at)
    assert "Study office, 010 5555 0100" in texts(at)


def test_a_pattern_that_lets_names_pass_is_refused_and_stays(demo_screens: str) -> None:
    at = opened("settings")
    at.text_input(key="settings.0.BEI.pattern").set_value("[a-z]{9}").run()
    press(at, "settings.change")
    assert "lets numbers without any digit pass" in texts(at)
    assert at.text_input(key="settings.0.BEI.pattern").value == "[a-z]{9}"
    assert settings(demo_screens).sites["BEI"].subject_pattern == "BEI-[0-9]{3}"


def test_a_site_is_added_once(demo_screens: str) -> None:
    at = opened("settings")
    at.text_input(key="settings.0.new.code").set_value("SHA").run()
    press(at, "settings.0.new.save")
    assert settings(demo_screens).sites["SHA"].subject_pattern == r"SHA-\d{3}"
    at.text_input(key="settings.1.new.code").set_value("SHA").run()
    press(at, "settings.1.new.save")
    assert "There is a site SHA already." in texts(at)


# --- resources


def test_resources_are_given_numbers_and_lose_them(demo_screens: str) -> None:
    at = view("resources", site="BEI")
    assert "linac" in texts(at)
    at.number_input(key="settings.0.BEI.linac").set_value(4).run()
    press(at, "settings.capacities")
    assert settings(demo_screens).capacities == {("BEI", "linac"): 4}
    at.number_input(key="settings.1.BEI.linac").set_value(None).run()
    press(at, "settings.capacities")
    assert settings(demo_screens).capacities == {}


def test_what_nothing_names_any_more_is_said() -> None:
    assert resource_lines({"pet": 2}, frozenset({"linac"})) == [
        ("linac", "the site's calendar, a protocol or a booking", "not known"),
        ("pet", "nothing any more", "2"),
    ]


# --- feeds


def test_a_feed_is_made_rotated_and_ended(demo_screens: str) -> None:
    at = view("feeds")
    press(at, "settings.feed.make")
    assert "Feed F1 is made." in texts(at)
    first = at.code[0].value
    assert first.startswith("https://planner.example.org/feed/")
    press(at, "settings.feed.copied")
    assert not at.code
    assert "site: BEI" in listed(at)
    assert "never" in listed(at)

    ask(at, "settings.feed-asked", ("rotate", "F1"))
    assert "The old one stops working at once" in texts(at)
    press(at, "settings.feed.do")
    assert at.code[0].value != first
    press(at, "settings.feed.copied")

    press(ask(at, "settings.feed-asked", ("revoke", "F1")), "settings.feed.leave")
    assert "F1" in settings(demo_screens).feeds
    press(ask(at, "settings.feed-asked", ("revoke", "F1")), "settings.feed.do")
    assert settings(demo_screens).feeds == {}
    assert "its address is not found any more" in texts(at)
    assert "There is no feed yet." in texts(at)


def test_the_address_of_a_feed_is_not_shown_again_after_another_page(demo_screens: str) -> None:
    at = press(view("feeds"), "settings.feed.make")
    assert at.code
    at.button(key="settings.feed.make").click().run()
    assert at.code, "it stands there until it is copied"
    at.switch_page("planner/ui/pages/today.py").run()
    at.query_params.clear()
    at.query_params["view"] = "feeds"
    at.switch_page("planner/ui/pages/settings.py").run()
    assert "site: BEI" in listed(at)
    assert not at.code
    assert "Copy its address now" not in texts(at)


def test_a_second_feed_for_the_same_purpose_is_refused(demo_screens: str) -> None:
    at = view("feeds")
    press(at, "settings.feed.make")
    press(at, "settings.feed.make")
    assert "nurse1 has a feed for phone already" in texts(at)


# --- people


def test_the_first_grant_is_an_administrator(demo_screens: str) -> None:
    at = view("people")
    assert "Nobody has a role yet" in texts(at)
    assert at.selectbox(key="settings.0.grant.role").options == ["administrator"]
    at.text_input(key="settings.0.grant.person").set_value("boss1").run()
    assert "may do nothing here until boss1 grants a role" in texts(at)
    press(at, "settings.grant.save")
    assert "Granted: boss1, administrator, all sites" in texts(at)
    # nurse1 has no role now: the page says who gives one.
    assert "ask boss1 to grant it" in texts(at)


def test_roles_are_granted_and_taken_back(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "administrator")
    at = view("people")
    at.text_input(key="settings.0.grant.person").set_value("nurse2").run()
    at.selectbox(key="settings.0.grant.role").set_value("nurse").run()
    at.selectbox(key="settings.0.grant.site").set_value("BEI").run()
    press(at, "settings.grant.save")
    assert newest(demo_screens).said.item == "nurse2"
    assert "nurse2" in listed(at)
    ask(at, "settings.grant-asked", "person=nurse2&role=nurse&site=BEI")
    press(at, "settings.grant.revoke")
    assert newest(demo_screens).kind is Kind.PERSON_REVOKED
    assert "Taken back: nurse2, nurse, BEI" in texts(at)


def test_nothing_is_asked_of_a_role_that_is_granted_again(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "administrator")
    at = ask(view("people"), "settings.grant-asked", "person=boss1&role=administrator&site=%2A")
    assert "Take this role back?" in texts(at)
    press(at, "settings.grant.revoke")
    assert "settings.grant-asked" not in at.session_state
    at.text_input(key="settings.1.grant.person").set_value("boss1").run()
    at.selectbox(key="settings.1.grant.role").set_value("administrator").run()
    press(at, "settings.grant.save")
    assert "boss1" in listed(at)
    assert "Take this role back?" not in texts(at)


def test_a_refused_taking_back_can_be_left(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "administrator")
    press(ask(view("people"), "settings.grant-asked", "person=boss1&role=administrator&site=%2A"), "settings.grant.revoke")
    at = ask(view("people"), "settings.grant-asked", "person=nurse1&role=administrator&site=%2A")
    press(at, "settings.grant.revoke")
    assert "Then nobody could administer any more." in texts(at)
    press(at, "settings.grant.leave")
    assert "Take this role back?" not in texts(at)


def test_the_last_administrator_stays(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "administrator")
    at = ask(view("people"), "settings.grant-asked", "person=boss1&role=administrator&site=%2A")
    press(at, "settings.grant.revoke")
    ask(at, "settings.grant-asked", "person=nurse1&role=administrator&site=%2A")
    assert "It is your own" in texts(at)
    press(at, "settings.grant.revoke")
    assert "Then nobody could administer any more." in texts(at)


def test_a_name_is_no_account(demo_screens: str) -> None:
    at = view("people")
    at.text_input(key="settings.0.grant.person").set_value("Wang Li").run()
    press(at, "settings.grant.save")
    assert not settings(demo_screens).grants
    assert at.error


def test_every_role_and_action_is_in_the_table() -> None:
    lines = {line[0]: line[1:] for line in role_lines()}
    assert lines["record visits"] == ("–", "✓ yes", "✓ yes", "✓ yes", "–")
    assert lines["administer"] == ("–", "–", "–", "–", "✓ yes")


# --- rights


@pytest.mark.parametrize("name", ["sites", "calendars", "resources", "people"])
def test_a_nurse_is_told_what_it_takes_and_changes_nothing(demo_screens: str, name: str) -> None:
    grant_at(demo_screens, "nurse1", "nurse", "BEI")
    at = view(name)
    assert "It takes the role administrator; ask boss1 to grant it." in texts(at)
    assert not [button for button in at.button if "Save" in button.label or "Grant" in button.label or "Show what" in button.label]
    assert "NYC" not in texts(at) + listed(at)
    assert "boss1" not in listed(at)


def test_a_nurse_makes_feeds_of_her_own_only(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "nurse", "BEI")
    at = view("feeds")
    assert not [field for field in at.text_input if "account" in field.label]
    assert at.selectbox(key="settings.0.feed.site").options == ["BEI"]
    press(at, "settings.feed.make")
    assert settings(demo_screens).feeds["F1"].person == "nurse1"


# --- the address


def test_the_view_stands_in_the_address(demo_screens: str) -> None:
    at = view("calendars", site="NYC", year="2027")
    said = {name: text[0] if isinstance(text, list) else text for name, text in at.query_params.items()}
    assert {**said, "lang": ""} == {"view": "calendars", "site": "NYC", "year": "2027", "lang": ""}
    assert "in 2027" in texts(at)
    assert [box.value for box in at.selectbox][:2] == ["NYC", "2027"]


@pytest.mark.parametrize("entries", [{"view": "nowhere"}, {"view": "calendars", "site": "<b>", "year": "never"}])
def test_a_link_to_what_there_is_not_shows_the_first(demo_screens: str, entries: dict[str, str]) -> None:
    assert not opened("settings", entries).error


def test_years_are_said_in_spans() -> None:
    assert years_words([2024, 2027, 2028, 2029]) == "2024, 2027 to 2029"


@pytest.mark.parametrize("name", ["sites", "calendars", "resources", "feeds", "people"])
def test_every_view_speaks_chinese(demo_screens: str, name: str) -> None:
    at = opened("settings", {"view": name}, language="zh-CN")
    assert at.title[0].value == "设置"
    assert not at.error
