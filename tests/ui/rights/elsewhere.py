"""What is saved on other pages than a subject's, filled in up to the last press: enrolling, importing, amending, and the settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from streamlit.testing.v1 import AppTest

from planner.records.caller import Caller
from planner.records.feeds.feed import Feed
from planner.records.feeds.granting import make_feed
from planner.records.people.roles import Action, Role
from planner.records.people.settings import read_settings
from planner.records.store.database import open_database
from tests.ui.clock import MOMENT
from tests.ui.rights.walking import follow
from tests.ui.test_new_subject_page import LINK, NUMBER
from tests.ui.test_protocols_page import LONGER_CYCLES, uploaded


@dataclass(frozen=True)
class Elsewhere:
    """An act of another page, ready to be saved once it is filled in."""

    action: Action
    by: Role
    """Who may do it at all sites."""
    page: str
    fill: Callable[[AppTest], object]
    save: str
    """The key of the button."""
    entries: Mapping[str, str] = field(default_factory=dict)
    typed: tuple[str, str] = ("", "")
    """The key of an input, and what stands in it once it is filled in."""
    refused: str = "may not"
    """What is said to somebody who may not."""


def _typed(key: str, text: str) -> Callable[[AppTest], object]:
    return lambda at: at.text_input(key=key).set_value(text).run()


def _import(at: AppTest) -> None:
    at.radio(key="import.holds").set_value("dates").run()
    at.text_input(key="import.study").set_value("ulrrc").run()
    row = b"subject,visit,date\nulrrc/BEI-018,M10,2026-11-19\n"
    at.get("file_uploader")[0].set_value([("dates.csv", row, "text/csv")]).run()


def _amend(at: AppTest) -> None:
    uploaded(at, LONGER_CYCLES)
    at.session_state["protocols.view"] = "amend"
    at.run()
    at.text_input(key="protocols.amend.numbers").set_value("BEI-030").run()
    at.button(key="protocols.amend.work-out").click().run()


def _refresh(at: AppTest) -> None:
    at.selectbox(key="settings.0.BEI.days.calendar").set_value("weekdays").run()
    at.button(key="settings.preview").click().run()


def _asked(what: str, value: object) -> Callable[[AppTest], object]:
    def ask(at: AppTest) -> None:
        at.session_state[what] = value
        at.run()

    return ask


def settings(view: str) -> Mapping[str, str]:
    """The entries of a view of the settings."""
    return {"view": view, "site": "BEI"}


_ADMINISTERED = (Action.ADMINISTER, Role.ADMINISTRATOR, "settings")
ACTS = {
    "enrol": Elsewhere(Action.ENROL, Role.COORDINATOR, "new-subject", _typed(NUMBER, "BEI-901"), "enrol.save", LINK, (NUMBER, "BEI-901")),
    "import": Elsewhere(Action.IMPORT, Role.COORDINATOR, "subjects", _import, "import.write", typed=("import.study", "ulrrc")),
    "amend": Elsewhere(
        Action.AMEND,
        Role.INVESTIGATOR,
        "protocols",
        _amend,
        "protocols.amend.save",
        {"protocol": "ulrrc", "view": "file"},
        ("protocols.amend.numbers", "BEI-030"),
    ),
    "refresh": Elsewhere(*_ADMINISTERED, _refresh, "settings.refresh.save", settings("calendars")),
    "add a site": Elsewhere(
        *_ADMINISTERED,
        _typed("settings.0.new.code", "SHA"),
        "settings.0.new.save",
        settings("sites"),
        ("settings.0.new.code", "SHA"),
    ),
    "change a site": Elsewhere(
        *_ADMINISTERED,
        _typed("settings.0.BEI.contact", "Study office, 010 5555 0100"),
        "settings.change",
        settings("sites"),
        ("settings.0.BEI.contact", "Study office, 010 5555 0100"),
    ),
    "capacity": Elsewhere(
        *_ADMINISTERED,
        lambda at: at.number_input(key="settings.0.BEI.linac").set_value(4).run(),
        "settings.capacities",
        settings("resources"),
    ),
    "grant": Elsewhere(
        *_ADMINISTERED,
        _typed("settings.0.grant.person", "newcomer"),
        "settings.grant.save",
        settings("people"),
        ("settings.0.grant.person", "newcomer"),
    ),
    "revoke": Elsewhere(
        *_ADMINISTERED,
        _asked("settings.grant-asked", "person=reader.bei&role=reader&site=BEI"),
        "settings.grant.revoke",
        settings("people"),
    ),
    "make a feed for somebody": Elsewhere(
        *_ADMINISTERED,
        _typed("settings.0.feed.person", "nurse.bei"),
        "settings.feed.make",
        settings("feeds"),
        ("settings.0.feed.person", "nurse.bei"),
    ),
    "end somebody's feed": Elsewhere(
        *_ADMINISTERED,
        _asked("settings.feed-asked", ("revoke", "F1")),
        "settings.feed.do",
        settings("feeds"),
        refused="There is no feed 'F1' that this account may see",
    ),
    "somebody's feed gets a new address": Elsewhere(
        *_ADMINISTERED,
        _asked("settings.feed-asked", ("rotate", "F1")),
        "settings.feed.do",
        settings("feeds"),
        refused="There is no feed 'F1' that this account may see",
    ),
}
"""Every act, with what it takes."""


def filled(at: AppTest, act: Elsewhere) -> AppTest:
    """The page with the act entered, and its button there to be pressed."""
    follow(at, act.page, act.entries)
    act.fill(at)
    assert not at.exception, at.exception
    assert not at.button(key=act.save).disabled, [error.value for error in at.error]
    return at


def press_save(at: AppTest, act: Elsewhere) -> AppTest:
    """Press the last button."""
    at.button(key=act.save).click().run()
    assert not at.exception, at.exception
    return at


def somebody_has_a_feed(url: str) -> None:
    """Feed F1, of a coordinator at one site."""
    who = Caller("coordinator.bei", MOMENT)
    database = open_database(url)
    with database.writing() as connection:
        make_feed(connection, who, Feed("", who.who, "phone", "site", "BEI", ""))
    database.close()


def feeds(url: str) -> list[Feed]:
    """All feeds that there are."""
    database = open_database(url)
    with database.reading() as connection:
        found = read_settings(connection).feeds
    database.close()
    return list(found.values())
