"""The planner's own words in a calendar event, in the two languages of its screens and prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventWords:
    """Labels and phrases; each ``..._title`` holds ``{title}``."""

    nominal: str
    earliest: str
    latest: str
    certainty: str
    bring: str
    prepare: str
    colon: str
    fixed: str
    booked: str
    projected: str
    conditional: str
    visit: str
    cancelled_title: str
    missed_title: str
    on_hold_title: str
    window_title: str
    windows: str
    """What a feed of windows is called; holds ``{name}``."""
    visits: str
    """What a feed is called whose every part is masked."""
    goes_on: str
    """The title on the last day of a part that another follows; holds ``{part}``."""


ENGLISH = EventWords(
    nominal="Nominal date",
    earliest="Earliest",
    latest="Latest",
    certainty="Certainty",
    bring="Bring",
    prepare="Prepare",
    colon=": ",
    fixed="fixed",
    booked="booked",
    projected="projected (may still move)",
    conditional="conditional (hangs on a decision that is still open)",
    visit="Visit",
    cancelled_title="Cancelled: {title}",
    missed_title="Missed: {title}",
    on_hold_title="On hold: {title}",
    window_title="Window: {title}",
    windows="{name} (windows)",
    visits="Visits",
    goes_on="This calendar goes on in part {part}",
)

CHINESE = EventWords(
    nominal="方案日期",
    earliest="最早",
    latest="最晚",
    certainty="确定程度",
    bring="携带",
    prepare="准备",
    colon="：",
    fixed="已确定",
    booked="已预约",
    projected="预计（仍可能变动）",
    conditional="视决定而定（尚未决定）",
    visit="访视",
    cancelled_title="已取消：{title}",
    missed_title="未完成：{title}",
    on_hold_title="暂停：{title}",
    window_title="窗口期：{title}",
    windows="{name}（窗口期）",
    visits="访视",
    goes_on="本日历在第 {part} 部分继续",
)


def event_words(language: str) -> EventWords:
    """The words for a language tag: Chinese for ``zh`` and its variants, English for all others."""
    return CHINESE if language.lower().replace("_", "-").split("-")[0] == "zh" else ENGLISH
