"""What every command on the records begins with: the database, who asks, and when."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planner.commands.failures import CallWrong
from planner.exchange.local_account import ACCOUNT_VARIABLE, local_account

if TYPE_CHECKING:
    from planner.records.caller import Caller
    from planner.records.store.database import Database


@contextmanager
def open_records() -> Iterator[Database]:
    """The database that PLANNER_DATABASE_URL names, closed again at the end. Raises DatabaseError."""
    from planner.records.store.database import default_url, open_database

    database = open_database(default_url(os.environ))
    try:
        yield database
    finally:
        database.close()


@contextmanager
def existing_records() -> Iterator[Database]:
    """The same for a database that is there already: a misspelled name must not look like one in which nothing has happened.

    Raises DatabaseError.
    """
    from planner.records.store.database import default_url, require_database

    require_database(default_url(os.environ))
    with open_records() as database:
        yield database


@contextmanager
def records_as_they_are() -> Iterator[Database]:
    """The same without a look at its tables: damaged ones are named by the audit. Raises DatabaseError."""
    from planner.records.store.database import default_url, open_as_it_is

    database = open_as_it_is(default_url(os.environ))
    try:
        yield database
    finally:
        database.close()


def caller(account: str | None) -> Caller:
    """Who asks: ``--as``, else PLANNER_ACCOUNT, else the login name; at this moment.

    Raises CallWrong where none is known, or what is given is no account's name.
    """
    from planner.exchange.today import now
    from planner.records.caller import Caller
    from planner.records.facts.account import AccountError

    given = (account or "").strip() or local_account()
    if not given:
        raise CallWrong([f"Nobody says who asks; give --as ACCOUNT or set {ACCOUNT_VARIABLE}"])
    try:
        return Caller(given, now())
    except AccountError as error:
        is_given = (account or "").strip() or os.environ.get(ACCOUNT_VARIABLE, "").strip()
        where = "" if is_given else f"Your login name cannot stand beside a fact; give --as ACCOUNT or set {ACCOUNT_VARIABLE}. "
        raise CallWrong([f"{where}{error}"]) from None
