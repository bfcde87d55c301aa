"""Two people change one thing: the second is told who did what, loses nothing typed, and saves once the new state was looked at."""

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.changes.acts import noted
from tests.ui.dialogs.dialog_screens import can_save, key, press, write
from tests.ui.rights.between import before_it_is_written
from tests.ui.rights.everything import refusals
from tests.ui.rights.people import facts_of
from tests.ui.rights.test_saving_refused import TRIED, dialog
from tests.ui.rights.walking import arrived_as, follow

KEPT = ("date_input", "selectbox", "multiselect", "radio", "number_input", "text_input", "text_area", "checkbox")


def entered(at: AppTest) -> dict[str, object]:
    """Every input of the dialog, with what stands in it."""
    inputs = [element for kind in KEPT for element in at.get(kind) if str(element.key or "").startswith(key(""))]
    return {str(element.key): element.value for element in inputs}


def with_a_note(at: AppTest) -> None:
    """Type a note, where the dialog has one."""
    if [field for field in at.text_area if field.key == key("change.note")]:
        at.text_area(key=key("change.note")).set_value("asked twice").run()


def told(at: AppTest, what: str) -> None:
    """It is said who wrote what, and nothing was saved."""
    said = refusals(at).replace("\\", "")
    assert "was changed meanwhile" in said, said
    assert what in said, said
    assert "What you entered is still here." in "".join(str(each.value) for each in at.markdown)
    assert not at.success


@pytest.mark.parametrize("name", TRIED)
def test_the_second_is_told_and_loses_nothing(name: str, demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried, url = TRIED[name], demo_screens
    at = follow(arrived_as("nurse1", monkeypatch), "help")
    tried.fill(dialog(at, tried, url))
    with_a_note(at)
    assert can_save(at), refusals(at)
    typed = entered(at)
    assert typed or name == "resume"

    write(url, tried.subject, *noted("the ward called"))
    seen = known(url, tried.subject)
    press(at, "change.save")
    told(at, f"({seen}. note by doctor2 at ")
    assert entered(at) == typed
    press(at, "change.again")
    assert entered(at) == typed
    assert can_save(at), refusals(at)

    with before_it_is_written(lambda: write(url, tried.subject, *noted("the phone rang"))):
        press(at, "change.save")
    told(at, f"({seen + 1}. note by doctor2 at ")
    assert entered(at) == typed
    assert known(url, tried.subject) == seen + 1

    press(at, "change.again")
    press(at, "change.save")
    assert at.success, refusals(at)
    assert known(url, tried.subject) > seen + 1


def known(url: str, subject: str) -> int:
    """How long the subject's log is."""
    return len(facts_of(url, subject))
