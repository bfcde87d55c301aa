"""The last year whose working days are officially known, for countries that set or move days off by a yearly decree (R17).

Every later year of these countries is provisional. A year listed here is the last one whose decree the `holidays`
package holds; a test compares the table with the package, so an upgrade that brings a new decree asks for a change
here. Elsewhere the law itself gives the dates, or the package marks them as estimated.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LAST_OFFICIAL_YEAR: Mapping[str, int] = MappingProxyType(
    {
        "AR": 2026,  # bridge holidays
        "AZ": 2025,
        "BT": 2026,  # lunar dates, announced each year; the package has estimates up to 2035 and then none
        "BY": 2026,
        "CN": 2026,
        "HU": 2026,
        "KG": 2025,
        "KZ": 2025,
        "LV": 2026,
        "MM": 2025,
        "RU": 2027,
        "TH": 2026,  # bridge holidays
        "UZ": 2026,
        "VN": 2026,
    }
)
"""Country code to year."""


def last_official_year(code: str) -> int | None:
    """The last official year of a country or of the country of a subdivision; None where no yearly decree is needed."""
    return LAST_OFFICIAL_YEAR.get(code.partition("-")[0])
