"""A calendar on a server: what it holds, and putting, reading and deleting single events in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from planner.exchange.calendar_server.address import ServerAddress, place
from planner.exchange.calendar_server.bounded_session import MULTI_STATUS
from planner.exchange.calendar_server.multistatus import Resource
from planner.exchange.calendar_server.server import CalendarServer
from planner.exchange.calendar_server.server_error import CalendarServerError, in_words, refused, unusable

OBJECTS_AT_ONCE = 50
"""How many objects are read by one request."""
MOST_REDIRECTS = 5
MOST_LISTED = 50_000
"""Objects in a calendar; a large feed has a tenth of it."""

_OK, _SERVER_FAILS = 200, 500
_REDIRECTS = (301, 302, 303, 307, 308)
_ABSENT = (404, 409, 410)
"""409: nor is what it would be in."""
_XML = "application/xml; charset=utf-8"
_LIST = (
    b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><resourcetype/><getetag/>'
    b"<C:supported-calendar-component-set/></prop></propfind>"
)
_MAKE = (
    b'<?xml version="1.0" encoding="utf-8"?><C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
    b'<C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set></prop></set></C:mkcalendar>'
)
_READ = (
    '<?xml version="1.0" encoding="utf-8"?><C:calendar-multiget xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><getetag/>'
    "<C:calendar-data/></prop>{hrefs}</C:calendar-multiget>"
)
_MOST_NAMED, _LONGEST_SHOWN = 10, 120


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of a calendar as it stands on the server."""

    path: str
    """As the server spells it."""
    etag: str
    data: str = ""
    """The object itself, once it was read."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A calendar on a server. Its methods raise CalendarServerError where nothing more can be asked of the server."""

    server: CalendarServer
    address: ServerAddress

    def read(self, paths: Sequence[str]) -> dict[str, StoredObject]:
        """Those of these objects that are there, by ``place``."""
        found: dict[str, StoredObject] = {}
        for first in range(0, len(paths), OBJECTS_AT_ONCE):
            hrefs = "".join(f"<href>{escape(path)}</href>" for path in paths[first : first + OBJECTS_AT_ONCE])
            body = _READ.format(hrefs=hrefs).encode()
            reply = self.server.ask("REPORT", self.address.url, body, Depth="1", Content_Type=_XML)
            if reply.status != MULTI_STATUS:
                raise refused(self.server.host, reply.status)
            found |= _objects(self.server.host, self.address, (one for one in reply.resources if one.data))
        return found

    def put(self, path: str, body: bytes, etag: str) -> tuple[int, str]:
        """Put an object there: a new one where ``etag`` is "", else in place of the one with this ETag. The status, and the new ETag."""
        condition = {"If_Match": etag} if etag else {"If_None_Match": "*"}
        reply = self.server.ask("PUT", self.address.url_of(path), body, Content_Type="text/calendar; charset=utf-8", **condition)
        return reply.status, reply.etag

    def delete(self, path: str, etag: str) -> int:
        """Delete the object with this ETag. The status."""
        return self.server.ask("DELETE", self.address.url_of(path), If_Match=etag).status


@dataclass(frozen=True, slots=True)
class Opened:
    """A calendar as it was found."""

    collection: Collection
    objects: Mapping[str, StoredObject]
    """By ``place``."""
    is_missing: bool = False
    """It is not there yet, and may be made."""


def open_collection(server: CalendarServer, address: ServerAddress, name: str, *, create: bool = False) -> Opened:
    """The calendar at an address, or the one called ``name`` in the calendar home at this address.

    One that is not there is ``is_missing`` with ``create``, and else refused. Raises CalendarServerError and CalendarAddressError.
    """
    address, found = _listed(server, address)
    if found is None:
        return _missing(server, address, create=create)
    here = _own(server, address, found)
    if here.is_calendar:
        return _opened(server, address, here, found)
    if not here.is_collection:
        raise CalendarServerError(f"{server.host} has something else than a calendar at this address. Give the address of a calendar.")
    inside = address.below(name)
    children = {place(path): one for one in found if (path := address.path_of(one.href)) is not None}
    if place(inside.path) not in children:
        if not create:
            raise _which(server.host, [place_ for place_, one in children.items() if one.is_calendar], name)
        return _missing(server, inside, create=create)
    inside, listed = _listed(server, inside)
    if listed is None:
        raise unusable(server.host, f"names a calendar {name} and then does not find it")
    return _opened(server, inside, _own(server, inside, listed), listed)


