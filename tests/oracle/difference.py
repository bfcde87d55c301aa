"""Where the engine's rows first differ from the oracle's, in words."""

from __future__ import annotations

from collections.abc import Sequence

from planner.schedule.rows import VisitRow

_NAMES = {"n": "number"}


def difference(expected: Sequence[dict[str, object]], rows: Sequence[VisitRow]) -> str | None:
    """The first field that differs, or None: visits missing or too many first, then their order, then field by field."""
    wanted, given = [str(row["visit"]) for row in expected], [row.visit for row in rows]
    absent = [visit for visit in wanted if visit not in given]
    extra = [visit for visit in given if visit not in wanted]
    if absent or extra:
        return f"rows missing: {', '.join(absent) or 'none'}; rows too many: {', '.join(extra) or 'none'}"
    by_visit = {row.visit: row for row in rows}
    found = [text for row in expected for text in [_fields_that_differ(row, by_visit[str(row["visit"])])] if text]
    if found:
        return "; ".join(found[:3]) + (f"; and {len(found) - 3} more rows" if len(found) > 3 else "")
    if wanted != given:
        return f"order: expected {', '.join(wanted)}; got {', '.join(given)}"
    return None


def _fields_that_differ(expected: dict[str, object], row: VisitRow) -> str | None:
    parts = []
    for key, wanted in expected.items():
        given = getattr(row, _NAMES.get(key, key))
        given = list(given) if isinstance(given, tuple) else given
        if given != wanted:
            parts.append(f"{key} expected {_shown(wanted)}, got {_shown(given)}")
    return f"{expected['visit']}: " + ", ".join(parts) if parts else None


def _shown(value: object) -> str:
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)
