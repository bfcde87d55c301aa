"""The benchmark of the screens speaks with a server as a browser does: what it measures is what a person would see."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.screens_acts import KIND, LIST, SITE, filter_by, open_move, other_month, press_one, presses, subjects_shown, try_day
from benchmarks.screens_client import Screen, ScreenError
from tests.ui.server import serving

CHANCE = random.Random(1)


@pytest.fixture
def address(tmp_path: Path, demo_sqlite_url: str) -> Iterator[str]:
    with serving(tmp_path / "log.txt", demo_sqlite_url) as at:
        yield at


def test_a_session_does_what_a_person_does(address: str) -> None:
    asyncio.run(_session(address))


async def _session(address: str) -> None:
    async with Screen(address) as screen:
        today = await screen.visit()
        assert 0 < today.seconds_until(LIST) <= today.seconds
        everywhere = subjects_shown(screen)
        site = screen.element(SITE).content.options[1]
        await screen.choose(SITE, site)
        here = subjects_shown(screen)
        assert here != everywhere
        assert {subject.partition("/")[2].partition("-")[0] for subject in here} == {site}

        await open_move(screen, CHANCE)
        preview = await try_day(screen, CHANCE)
        assert any("dialog" in name for name in preview.elements_after), "the dialog is drawn anew"
        assert not any(name.endswith(LIST) for name in preview.elements_after), "and the page behind it is not"
        await screen.close_dialog()
        with pytest.raises(ScreenError, match="no button"):
            await press_one(screen, LIST, ["no such act"], CHANCE)

        await press_one(screen, LIST, ["open"], CHANCE)
        months = presses(screen, "month", "month")
        await other_month(screen, CHANCE)
        assert presses(screen, "month", "month") != months

        await screen.visit()
        assert set(here) <= set(subjects_shown(screen)), "the menu leads back to the list"
        await filter_by(screen, KIND, CHANCE)
        assert screen.errors() == []

    async with Screen(address) as screen:
        await screen.visit("subject", {"subject": "ulrrc/NOBODY-1"})
        assert screen.errors() != []
        with pytest.raises(ScreenError, match=r"no today\.worklist"):
            screen.html(LIST)
