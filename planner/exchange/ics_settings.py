"""What a calendar file needs to know besides the visits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from planner.protocol.model import Protocol
from planner.records.feeds.feed import SUMMARY_PARTS, EventKind, SummaryPart

__all__ = ["DEFAULT_HOST", "CalendarSettings", "EventKind", "SummaryPart", "texts_to_bring", "texts_to_prepare"]

DEFAULT_HOST = "trial-visit-planner"
"""What stands behind the ``@`` of UIDs."""

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """For one calendar file: whose visits, in which zone, as known on which day.

    Raises ValueError if ``host`` is no host name or the key is empty.
    """

    study: str
    """The study's short code, first in each title."""
    zone: str
    """The site's IANA time zone, in which ``booked_at`` is meant."""
    as_of: date
    install_key: bytes
    """Secret of this installation, see ``install_key.py``; UIDs hang on it."""
    host: str = DEFAULT_HOST
    """What stands behind the ``@`` of each UID."""
    language: str = "en"
    """``en`` or ``zh-CN``; any other language gets English words."""
    events: EventKind = "visit"
    """An event for each visit, or one for each visit's window."""
    summary: tuple[SummaryPart, ...] = SUMMARY_PARTS
    """The parts of a title that are shown, in this order."""
    link: str | None = None
    """An address written as the last line of each description."""
    feed_name: str | None = None
    """The calendar's name in a feed that is subscribed to; None for a file to download, which carries no name."""
    bring: Mapping[str, str] = field(default_factory=dict)
    """Activity id to what the subject is to bring, from the protocol."""
    prepare: Mapping[str, str] = field(default_factory=dict)
    """Activity id to how the subject is to prepare, from the protocol."""

    def __post_init__(self) -> None:
        """Refuse what would make UIDs invalid or guessable."""
        if not _HOST.fullmatch(self.host):
            raise ValueError(f"'{self.host}' cannot stand in a calendar's UIDs; a host name is needed, such as planner.example.org.")
        if not self.install_key:
            raise ValueError("The install key is empty; without it, event UIDs could be traced back to subjects.")


def texts_to_bring(protocol: Protocol, language: str) -> dict[str, str]:
    """Activity id to what to bring, in ``language`` where the protocol has it; activities without such a text are left out."""
    translated = _translated(protocol, language, "bring")
    texts = {id_: translated.get(id_) or activity.bring for id_, activity in protocol.activities.items()}
    return {id_: text for id_, text in texts.items() if text}


def texts_to_prepare(protocol: Protocol, language: str) -> dict[str, str]:
    """Activity id to how to prepare; otherwise as ``texts_to_bring``."""
    translated = _translated(protocol, language, "prepare")
    texts = {id_: translated.get(id_) or activity.prepare for id_, activity in protocol.activities.items()}
    return {id_: text for id_, text in texts.items() if text}


def _translated(protocol: Protocol, language: str, part: str) -> dict[str, str]:
    translation = protocol.languages.get(language)
    return {id_: texts[part] for id_, texts in translation.activities.items() if part in texts} if translation else {}
