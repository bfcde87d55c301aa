"""A clock for the screens: the demonstration stands as of one day, so the screens must believe in that day too."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from planner.exchange import today

DAY = date(2026, 11, 20)
"""The day on which the demonstration stands."""
MOMENT = datetime(2026, 11, 20, 6, tzinfo=UTC)
"""Friday afternoon in China, so that it is the same day at all sites."""


def started_at(moment: datetime) -> None:
    """From now on it is ``moment``, and time goes on from there. To be called before other modules of the planner are imported."""
    ahead: timedelta = moment - datetime.now(UTC)

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    def today_in(zone: str) -> date:
        return now().astimezone(ZoneInfo(zone)).date()

    today.now = now
    today.today_in = today_in
