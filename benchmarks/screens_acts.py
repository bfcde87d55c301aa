"""What people do at the screens, each in one or two presses, through the protocol of the browser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from random import Random

from benchmarks.screens_client import Answer, Screen, ScreenError

LIST, SITE, KIND, MONTH, DAYS = "today.worklist", "today.filter.site", "today.filter.kind", "month", ".foresight.days"
_BUTTON = re.compile(r'data-choose="(\w+)" data-value="([^"]*)"')
_SUBJECT = "study=([^&]*)&subject=([^&]*)&"

Press = tuple[str, str]
"""What a button is for, and of what."""


def presses(screen: Screen, key: str, *wanted: str) -> list[Press]:
    """The buttons of a component that are for something wanted."""
    return [(what, unescape(value)) for what, value in _BUTTON.findall(screen.html(key)) if what in wanted]


async def press_one(screen: Screen, key: str, wanted: Sequence[str], random: Random) -> Answer:
    """Press one of the buttons for this. Raises ScreenError where there is none."""
    found = presses(screen, key, *wanted)
    if not found:
        raise ScreenError(f"{key} has no button for {' or '.join(wanted)}")
    return await screen.press_in(key, *random.choice(found))


async def filter_by(screen: Screen, key: str, random: Random) -> Answer:
    """Choose something else in a list of filters."""
    content = screen.element(key).content
    return await screen.choose(key, random.choice([text for text in content.options if text != content.raw_value]))


async def other_month(screen: Screen, random: Random) -> Answer:
    """Look at the month before or after."""
    return await press_one(screen, MONTH, ["month"], random)


async def open_move(screen: Screen, random: Random) -> Answer:
    """Open the dialog that puts a visit on another day."""
    return await press_one(screen, LIST, ["book", "move"], random)


async def try_day(screen: Screen, random: Random) -> Answer:
    """Choose a day in that dialog, and see before and after."""
    key = screen.has(DAYS).rpartition("-")[2]
    return await screen.press_in(key, *random.choice(presses(screen, key, "day")))


def subjects_shown(screen: Screen) -> list[str]:
    """The subjects of the worklist's page, as addresses name them."""
    values = [value for _, value in presses(screen, LIST, "open")]
    found = (re.match(_SUBJECT, value) for value in values)
    return [f"{match[1]}/{match[2]}" for match in found if match]
