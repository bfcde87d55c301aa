"""UIDs as Exchange and Outlook wrap those that are not of their own making ([MS-OXCICAL] 2.1.3.1.1.20.26)."""

from __future__ import annotations

_BEGINS = "040000008200E00074C5B7101A82E008"
_MARK = b"vCal-Uid\x01\0\0\0"


def original_uid(uid: str) -> str:
    """The UID that was there before Outlook wrapped it; any other as it is."""
    if uid[: len(_BEGINS)].upper() != _BEGINS:
        return uid
    try:
        octets = bytes.fromhex(uid)
    except ValueError:
        return uid
    _, mark, wrapped = octets.partition(_MARK)
    return wrapped.rstrip(b"\0").decode("utf-8", "replace") if mark else uid
