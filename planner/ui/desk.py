"""What every page begins with: the database, and who asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st
from sqlalchemy import Connection

from planner.exchange import today
from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.lists.kept_schedules import KeptSchedules
from planner.records.people.rights import Action, NotAllowedError, allowed_role
from planner.records.people.settings import Settings
from planner.records.store.database import default_url
from planner.records.store.live_database import LiveDatabase
from planner.ui.identity import SignedOutError, caller, claimed, is_sign_in_configured


@dataclass(frozen=True, slots=True)
class Desk:
    """The database and the person at the screen, at the moment of one run of a page."""

    database: LiveDatabase
    schedules: KeptSchedules
    """Everybody's schedules, shared by all sessions."""
    caller: Caller
    until: datetime | None = None
    """When the sign-in of this person ends; None without one, and where the provider does not say."""

    def again(self) -> Desk:
        """The same database and person at the present moment, for what is done after the page was drawn. Raises SignedOutError."""
        now = today.now()
        if self.until is not None and self.until <= now:
            raise SignedOutError(said("Your sign-in has ended. Sign in again to go on; what was saved is saved."))
        return replace(self, caller=replace(self.caller, now=now))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the log. Raises DatabaseError."""
        with self.database.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer shares. Raises DatabaseError."""
        with self.database.writing() as connection:
            yield connection

    def may(self, settings: Settings, action: Action, site: str) -> bool:
        """Whether the person may do this at a site (``*``: the whole installation): what pages offer by; saving asks again."""
        try:
            allowed_role(settings, self.caller.who, action, site)
        except NotAllowedError:
            return False
        return True


def desk() -> Desk:
    """The desk of the person who looks at the page now. Raises NobodyError."""
    url = default_url(os.environ)
    return Desk(_database(url), _schedules(url), caller(), claimed().until if is_sign_in_configured() else None)


@st.cache_resource(show_spinner=False)
def _database(url: str) -> LiveDatabase:
    return LiveDatabase(url)


@st.cache_resource(show_spinner=False)
def _schedules(url: str) -> KeptSchedules:  # noqa: ARG001 (part of the key that the cache goes by)
    return KeptSchedules()
