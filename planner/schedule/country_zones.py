"""The IANA time zone that a country's or subdivision's sites are taken to be in, unless a calendar file says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType

from planner.protocol.said import said
from planner.schedule.calendar import CalendarError
from planner.schedule.first_zones import FIRST_ZONES
from planner.schedule.zone_names import ZONE_NAMES

_MAIN_ZONE: Mapping[str, str] = MappingProxyType(
    {
        "AU": "Australia/Sydney",
        "BR": "America/Sao_Paulo",
        "BV": "Etc/UTC",
        "CA": "America/Toronto",
        "FM": "Pacific/Pohnpei",
        "HM": "Indian/Kerguelen",
        "RU": "Europe/Moscow",
        "UA": "Europe/Kyiv",
        "UZ": "Asia/Tashkent",
        "XK": "Europe/Belgrade",
    }
)
"""Countries whose first zone in the time zone database is not where most people live, and those it does not list."""

_ZONES_OF_SUBDIVISIONS: Mapping[str, str] = MappingProxyType(
    {
        "America/Chicago": "US-AL US-AR US-IA US-IL US-KS US-LA US-MN US-MO US-MS US-ND US-NE US-OK US-SD US-TN US-TX US-WI",
        "America/Denver": "US-CO US-MT US-NM US-UT US-WY",
        "America/Boise": "US-ID",
        "America/Phoenix": "US-AZ",
        "America/Los_Angeles": "US-CA US-NV US-OR US-WA",
        "America/Anchorage": "US-AK",
        "America/Detroit": "US-MI",
        "America/Indiana/Indianapolis": "US-IN",
        "America/Puerto_Rico": "US-PR",
        "America/St_Thomas": "US-VI",
        "Pacific/Honolulu": "US-HI",
        "Pacific/Guam": "US-GU US-MP",
        "Pacific/Pago_Pago": "US-AS",
        "Pacific/Wake": "US-UM",
        "America/St_Johns": "CA-NL",
        "America/Halifax": "CA-NS CA-PE",
        "America/Moncton": "CA-NB",
        "America/Winnipeg": "CA-MB",
        "America/Regina": "CA-SK",
        "America/Edmonton": "CA-AB CA-NT",
        "America/Vancouver": "CA-BC",
        "America/Whitehorse": "CA-YT",
        "America/Iqaluit": "CA-NU",
        "Australia/Brisbane": "AU-QLD",
        "Australia/Adelaide": "AU-SA",
        "Australia/Darwin": "AU-NT",
        "Australia/Hobart": "AU-TAS",
        "Australia/Melbourne": "AU-VIC",
        "Australia/Perth": "AU-WA",
        "America/Rio_Branco": "BR-AC",
        "America/Maceio": "BR-AL BR-SE",
        "America/Manaus": "BR-AM",
        "America/Belem": "BR-AP BR-PA",
        "America/Bahia": "BR-BA",
        "America/Fortaleza": "BR-CE BR-MA BR-PB BR-PI BR-RN",
        "America/Campo_Grande": "BR-MS",
        "America/Cuiaba": "BR-MT",
        "America/Recife": "BR-PE",
        "America/Porto_Velho": "BR-RO",
        "America/Boa_Vista": "BR-RR",
        "America/Araguaina": "BR-TO",
        "America/Punta_Arenas": "CL-MA",
        "America/Coyhaique": "CL-AI",
        "Asia/Kuching": "MY-12 MY-13",
        "Atlantic/Canary": "ES-CN",
        "Africa/Ceuta": "ES-CE ES-ML",
        "Atlantic/Azores": "PT-20",
        "Atlantic/Madeira": "PT-30",
        "Pacific/Chuuk": "FM-TRK FM-YAP",
        "Pacific/Kosrae": "FM-KSA",
        "Pacific/Chatham": "NZ-CIT",
    }
)
"""Subdivisions in another zone than their country's, each in the zone where most of its people live."""


def country_zone(code: str) -> str:
    """The IANA zone of a country or subdivision; ``UTC`` for a code that the time zone database does not know."""
    country = code.partition("-")[0]
    return _subdivision_zones().get(code) or _MAIN_ZONE.get(country) or FIRST_ZONES.get(country, "UTC")


def require_zone(zone: str) -> str:
    """``zone`` itself if it is an IANA time zone; raises CalendarError naming the nearest ones."""
    if zone in ZONE_NAMES:
        return zone
    nearest = get_close_matches(zone, sorted(ZONE_NAMES), n=3, cutoff=0.5)
    text = "{zone} is not an IANA time zone. Write one such as Asia/Shanghai or America/New_York."
    if nearest:
        text = "{zone} is not an IANA time zone. Nearest: {nearest}. Write one such as Asia/Shanghai or America/New_York."
    raise CalendarError(said(text, zone=repr(zone), nearest=tuple(nearest)))


@cache
def _subdivision_zones() -> Mapping[str, str]:
    return {code: zone for zone, codes in _ZONES_OF_SUBDIVISIONS.items() for code in codes.split()}
