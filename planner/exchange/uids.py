"""The UID of a calendar event: the same for the same visit for ever, and telling nothing to who lacks the install key."""

from __future__ import annotations

import hmac

from planner.records.feeds.feed import EventKind

__all__ = ["EventKind", "event_uid"]

_SHOWN_OCTETS = 16
"""Half of an HMAC-SHA256: the least that RFC 2104 (section 5) allows, and the line stays unfolded."""


def event_uid(install_key: bytes, study: str, subject: str, visit: str, kind: EventKind, host: str) -> str:
    """HMAC-SHA256 over study, subject, visit and kind, cut to 128 bits, ``@`` host.

    No date goes in, so a moved visit keeps its UID. Each part is preceded by its length, so that no two sets of parts give one message.
    """
    parts = (study, subject, visit, kind)
    message = "".join([f"{len(part)}:{part}" for part in parts]).encode("utf-8", "surrogatepass")
    return f"{hmac.digest(install_key, message, 'sha256')[:_SHOWN_OCTETS].hex()}@{host}"
