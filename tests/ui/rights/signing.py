"""People who signed in with an identity provider, whose sign-in ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from planner.exchange import today
from planner.ui import identity
from tests.ui.clock import MOMENT
from tests.ui.rights.walking import arrived_as

UNTIL = MOMENT + timedelta(hours=1)
LATE = UNTIL + timedelta(seconds=1)


@dataclass(frozen=True)
class Signed:
    """What Streamlit says of whoever signed in."""

    account: str
    is_logged_in: bool = True

    def to_dict(self) -> dict[str, Any]:
        """The claims."""
        return {"preferred_username": self.account, "exp": UNTIL.timestamp()}


def signed_in(account: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A session of that account, whose sign-in ends at ``UNTIL``."""
    monkeypatch.setattr(identity, "_secrets", lambda: {"auth": {}})
    monkeypatch.setattr(streamlit, "user", Signed(account))
    return arrived_as("nobody.at.the.machine", monkeypatch)


def it_is(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on it is that moment."""
    monkeypatch.setattr(today, "now", lambda: now)
