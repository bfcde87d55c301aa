"""What the name of an account looks like: something to sign in with, never a person's full name."""

from __future__ import annotations

import re

from planner.protocol.said import said
from planner.records.errors import RecordsError

_ACCOUNT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?", re.ASCII)


class AccountError(RecordsError, ValueError):
    """A text that is no account's name; the message says what would be one, and never shows the text."""


def require_account(account: str) -> str:
    """``account`` itself, if it is an account's name. Raises AccountError."""
    if _ACCOUNT.fullmatch(account) is None:
        text = (
            "An account is a name to sign in with, not a person's full name: 1 to 64 letters, digits, . _ @ and -, without spaces, such as "
            "nurse1."
        )
        raise AccountError(said(text))
    return account
