"""The days that a print offers: no day before the consent, none that is past; the protocol's window itself stays."""

from __future__ import annotations

from datetime import date

import pytest

from planner.exchange.prints.possible_days import allowed_days, days_left_of, first_allowed
from tests.ui.worked_example import preview

CONSENT, LAST = date(2026, 11, 19), date(2026, 12, 6)


@pytest.mark.parametrize(
    ("as_of", "left"),
    [
        (date(2026, 11, 18), (CONSENT, LAST)),
        (date(2026, 11, 20), (date(2026, 11, 20), LAST)),
        (LAST, (LAST, LAST)),
        (date(2026, 12, 7), None),
    ],
)
def test_days_before_the_consent_or_in_the_past_are_not_offered(as_of: date, left: tuple[date, date] | None) -> None:
    made = preview(start="2026-12-07", milestone__CONSENT="2026-11-19", on="2026-11-20")
    row = made.row("SCR")
    assert row is not None
    assert (row.earliest, row.latest) == (date(2026, 11, 9), LAST)
    allowed = allowed_days(row, first_allowed(made.schedule))
    assert allowed == (CONSENT, LAST)
    assert days_left_of(allowed, as_of) == left


def test_a_visit_without_a_bound_keeps_its_window() -> None:
    made = preview()
    row = made.row("C3D1")
    assert row is not None
    assert row.earliest is not None
    assert max(row.earliest, first_allowed(made.schedule).get("C3D1", row.earliest)) >= row.earliest
    assert days_left_of(None, date(2026, 3, 1)) is None
