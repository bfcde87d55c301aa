"""The sites and studies that a list is asked for: a misspelled one must not look like a place where there is nothing to do."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from planner.protocol.errors import nearest
from planner.protocol.said import said
from planner.records.errors import RecordsError
from planner.records.facts.kinds import Kind
from planner.records.people.settings import read_settings
from planner.records.store.log import subject_keys
from planner.records.store.schema import facts

_MEANT = {"site": "There is no site {name}. Did you mean {near}?", "study": "There is no study {name}. Did you mean {near}?"}
_THERE_IS = {"site": "There is no site {name}. There is {known}.", "study": "There is no study {name}. There is {known}."}
_NONE = {
    "site": "There is no site {name}. There is no site yet.",
    "study": "There is no study {name}. There is no study yet.",
}


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
        text = _MEANT[what] if near else _THERE_IS[what] if known else _NONE[what]
        raise UnknownChoiceError(said(text, name=name[:40], near=near, known=tuple(known)))
