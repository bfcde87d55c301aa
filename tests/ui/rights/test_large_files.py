"""Files larger than a page takes: a sentence that says how large they may be, nothing is worked out, and the page goes on."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.rights.elsewhere import settings
from tests.ui.rights.people import facts_written
from tests.ui.rights.walking import arrived_as, follow
from tests.ui.screens import texts

MEGABYTE = 1024 * 1024


def import_page(at: AppTest) -> None:
    follow(at, "subjects")
    at.radio(key="import.holds").set_value("dates").run()


def calendar_page(at: AppTest) -> None:
    follow(at, "settings", settings("calendars"))
    at.radio(key="settings.0.BEI.days.source").set_value("file").run()


def protocol_page(at: AppTest) -> None:
    follow(at, "protocols", {"view": "file"})


@pytest.mark.parametrize(
    ("page", "name", "megabytes", "most", "said"),
    [
        (import_page, "dates.csv", 17, 16, "larger than 16 MB"),
        (calendar_page, "days.yaml", 2, 1, "larger than 1 MB"),
        (protocol_page, "own.yaml", 2, 1, "larger than 1 MB"),
    ],
)
def test_a_file_that_is_too_large(
    page: Callable[[AppTest], None],
    name: str,
    megabytes: int,
    most: int,
    said: str,
    demo_screens: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = arrived_as("nurse1", monkeypatch)
    page(at)
    uploader, titles = at.get("file_uploader")[0], [title.value for title in at.title]
    assert uploader.proto.max_upload_size_mb == most, "what a browser says at once"
    before = facts_written(demo_screens)
    # As a program would send it that does not ask how much may be sent.
    uploader.set_value([(name, b"a: 1\n" * (megabytes * MEGABYTE // 5), "text/plain")]).run()
    assert not at.exception, at.exception
    shown = texts(at)
    assert said in shown, [error.value[:300] for error in at.error]
    assert "Something went wrong" not in shown
    assert [title.value for title in at.title] == titles
    assert not [button for button in at.button if button.key in ("import.write", "settings.preview")]
    assert facts_written(demo_screens) == before
    page(at)
    assert not at.exception, at.exception
