"""What a server says of its collections and objects (RFC 4918, 14.16): the few properties that are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_DAV, _CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_OK = 200


@dataclass(frozen=True, slots=True)
class Resource:
    """A collection or an object on the server."""

    href: str
    """As the server spells it."""
    status: int
    """Of the resource as a whole, as HTTP has it."""
    etag: str
    """As the server gives it, without a ``W/`` before it; "" where it gives none."""
    is_collection: bool
    is_calendar: bool
    takes_events: bool
    data: str
    """The object itself, where it was asked for."""


def resources(tree: Any) -> Iterator[Resource]:
    """The resources of a multi-status, given as lxml has parsed it; nothing of what is none."""
    if getattr(tree, "tag", None) != f"{_DAV}multistatus":
        return
    for response in tree.iterfind(f"{_DAV}response"):
        href = response.findtext(f"{_DAV}href")
        if href and href.strip():
            yield _resource(href.strip(), response)


def strong(etag: str) -> str:
    """An ETag for If-Match: a proxy that compresses marks it as weak, and the server behind it knows it as it was; "" for what is none."""
    found = etag.strip().removeprefix("W/")
    return found if found.isascii() and found.isprintable() else ""


def _resource(href: str, response: Any) -> Resource:
    found = {child.tag: child for prop in _properties(response) for child in prop}
    kinds = {child.tag for child in found.get(f"{_DAV}resourcetype", ())}
    components = found.get(f"{_CALDAV}supported-calendar-component-set")
    names = [] if components is None else [str(child.get("name", "")).upper() for child in components]
    return Resource(
        href=href,
        status=_code(response.findtext(f"{_DAV}status")),
        etag=strong(_text(found.get(f"{_DAV}getetag"))),
        is_collection=f"{_DAV}collection" in kinds,
        is_calendar=f"{_CALDAV}calendar" in kinds,
        takes_events=not names or "VEVENT" in names,
        data=_text(found.get(f"{_CALDAV}calendar-data")),
    )


def _properties(response: Any) -> Iterator[Any]:
    """The elements of those properties that the server has."""
    for propstat in response.iterfind(f"{_DAV}propstat"):
        if _code(propstat.findtext(f"{_DAV}status")) == _OK:
            yield from propstat.iterfind(f"{_DAV}prop")


def _text(element: Any) -> str:
    return "" if element is None else str(element.text or "")


def _code(status: str | None) -> int:
    """The number in ``HTTP/1.1 200 OK``; 200 where none is given."""
    words = (status or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isascii() and words[1].isdigit() else _OK