def make_collection(collection: Collection) -> None:
    """Make a calendar that is not there yet. Raises CalendarServerError."""
    server, address = collection.server, collection.address
    reply = server.ask("MKCALENDAR", address.url, _MAKE, Content_Type=_XML)
    if reply.status not in (200, 201):
        why = f"{in_words(reply.status)}. Make one there by hand, and give its address"
        raise unusable(server.host, f"makes no calendar at {address.path}: {why}")


def _listed(server: CalendarServer, address: ServerAddress) -> tuple[ServerAddress, Sequence[Resource] | None]:
    """What is at an address and right below it, and where it was found in the end; None where there is nothing."""
    for _ in range(MOST_REDIRECTS):
        reply = server.ask("PROPFIND", address.url, _LIST, Depth="1", Content_Type=_XML)
        if reply.status not in _REDIRECTS:
            break
        address = address.leads_to(reply.location)
    if reply.status in _ABSENT:
        return address, None
    if reply.status != MULTI_STATUS:
        raise refused(server.host, reply.status)
    if partly := [one.status for one in reply.resources if one.status >= _SERVER_FAILS]:
        raise unusable(
            server.host, f"lists only a part of what it holds (HTTP {partly[0]}); raise its limit, or use a calendar with fewer events"
        )
    if len(reply.resources) > MOST_LISTED:
        raise unusable(server.host, f"lists more than {MOST_LISTED:,} objects there; use a calendar with fewer events")
    return address, reply.resources


def _own(server: CalendarServer, address: ServerAddress, found: Sequence[Resource]) -> Resource:
    for one in found:
        path = address.path_of(one.href)
        if path is not None and place(path) == place(address.path):
            return one
    raise unusable(server.host, "answers with nothing about what it was asked for; is the address that of a calendar?")


def _opened(server: CalendarServer, address: ServerAddress, here: Resource, found: Sequence[Resource]) -> Opened:
    if not here.is_calendar:
        raise unusable(server.host, f"has something else than a calendar at {address.path}; give the address of another")
    if not here.takes_events:
        raise unusable(server.host, "has a calendar there that takes no events (perhaps one of tasks); give the address of another")
    members = (one for one in found if one is not here and not one.is_collection)
    return Opened(Collection(server, address), _objects(server.host, address, members))


def _objects(host: str, address: ServerAddress, found: Iterable[Resource]) -> dict[str, StoredObject]:
    """The objects that lie in the collection, by ``place``."""
    objects = {}
    for one in found:
        path = address.path_of(one.href)
        if path is None or not place(path).startswith(place(address.path) + "/"):
            raise unusable(host, "answers with something that is not in this calendar; is the address right?")
        if one.status != _OK:
            continue
        if not one.etag:
            raise unusable(host, "gives no ETag, without which nobody's changes there could be told from ours")
        objects[place(path)] = StoredObject(path, one.etag, one.data)
    return objects


def _missing(server: CalendarServer, address: ServerAddress, *, create: bool) -> Opened:
    if not create:
        raise CalendarServerError(f"{server.host} has no calendar at {address.path}. Check the address, or give --create to make one.")
    return Opened(Collection(server, address), {}, is_missing=True)


def _which(host: str, calendars: Sequence[str], name: str) -> CalendarServerError:
    shown = ", ".join(f"{path[:_LONGEST_SHOWN]}/" for path in sorted(calendars)[:_MOST_NAMED])
    holds = f"It holds the calendars {shown}" if shown else "It holds no calendar"
    return CalendarServerError(
        f"{host} has no calendar at this address, but a place for calendars. {holds}. Give the address of one, or --create to "
        f"have one made there, called {name}."
    )
