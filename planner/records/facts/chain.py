"""The two chains of SHA-256 hashes that make the log provable (docs/records.md, Proof).

Every fact's hash covers all its fields and the hash of the subject's previous fact. Every fact's ``head`` covers its hash and the head
of the fact before it in the whole log. So a changed, removed or reordered fact breaks a chain, and a kept head betrays a cut tail.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

FIELDS = (
    "position",
    "study",
    "subject",
    "number",
    "act",
    "kind",
    "item",
    "day",
    "until_day",
    "value",
    "replaces",
    "refers",
    "details",
    "reason",
    "note",
    "who",
    "role",
    "recorded_at",
    "previous_hash",
)
"""What a fact's hash covers, in this order. Days are ISO texts, missing ones null; ``details`` is the text of ``details_text``."""

FieldValue = str | int | None


def details_text(details: Mapping[str, str | int]) -> str:
    """Details as the log keeps them: JSON with sorted keys, without spaces, in ASCII."""
    return json.dumps(dict(details), sort_keys=True, separators=(",", ":"))


def fact_hash(fields: Sequence[FieldValue]) -> str:
    """The hash of a fact with these ``FIELDS``: SHA-256 of their JSON array, without spaces, in ASCII; 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(list(fields), separators=(",", ":")).encode("ascii")).hexdigest()


def head_hash(previous_head: str, fact: str) -> str:
    """The head after a fact: SHA-256 of the head before ("" at the beginning) followed by the fact's hash, both as texts."""
    return hashlib.sha256((previous_head + fact).encode("ascii")).hexdigest()


def content_hash(text: str) -> str:
    """The hash under which a protocol file's or calendar's text is kept: SHA-256 of its UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
