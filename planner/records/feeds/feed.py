"""A feed: a calendar that one person subscribes to for one purpose, as the administration log says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind

EventKind = Literal["visit", "window"]
"""An event for each visit, or one for each visit's window."""
SummaryPart = Literal["study", "subject", "visit"]
"""What an event's title may be made of, in this order."""
FeedKind = Literal["subject", "site", "resource", "study"]

EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
SUMMARY_PARTS: tuple[SummaryPart, ...] = get_args(SummaryPart)
FEED_KINDS: tuple[FeedKind, ...] = get_args(FeedKind)
LANGUAGES = ("en", "zh-CN")
DAYS_BACK, DAYS_AHEAD = 60, 400
"""The window of a feed, in days before and after today, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds; what its person may not read (any more) is not in it."""

    code: str
    """``F1``, ``F2``, ...: safe to show, unlike the token."""
    person: str
    """The account that it was made for."""
    purpose: str
    """One word, such as ``outlook``; a person has one feed for each."""
    kind: FeedKind
    of: str
    """``ulrrc/PEK-001``, ``PEK``, ``PEK/linac`` or ``ulrrc``, by its kind."""
    token_hash: str
    """SHA-256 of the token, hexadecimal: the token itself is kept nowhere."""
    event: EventKind = "visit"
    summary: tuple[SummaryPart, ...] = SUMMARY_PARTS
    """The parts of titles that are shown; none of them: a plain word for a visit."""
    language: str = "en"
    conditional: bool = False
    """Whether visits that hang on an open decision are in it too."""
    days_back: int = DAYS_BACK
    days_ahead: int = DAYS_AHEAD

    @property
    def details(self) -> dict[str, str | int]:
        """The details of the ``feed_made`` fact that says this."""
        return {
            "person": self.person,
            "purpose": self.purpose,
            "kind": self.kind,
            "of": self.of,
            "event": self.event,
            "summary": ",".join(self.summary),
            "language": self.language,
            "conditional": "yes" if self.conditional else "",
            "days_back": self.days_back,
            "days_ahead": self.days_ahead,
        }


def feed_after(feeds: Mapping[str, Feed], said: NewFact) -> dict[str, Feed]:
    """The feeds by code once a fact of one of ``planner.records.facts.kinds.FEED_KINDS`` counts."""
    after = dict(feeds)
    if said.kind is Kind.FEED_MADE:
        after[said.item] = _made(said)
    elif said.item in after and said.kind is Kind.FEED_ROTATED:
        after[said.item] = replace(after[said.item], token_hash=said.value)
    elif said.item in after:
        del after[said.item]
    return after


def _made(said: NewFact) -> Feed:
    details: Mapping[str, Any] = said.details
    parts = str(details.get("summary", "")).split(",")
    return Feed(
        code=said.item,
        person=str(details["person"]),
        purpose=str(details["purpose"]),
        kind=cast(FeedKind, str(details["kind"])),
        of=str(details["of"]),
        token_hash=said.value,
        event=cast(EventKind, str(details["event"])),
        summary=tuple(part for part in SUMMARY_PARTS if part in parts),
        language=str(details["language"]),
        conditional=bool(details.get("conditional")),
        days_back=int(details.get("days_back", DAYS_BACK)),
        days_ahead=int(details.get("days_ahead", DAYS_AHEAD)),
    )
