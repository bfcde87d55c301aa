"""The sites and studies that a list is asked for: a misspelled one must not look like a place where there is nothing to do."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from planner.protocol.errors import nearest
from planner.records.errors import RecordsError
from planner.records.facts.kinds import Kind
from planner.records.people.settings import read_settings
from planner.records.store.log import subject_keys
from planner.records.store.schema import facts


class UnknownChoiceError(RecordsError, LookupError):
    """A site or study that there is not; the message names the nearest."""


def require_choices(
    connection: Connection, permitted: frozenset[str] | None, sites: Collection[str] | None, studies: Collection[str] | None
) -> None:
    """Refuse what is not there, or not among the sites ``permitted`` (None: all). Raises UnknownChoiceError."""
    if sites is not None:
        known = [code for code in _sites(connection) if permitted is None or code in permitted]
        _require("site", sites, known)
    if studies is not None:
        _require("study", studies, list(dict.fromkeys(key.study for key in subject_keys(connection))))


def _sites(connection: Connection) -> list[str]:
    """The sites that are set up, and those where a subject ever was."""
    held = select(facts.c.item).where(facts.c.kind.in_([str(Kind.ENROLLED), str(Kind.SITE_TRANSFERRED)])).distinct()
    return list(dict.fromkeys([*read_settings(connection).sites, *connection.execute(held).scalars()]))


def _require(what: str, asked: Collection[str], known: list[str]) -> None:
    for name in asked:
        if name in known:
            continue
        near = nearest(name, known)
        hint = f"Did you mean {near}?" if near else f"There is {', '.join(known)}." if known else f"There is no {what} yet."
        raise UnknownChoiceError(f"There is no {what} {name[:40]}. {hint}")
