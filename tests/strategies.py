"""Hypothesis strategies over the random cases of ``tests.cases``."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from planner.protocol.model import Protocol
from planner.schedule.calendar import SiteCalendar
from tests.cases import Case, random_calendar, random_case, random_protocol


def protocols() -> st.SearchStrategy[Protocol]:
    """Protocols that a reader would accept."""
    return st.randoms(use_true_random=False).map(random_protocol)


def calendars() -> st.SearchStrategy[SiteCalendar]:
    """Site calendars of 2020 to 2035."""
    return st.randoms(use_true_random=False).map(random_calendar)


def cases(protocol: Protocol | None = None, subjects: int = 1) -> st.SearchStrategy[Case]:
    """Cases whose every draw Hypothesis makes itself, and so shrinks; of ``protocol`` if one is given."""
    return st.randoms(use_true_random=False).map(lambda random: random_case(random, protocol, subjects))


def seeded_cases(protocol: Protocol | None = None, subjects: int = 5) -> st.SearchStrategy[Case]:
    """Larger and faster cases, each from one seed: they do not shrink below it."""
    return st.integers(0, 2**32 - 1).map(lambda seed: random_case(Random(seed), protocol, subjects))
