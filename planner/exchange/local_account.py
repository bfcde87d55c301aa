"""The account of whoever sits at this machine, where nobody signs in."""

from __future__ import annotations

import getpass
import os

ACCOUNT_VARIABLE = "PLANNER_ACCOUNT"


def local_account() -> str:
    """``PLANNER_ACCOUNT``, else the login name; "" where there is neither."""
    return os.environ.get(ACCOUNT_VARIABLE, "").strip() or _login_name()


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A container without an entry for its user.
        return ""
