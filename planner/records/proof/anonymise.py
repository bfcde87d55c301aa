"""An export for a bug report: the log as it is, dates included, without anything that says who (docs/records.md, Anonymised export)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from planner.records.facts.chain import FIELDS, content_hash, details_text, fact_hash, head_hash
from planner.records.facts.kinds import FEED_KINDS, Kind
from planner.records.facts.reasons import REASONS
from planner.records.feeds.feed import SUMMARY_PARTS
from planner.records.people.roles import EVERYWHERE, Role
from planner.records.proof.anonymous_texts import anonymous_resources, anonymous_text
from planner.records.proof.archive import ArchiveLine, Write, kept_texts, subject_rows, write_archive
from planner.records.proof.fact_lines import FACT_FIELDS, fact_lines
from planner.records.proof.named_contents import CONTENT_IN_VALUE

SUBJECT_PATTERN = r"S\d{3,9}"
"""What the subject numbers of an anonymised export look like, at every site."""

_CODE = re.compile(r"[A-Za-z0-9_.:+*{}/()-]{0,200}", re.ASCII)
_SITE_IN_ITEM = frozenset(
    {
        str(Kind.ENROLLED),
        str(Kind.SITE_TRANSFERRED),
        str(Kind.SITE_SET),
        str(Kind.SITE_CALENDAR_SET),
        str(Kind.SITE_CONTACT_SET),
        str(Kind.SITE_CAPACITY_SET),
        str(Kind.CALENDAR_REFRESHED),
    }
)
_PERSON_IN_ITEM = frozenset({str(Kind.PERSON_GRANTED), str(Kind.PERSON_REVOKED)})
_FEEDS = frozenset(map(str, FEED_KINDS))
_NO_TOKEN = "0" * 64
"""Stands for the hash of a feed's token: no token has it."""
_WORDS_OF_FEEDS = frozenset({"kind", "event", "language", "conditional"})
_NUMBERS = frozenset({"minutes", "days_back", "days_ahead", "places"})
_HASH = re.compile(r"[0-9a-f]{64}")
_ROLES = frozenset(str(role) for role in Role)


def anonymised(connection: Connection, write: Write) -> str:
    """Write an export without subject numbers, site codes, accounts, notes, places and names of calendars; gives its head.

    It has the format of ``archive.export_all``, with chains of its own, and can be restored into an empty database.
    Raises UnreadableLogError for a damaged log, and the errors of ``anonymous_resources`` for a kept text that today's planner cannot
    read.
    """
    return write_archive(_lines(connection), write)


