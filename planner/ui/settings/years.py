"""Years in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from planner.ui.language import t
from planner.ui.words import listed


def years_words(years: Sequence[int]) -> str:
    """``2027 to 2059``, ``2024, 2027 to 2059``."""
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return listed(str(each[0]) if len(each) == 1 else t("{first} to {last}", first=each[0], last=each[-1]) for each in spans)
