"""Which moment a local time in somebody's file is: by a name that is known, by the file's own definition, and never by a guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from planner.exchange.outside.components import RawZone
from planner.exchange.outside.property_lines import PropertyError, read_property
from planner.exchange.outside.zone_component import ZoneComponent, zone_component
from planner.exchange.time_zones import zone_info
from planner.protocol.said import said
from planner.schedule.zone_names import ZONE_NAMES


class FileZones:
    """The time zones of one file."""

    def __init__(self, raw: Sequence[RawZone]) -> None:
        """``raw`` are the file's VTIMEZONEs; each is read when a time needs it."""
        self._raw: dict[tuple[int, str], list[RawZone]] = {}
        self._read: dict[tuple[int, str], ZoneComponent | PropertyError] = {}
        for zone in raw:
            try:
                name = read_property(zone.name).value.strip()
            except PropertyError:
                # A zone without a name is one that no event can name.
                continue
            self._raw.setdefault((zone.calendar, name), []).append(zone)

    def moment(self, name: str, wall: datetime, calendar: int) -> datetime:
        """When, in UTC, a clock in the zone ``name`` shows ``wall``; of a time that occurs twice the first.

        A name of the IANA list counts as what it names, unless the file defines it otherwise: then nothing is known for sure. Any other
        name is what the file defines, and where it does not, what Windows means by it. Raises PropertyError where no moment can be said.
        """
        iana = _iana_name(name)
        defined = self._defined(name.strip(), calendar)
        if iana is None:
            if isinstance(defined, ZoneComponent):
                return defined.moment(wall)
            iana = WINDOWS_TO_OLSON.get(name.strip())
            if iana not in ZONE_NAMES:
                raise PropertyError(_unknown(name, defined))
            return moment_in(iana, wall)
        moment = moment_in(iana, wall)
        if isinstance(defined, ZoneComponent) and defined.moment(wall) != moment:
            raise PropertyError(
                said(
                    "its time zone {iana} has another offset on that day than the file's own VTIMEZONE says, so the time may be either",
                    iana=iana,
                )
            )
        return moment

    def _defined(self, name: str, calendar: int) -> ZoneComponent | PropertyError | None:
        """What the file says of a zone; None where it says nothing, the error where that cannot be used."""
        key = (calendar, name)
        if key not in self._raw:
            return None
        if key not in self._read:
            self._read[key] = _one_zone(self._raw[key])
        return self._read[key]


def moment_in(zone: str, wall: datetime) -> datetime:
    """When, in UTC, a clock in an IANA zone shows ``wall``; of a time that occurs twice the first. Raises UnknownZoneError."""
    return wall.replace(tzinfo=zone_info(zone)).astimezone(UTC)


def _one_zone(raw: Sequence[RawZone]) -> ZoneComponent | PropertyError:
    try:
        zones = {zone_component(zone) for zone in raw[:50]}
        if len(zones) > 1:
            raise PropertyError(said("it is there several times, each time with other offsets"))
        return zones.pop()
    except PropertyError as error:
        return error


def _iana_name(name: str) -> str | None:
    """The IANA zone that a TZID names: as it is, or at the end of ``/mozilla.org/20050126_1/Europe/Berlin``."""
    name = name.strip()
    if name in ZONE_NAMES:
        return name
    if name.startswith("/"):
        parts = name.split("/")
        return next((end for count in (3, 2) if (end := "/".join(parts[-count:])) in ZONE_NAMES), None)
    return None


def _unknown(name: str, defined: ZoneComponent | PropertyError | None) -> str:
    shown = "".join(character if character.isprintable() else "?" for character in name[:60])
    if isinstance(defined, PropertyError):
        return said("the file's VTIMEZONE of its time zone {shown} cannot be used: {defined}", shown=shown, defined=str(defined))
    return said(
        "its time zone {shown} is not known, and the file does not define it; export it with its time zones, or in UTC", shown=shown
    )
