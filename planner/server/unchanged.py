"""Whether a client has the present file already (RFC 9110, section 13)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def is_unchanged(if_none_match: Sequence[str], if_modified_since: str | None, etag: str, last_modified: datetime) -> bool:
    """Whether 304 is right: by If-None-Match (all its lines) where there is one, else by If-Modified-Since.

    Tags are compared weakly. A date that is none does not count.
    """
    if if_none_match:
        given = ",".join(if_none_match).strip()
        return given == "*" or etag.removeprefix("W/") in _TAG.findall(given)
    if if_modified_since is None:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except (ValueError, TypeError, OverflowError):
        return False
    return last_modified.replace(microsecond=0) <= (since if since.tzinfo else since.replace(tzinfo=UTC))
