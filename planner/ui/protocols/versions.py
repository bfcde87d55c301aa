"""The versions of protocols that can be looked at: those of the library, those that subjects follow, and a file of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from sqlalchemy import Connection

from planner.protocol.compile import compile_plan
from planner.protocol.errors import ProtocolError, ProtocolErrors
from planner.protocol.library import known_protocols, protocol_path, protocol_text, text_of
from planner.protocol.plan import Plan
from planner.protocol.read import read_protocol
from planner.protocol.said import said
from planner.protocol.warnings import protocol_warnings
from planner.records.errors import RecordsError
from planner.records.facts.chain import content_hash
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.pinned.contents import content_text
from planner.ui.desk import Desk

OWN = "own:"
"""The code of the file of one's own."""
_KEPT = "kept:"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Followed:
    """A version that subjects follow, whom the person may read."""

    hash: str
    study: str
    version: str
    subjects: int

    @property
    def code(self) -> str:
        """Its name in addresses."""
        return f"{_KEPT}{self.hash[:12]}"


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What a person loaded or wrote: it is in this session alone."""

    name: str
    text: str
    unreadable: tuple[ProtocolError, ...] = ()
    """Why the file is no text; none where it is."""


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a protocol, with what is wrong with it."""

    code: str
    file_name: str
    text: str
    hash: str
    plan: Plan | None
    """None where there are errors."""
    errors: tuple[ProtocolError, ...]
    warnings: tuple[ProtocolError, ...]
    subjects: int
    """How many subjects follow it, of those that the person may read."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All versions at hand."""

    library: tuple[str, ...]
    followed: tuple[Followed, ...]
    own: OwnFile | None

    def codes(self) -> tuple[str, ...]:
        """What can be chosen: own file first, then the library, then followed versions that no file of the library has."""
        in_library = {content_hash(text) for name in self.library if (text := _library_text(name)) is not None}
        kept = tuple(each.code for each in self.followed if each.hash not in in_library)
        return (*((OWN,) if self.own is not None else ()), *self.library, *kept)

    def kept(self, code: str) -> Followed | None:
        """The followed version of that code."""
        return next((each for each in self.followed if each.code == code), None)


def shelf_of(found: Sequence[SiteSchedule], own: OwnFile | None) -> Shelf:
    """The shelf of a person who may read these schedules."""
    followed = (Followed(each.group.protocol_hash, each.study, each.schedule.plan.protocol.version, len(each.keys)) for each in found)
    return Shelf(known_protocols(), tuple(sorted(followed, key=lambda each: (each.study, each.version, each.hash))), own)


def loaded(name: str, data: bytes) -> OwnFile:
    """A file as it was loaded, whatever it holds."""
    shown = " ".join(name.split())[:_LONGEST_NAME] or "protocol.yaml"
    try:
        return OwnFile(shown, text_of(data, shown))
    except ProtocolErrors as errors:
        return OwnFile(shown, "", errors.errors)


def version_of(shelf: Shelf, code: str, connection: Connection | None) -> Version:
    """The version of one of the shelf's codes. Raises UnknownContentError, ChangedContentError."""
    if code == OWN and shelf.own is not None:
        return _version(shelf, code, shelf.own.name, shelf.own.text, shelf.own.unreadable)
    followed = shelf.kept(code)
    if followed is not None and connection is not None:
        return _version(shelf, code, f"{followed.study}-{followed.hash[:8]}.yaml", content_text(connection, followed.hash))
    try:
        path = protocol_path(code)
        return _version(shelf, code, path.name, protocol_text(path))
    except ProtocolErrors as errors:
        return _version(shelf, code, code, "", errors.errors)


def require_readable(at: Desk, version: Version) -> None:
    """Refuse a version that is kept with subjects only, once the person may read none of them. Raises RecordsError."""
    if not version.code.startswith(_KEPT):
        return
    with at.reading() as connection:
        shelf = shelf_of(at.schedules.of(connection, at.caller), None)
    if shelf.kept(version.code) is None:
        raise RecordsError(said("Nobody whom you may read follows this version any more, so its file is not given to you."))


def _version(shelf: Shelf, code: str, file_name: str, text: str, unreadable: tuple[ProtocolError, ...] = ()) -> Version:
    hashed = content_hash(text)
    plan, errors, warnings = (None, unreadable, ()) if unreadable else checked(text)
    return Version(
        code, file_name, text, hashed, plan, errors, warnings, sum(each.subjects for each in shelf.followed if each.hash == hashed)
    )


@st.cache_resource(show_spinner=False, max_entries=32)
def checked(text: str) -> tuple[Plan | None, tuple[ProtocolError, ...], tuple[ProtocolError, ...]]:
    """The plan of a protocol's text, or every error in it; and the warnings."""
    try:
        protocol = read_protocol(text)
        return compile_plan(protocol), (), protocol_warnings(protocol)
    except ProtocolErrors as errors:
        return None, errors.errors, ()


def _library_text(name: str) -> str | None:
    try:
        return protocol_text(protocol_path(name))
    except ProtocolErrors:
        return None
