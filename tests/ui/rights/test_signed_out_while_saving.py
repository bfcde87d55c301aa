"""The sign-in ends while something stands filled in: the last press writes nothing, and says what to do."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.clock import MOMENT
from tests.ui.dialogs.dialog_screens import can_save, key
from tests.ui.rights.elsewhere import ACTS, filled, somebody_has_a_feed
from tests.ui.rights.everything import refusals
from tests.ui.rights.people import facts_written
from tests.ui.rights.signing import LATE, it_is, signed_in
from tests.ui.rights.test_saving_refused import TRIED, close, dialog
from tests.ui.rights.walking import follow


def ended(at: AppTest, url: str, before: int) -> None:
    """The page says that the sign-in has ended, offers to sign in, shows nothing else, and nothing was written."""
    assert not at.exception, at.exception
    assert "Your sign-in has ended. Sign in again to go on; what was saved is saved." in refusals(at)
    assert [button.key for button in at.button] == ["sign-in.in"]
    assert not at.get("bidi_component")
    assert not at.success
    assert facts_written(url) == before


def test_saving_a_filled_dialog(own_staffed_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = own_staffed_screens
    at = follow(signed_in("investigator.all", monkeypatch), "help")
    for name, tried in TRIED.items():
        before = facts_written(url)
        tried.fill(dialog(at, tried, url))
        assert can_save(at), name
        it_is(LATE, monkeypatch)
        at.button(key=key("change.save")).click().run()
        ended(at, url, before)
        # Signed in again: what was pressed before is not done now.
        it_is(MOMENT, monkeypatch)
        at.run()
        assert facts_written(url) == before, name
        close(at)


@pytest.mark.parametrize("name", ACTS)
def test_saving_a_filled_page(name: str, own_staffed_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url, act = own_staffed_screens, ACTS[name]
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "https://planner.example.org")
    somebody_has_a_feed(url)
    at = filled(signed_in(f"{act.by}.all", monkeypatch), act)
    before = facts_written(url)
    it_is(LATE, monkeypatch)
    at.button(key=act.save).click().run()
    ended(at, url, before)
    it_is(MOMENT, monkeypatch)
    at.run()
    assert not at.exception, at.exception
    assert facts_written(url) == before
