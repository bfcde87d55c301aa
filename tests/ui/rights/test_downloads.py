"""A file that is asked for long after the page was drawn: made of what is recorded then, for whoever may have it then."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from planner.records.lists.kept_schedules import KeptSchedules
from planner.records.people.administration import append_administration, revoke_role, settings_to_change
from planner.records.people.rights import NotAllowedError
from planner.records.store.database import open_database
from planner.records.store.live_database import LiveDatabase
from planner.ui.components.download import NotMadeError, made_when_pressed
from planner.ui.desk import Desk
from planner.ui.identity import SignedOutError
from planner.ui.quiet_log import LOGGERS, keep_texts_out_of_the_log
from planner.ui.refusals import KeptRefusals
from tests.ui.dialogs.dialog_screens import give_reason, key, press
from tests.ui.rights.everything import everything, refusals
from tests.ui.rights.people import BOSS, facts_of
from tests.ui.rights.signing import LATE, it_is, signed_in
from tests.ui.rights.test_saving_refused import TRIED, dialog
from tests.ui.rights.walking import arrived_as, follow

WHO = {"audit": "administrator.all"}
PAGES: Mapping[str, Mapping[str, str]] = {
    "today": {},
    "deviations": {},
    "subjects": {},
    "calendar": {"view": "week"},
    "subject": {"subject": "ulrrc/BEI-036"},
    "audit": {"view": "files"},
    "protocols": {"view": "matrix"},
    "plan": {"protocol": "ulrrc", "start": "2026-12-02", "calendar": "CN"},
}
WITHOUT_RECORDS = ("protocols", "plan")
"""What these pages give is of the library, not of subjects: who is signed in may have it."""


@dataclass
class Buttons:
    """The buttons of the page that was drawn last: what each calls, by its key."""

    makes: dict[str, Callable[[], bytes]] = field(default_factory=dict)


@pytest.fixture
def buttons(monkeypatch: pytest.MonkeyPatch) -> Buttons:
    drawn, draw = Buttons(), streamlit.download_button

    def drawing(label: str, data: Callable[[], bytes], *args: Any, **named: Any) -> bool:
        drawn.makes[named["key"]] = data
        return draw(label, data, *args, **named)

    monkeypatch.setattr(streamlit, "download_button", drawing)
    return drawn


def revoke(url: str, account: str) -> None:
    database = open_database(url)
    with database.writing() as connection:
        role = account.partition(".")[0]
        append_administration(connection, BOSS, [revoke_role(settings_to_change(connection, BOSS), account, role, "*")])
    database.close()


@pytest.mark.parametrize("page", PAGES)
def test_no_file_is_made_once_the_sign_in_has_ended(
    page: str, staffed_screens: str, buttons: Buttons, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = signed_in(WHO.get(page, "coordinator.all"), monkeypatch)
    buttons.makes.clear()
    follow(at, page, PAGES[page])
    if page == "plan":
        at.text_input(key="ulrrc/subject").set_value("BEI-900").run()
    assert buttons.makes
    assert next(iter(buttons.makes.values()))()
    it_is(LATE, monkeypatch)
    for name, make in buttons.makes.items():
        with pytest.raises(NotMadeError) as refused:
            make()
        assert refused.value.__context__ is None, name
        assert "BEI" not in str(refused.value)
    assert "Your sign-in has ended" in everything(at.run())


@pytest.mark.parametrize("page", [page for page in PAGES if page not in WITHOUT_RECORDS])
def test_no_file_is_made_once_the_role_is_taken_away(
    page: str, own_staffed_screens: str, buttons: Buttons, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = WHO.get(page, "coordinator.all")
    at = arrived_as(account, monkeypatch)
    buttons.makes.clear()
    follow(at, page, PAGES[page])
    assert buttons.makes
    revoke(own_staffed_screens, account)
    for make in buttons.makes.values():
        with pytest.raises(NotMadeError):
            make()
    follow(at, "help")
    assert f"{account} may not" in refusals(at)
    assert f"{account} may not" not in refusals(at.run())


def new_days(at: AppTest, buttons: Buttons) -> Callable[[], bytes]:
    follow(at, "settings", {"view": "calendars", "site": "BEI"})
    at.selectbox(key="settings.0.BEI.days.calendar").set_value("weekdays").run()
    at.button(key="settings.preview").click().run()
    return buttons.makes["settings.refresh.csv"]


def import_report(at: AppTest, buttons: Buttons) -> Callable[[], bytes]:
    follow(at, "subjects")
    at.radio(key="import.holds").set_value("dates").run()
    at.get("file_uploader")[0].set_value([("dates.csv", b"subject,visit,date\nBEI-036,C1D1,2026-01-01\n", "text/csv")]).run()
    return buttons.makes["import.report"]


@pytest.mark.parametrize(("account", "report"), [("administrator.all", new_days), ("coordinator.all", import_report)])
def test_reports_of_what_would_be_done_ask_again(
    account: str,
    report: Callable[[AppTest, Buttons], Callable[[], bytes]],
    own_staffed_screens: str,
    buttons: Buttons,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make = report(signed_in(account, monkeypatch), buttons)
    assert make().startswith(b"\xef\xbb\xbf")
    revoke(own_staffed_screens, account)
    with pytest.raises(NotMadeError):
        make()


def test_taking_back_after_the_sign_in_has_ended_says_so(own_staffed_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = follow(signed_in("investigator.all", monkeypatch), "help")
    tried = TRIED["missed"]
    dialog(at, tried, own_staffed_screens)
    give_reason(at, "other")
    at.text_area(key=key("change.note")).set_value("asked twice").run()
    press(at, "change.save")
    kept = facts_of(own_staffed_screens, tried.subject)
    it_is(LATE, monkeypatch)
    at.button(key="notice.undo").click().run()
    assert not at.exception
    assert "Your sign-in has ended" in everything(at)
    assert facts_of(own_staffed_screens, tried.subject) == kept


# --- the button's own part


def desk_of(url: str, until: datetime | None) -> Desk:
    return Desk(LiveDatabase(url), KeptSchedules(), BOSS, until)


def test_a_desk_is_asked_for_again(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(LATE, monkeypatch)
    without_end = desk_of(demo_screens, None).again()
    assert (without_end.caller.who, without_end.caller.now) == (BOSS.who, LATE)
    with pytest.raises(SignedOutError):
        desk_of(demo_screens, LATE).again()


def test_a_fault_is_said_by_number_and_logged_without_its_text(demo_screens: str, caplog: pytest.LogCaptureFixture) -> None:
    def make(at: Desk) -> bytes:
        raise ValueError(f"BEI-036 at {at.caller.now}")

    kept = KeptRefusals()
    with caplog.at_level(logging.ERROR), pytest.raises(NotMadeError):
        made_when_pressed(make, desk_of(demo_screens, None), kept)()
    (said,) = kept.take()
    assert str(said).split("the number ")[1][:8] in caplog.text
    assert "ValueError" in caplog.text
    assert "BEI-036" not in caplog.text + str(said)
    assert kept.take() == ()


def test_a_refusal_is_said_once_however_often_it_was_met(demo_screens: str) -> None:
    def make(at: Desk) -> bytes:
        raise NotAllowedError("boss1 may not")

    kept = KeptRefusals()
    for _ in range(3):
        with pytest.raises(NotMadeError):
            made_when_pressed(make, desk_of(demo_screens, None), kept)()
    assert [str(error) for error in kept.take()] == ["boss1 may not"]


@pytest.mark.parametrize("name", LOGGERS)
def test_streamlits_log_holds_no_text_of_an_error(name: str, caplog: pytest.LogCaptureFixture) -> None:
    keep_texts_out_of_the_log()
    keep_texts_out_of_the_log()
    logger = logging.getLogger(name)
    assert len([each for each in logger.filters if type(each).__name__ == "WithoutTexts"]) == 1
    with caplog.at_level(logging.ERROR):
        try:
            raise ValueError("BEI-036")
        except ValueError:
            logger.exception("Error executing deferred callable for file_id %s", "1")
    assert "ValueError at test_downloads.py" in caplog.text
    assert "BEI-036" not in caplog.text
