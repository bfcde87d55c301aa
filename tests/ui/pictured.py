"""What the documentation shows pictures of: each page with its address, its size, and what is pressed before the picture is taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page, expect

from tests.ui.browser import wait_until_settled

PHONE_WIDTH = 390
PATIENCE = 30_000
"""In milliseconds: how long what was asked for may take on a machine that does much else."""


def nothing(page: Page) -> None:
    """The page as its address shows it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the name of its files, and how its page comes to look so."""

    name: str
    address: str
    height: int = 800
    width: int = 1280
    colours: Literal["light", "dark"] = "light"
    before: Callable[[Page], None] = nothing
    is_empty: bool = False
    """Whether it shows the planner before anything is recorded."""


_WITH_ERRORS = """\
protocol: example
version: "1.0"
title: An example with errors
visits:
  - id: SCR
    name: Screening
    at: C1D1 - 14d
    window: -7d/+7q
    source: assumed
  - id: C1D1
    name: Cycle 1 day 1
    start: true
    kind: tretment
    source: assumed
"""


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    wait_until_settled(page)


def _press_on_its_day(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^On its (planned|booked) day")).click()
    wait_until_settled(page)


def _record_done(page: Page) -> None:
    """What recording a visit changes, before it is saved."""
    _press(page, "Done BEI-018 M10")
    _press_on_its_day(page)
    expect(page.get_by_role("dialog").get_by_role("table", name="Visits before and after")).to_be_visible(timeout=PATIENCE)


def _book(page: Page) -> None:
    """The days for a visit, each with what it means."""
    _press(page, "Book or move")
    page.get_by_role("button", name=re.compile("^Wednesday 9 December 2026: ")).click()
    expect(page.get_by_role("button", name=re.compile("^chosen, Wednesday 9 December 2026: "))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Save the booking")).to_be_enabled(timeout=PATIENCE)


def _decide(page: Page) -> None:
    """The branches of a decision side by side, one of them chosen."""
    _press(page, "Decide BEI-023 MDT")
    _press(page, "Choose: Surgery")
    _press_on_its_day(page)
    expect(page.get_by_role("button", name="Save the decision")).to_be_visible(timeout=PATIENCE)


def _load_a_file_with_errors(page: Page) -> None:
    page.locator("input[type=file]").set_input_files({"name": "example.yaml", "mimeType": "text/yaml", "buffer": _WITH_ERRORS.encode()})
    expect(page.get_by_role("table", name="Errors of the file")).to_be_visible(timeout=PATIENCE)


def _other_working_days(page: Page) -> None:
    """What other working days would move, before they are saved."""
    page.get_by_role("combobox", name="Working days of the site").click()
    page.keyboard.type("Monday to Friday")
    page.keyboard.press("Enter")
    expect(page.get_by_text("weekdays, time zone UTC")).to_be_visible(timeout=PATIENCE)
    wait_until_settled(page)
    _press(page, "Show what this would move")
    effects = page.get_by_role("heading", name="What would change at BEI")
    expect(effects).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Give BEI these working days")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("heading", name="Give BEI other working days").evaluate("heading => heading.scrollIntoView()")


_ENROLLING = "/new-subject?protocol=ulrrc&site=BEI&start=2026-12-07&milestone.CONSENT=2026-11-19&set.childbearing=no&set.contraception=yes"
_SUBJECT = "/subject?subject=ulrrc/BEI-004&visit=C3D1"

PICTURES: tuple[Picture, ...] = (
    Picture("first-run", "/", height=760, is_empty=True),
    Picture("today", "/?view=overdue"),
    Picture("today-phone", "/?view=overdue", width=PHONE_WIDTH, height=844, colours="dark"),
    Picture("new-subject", _ENROLLING, height=1000),
    Picture("subject", _SUBJECT, height=1000),
    Picture("subject-chinese", f"{_SUBJECT}&lang=zh-CN", height=1000),
    Picture("record-visit", "/?view=overdue", height=860, before=_record_done),
    Picture("book-visit", _SUBJECT, height=900, before=_book),
    Picture("decision", "/?view=decision", height=1000, before=_decide),
    Picture("deviations", "/deviations"),
    Picture("calendar", "/calendar?site=BEI", height=900),
    Picture("protocol", "/protocols?protocol=ulrrc", height=900),
    Picture("protocol-errors", "/protocols?protocol=ulrrc&view=file", height=900, before=_load_a_file_with_errors),
    Picture("working-days", "/settings?view=calendars&site=BEI", height=900, before=_other_working_days),
    Picture("audit", "/audit"),
)