@dataclass(slots=True)
class _Names:
    """What stands for what. Sites and accounts are numbered as they first come, subjects in each study in order."""

    contents: dict[str, str] = field(default_factory=dict)
    subjects: dict[tuple[str, str], str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    resources: dict[str, str] = field(default_factory=dict)

    def subject(self, study: str, number: str) -> str:
        """The administration log keeps its empty number; a number that no log has becomes none."""
        return self.subjects.get((study, number), "")

    def site(self, code: str) -> str:
        """``*`` and nothing stay."""
        return code if code in ("", EVERYWHERE) else self.sites.setdefault(code, f"SITE{len(self.sites) + 1}")

    def resource(self, name: str) -> str:
        """Machines, chairs and rooms are named freely where no protocol names them."""
        return self.resources.setdefault(name, f"RESOURCE{len(self.resources) + 1}")

    def account(self, who: str) -> str:
        """Nobody stays nobody."""
        return who and self.accounts.setdefault(who, f"P{len(self.accounts) + 1}")

    def code(self, text: str) -> str:
        """A name that the protocol gives, a number or a time of day stays; what is not written like one, or tells who, goes."""
        parts = set(re.split(r"[:/]", text)) | {text}
        told = parts & self.numbers or parts & self.accounts.keys()
        return text if _CODE.fullmatch(text) and not told else ""


def _lines(connection: Connection) -> Iterator[ArchiveLine]:
    names = _Names()
    yield from _contents(connection, names)
    studies: dict[str, int] = {}
    for row_id, study, number in subject_rows(connection):
        studies[study] = studies.get(study, 0) + 1
        names.subjects[study, number] = f"S{studies[study]:03}"
        names.numbers.add(number)
        yield "subject", {"id": row_id, "study": study, "number": names.subjects[study, number]}
    head = ""
    ends: dict[tuple[Any, Any], str] = {}
    for values in fact_lines(connection):
        fact = _fact(dict(zip(FACT_FIELDS, values, strict=True)), names)
        key = fact["study"], fact["subject"]
        fact["previous_hash"] = ends.get(key, "")
        fact["hash"] = ends[key] = fact_hash([fact[name] for name in FIELDS])
        fact["head"] = head = head_hash(head, fact["hash"])
        yield "fact", fact


def _contents(connection: Connection, names: _Names) -> Iterator[ArchiveLine]:
    texts: dict[str, tuple[str, str]] = {}
    resources = anonymous_resources((kind, text) for _, kind, text in kept_texts(connection))
    names.resources.update(resources)
    for stored, kind, text in kept_texts(connection):
        changed = anonymous_text(kind, text, resources)
        names.contents[stored] = content_hash(changed)
        texts[names.contents[stored]] = kind, changed
    for stored, (kind, text) in sorted(texts.items()):
        yield "content", {"hash": stored, "kind": kind, "text": text}


def _fact(fact: dict[str, Any], names: _Names) -> dict[str, Any]:
    """The fact without what tells who; its chains are still to be made."""
    kind = fact["kind"]
    who = names.account(fact["who"])
    return {
        **fact,
        "subject": names.subject(fact["study"], fact["subject"]),
        "item": _item(kind, fact["item"], names),
        "value": _value(kind, fact["value"], names),
        "details": details_text(_details(json.loads(fact["details"]), fact["study"], names)),
        "reason": fact["reason"] if fact["reason"] in REASONS else "",
        "note": "",
        "who": who,
        "role": fact["role"] if fact["role"] in _ROLES else "",
    }


def _item(kind: str, item: str, names: _Names) -> str:
    if kind in _SITE_IN_ITEM:
        return names.site(item)
    return names.account(item) if kind in _PERSON_IN_ITEM else names.code(item)


def _value(kind: str, value: str, names: _Names) -> str:
    if kind in CONTENT_IN_VALUE:
        return names.contents.get(value, "")
    if kind in _PERSON_IN_ITEM:
        return value if value in _ROLES else ""
    if kind in _FEEDS:
        return value and _NO_TOKEN
    if kind == Kind.SITE_CONTACT_SET:
        return ""
    if kind == Kind.SITE_CAPACITY_SET:
        return names.resource(value)
    return names.code(value)


def _details(details: Mapping[str, Any], study: str, names: _Names) -> dict[str, str | int]:
    """Only details that are known, and known to tell nobody: places and resources of bookings are written freely."""
    kept: dict[str, str | int] = {}
    for name, value in details.items():
        match name:
            case "plan" if _HASH.fullmatch(str(value)):
                kept[name] = value
            case "calendar":
                kept[name] = names.contents.get(str(value), "")
            case "rescreen_of":
                kept[name] = names.subject(study, str(value))
            case "site":
                kept[name] = names.site(str(value))
            case "subject_pattern":
                kept[name] = SUBJECT_PATTERN
            case _ if name in _NUMBERS and type(value) is int:
                kept[name] = value
            case "person":
                kept[name] = names.account(str(value))
            case "purpose":
                kept[name] = "feed"
            case "of":
                kept[name] = _of_feed(str(details.get("kind")), str(value), names)
            case "summary":
                kept[name] = ",".join(part for part in SUMMARY_PARTS if part in str(value).split(","))
            case _ if name in _WORDS_OF_FEEDS:
                kept[name] = names.code(str(value))
    return kept


def _of_feed(kind: str, of: str, names: _Names) -> str:
    """What a feed is of; its kind says which of the texts a site, a subject or a resource is."""
    first, mark, second = of.partition("/")
    match kind:
        case "subject":
            return f"{first}/{names.subject(first, second)}"
        case "site":
            return names.site(of)
        case "resource":
            return f"{names.site(first)}{mark}RESOURCE"
        case _:
            return names.code(of)
