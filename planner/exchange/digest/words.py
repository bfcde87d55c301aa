"""The words of a mailed worklist, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from planner.records.lists.worklist import WorklistKind

DigestLanguage = Literal["en", "zh-CN"]


@dataclass(frozen=True, slots=True)
class KindWords:
    """How one kind of the worklist is spoken of."""

    counted: str
    """``{count} overdue``: in the title and among the counts."""
    heading: str
    about: str
    """Why a visit is there, in a sentence."""
    past: str
    """The day that counts is ``{days}`` ago."""
    today: str
    ahead: str
    """It is ``{days}`` ahead."""


@dataclass(frozen=True, slots=True)
class DigestWords:
    """All words of a message; names in braces are filled in."""

    language: DigestLanguage
    heading: str
    """Above the counts; holds ``{day}``."""
    title: str
    """The subject of the mail."""
    title_empty: str
    intro: str
    """Holds ``{account}``."""
    days_differ: str
    """Where it is not the same day at all sites; ``{days}`` are some of ``day_at``."""
    day_at: str
    """``{day}`` at ``{sites}``."""
    nothing: str
    rows_left_out: str
    more: str
    columns: tuple[str, ...]
    """Study, site, subject, visit, days, kind, planned, window, booked: a narrow screen shows the first ones."""
    visit_kinds: Mapping[str, str]
    planned: str
    window: str
    window_from_to: str
    booked: str
    no_date: str
    separator: str
    between_days: str
    between_sentences: str
    day: str
    days: str
    calendar_attached: str
    about_dates: str
    file_name: str
    kinds: Mapping[WorklistKind, KindWords]

    def days_said(self, count: int) -> str:
        """``1 day``, ``3 days``."""
        return (self.day if count == 1 else self.days).format(count=count)


ENGLISH = DigestWords(
    language="en",
    heading="Visits to see to on {day}",
    title="Visits to see to on {day}: {counts}",
    title_empty="Visits to see to on {day}: none",
    intro="The worklist of {account} on {day}. A visit is listed once for each reason; days are counted from today's date at its site.",
    days_differ="It is not the same day at all sites now: {days}.",
    day_at="{day} at {sites}",
    nothing="There is nothing to see to today.",
    rows_left_out="This message holds the counts only; the worklist shows the visits.",
    more="and {count} more: see the worklist",
    columns=("Study", "Site", "Subject", "Visit", "Days", "Kind", "Planned", "Window", "Booked"),
    visit_kinds={"clinic": "clinic", "treatment": "treatment", "imaging": "imaging", "phone": "phone", "decision": "decision"},
    planned="planned {date}",
    window="window {window}",
    window_from_to="{first} to {last}",
    booked="booked {booked}",
    no_date="no date",
    separator=", ",
    between_days="; ",
    between_sentences=" ",
    day="{count} day",
    days="{count} days",
    calendar_attached=(
        "The calendar file attached holds these visits as they are now, without those whose date is open; it does not change by itself."
    ),
    about_dates=(
        "The dates follow from each study's protocol and from what was recorded. This message plans dates only: it decides nothing, moves "
        "no visit and replaces no judgement of those who treat."
    ),
    file_name="visits.ics",
    kinds={
        WorklistKind.OVERDUE: KindWords(
            "{count} overdue", "Overdue", "The window has closed, and nothing is recorded.", "{days} late", "last day today", "{days} left"
        ),
        WorklistKind.UNCONFIRMED: KindWords(
            "{count} unconfirmed", "Unconfirmed", "The booked day has passed, and nothing is recorded.", "{days} ago", "today", "in {days}"
        ),
        WorklistKind.DECISION: KindWords(
            "{count} to decide", "To decide", "A decision is to be recorded.", "{days} past", "today", "{days} left"
        ),
        WorklistKind.STOPPED_CLOCK: KindWords(
            "{count} on hold", "On hold", "A hold keeps the visit waiting, for long by now.", "on hold for {days}", "on hold", "in {days}"
        ),
        WorklistKind.CLOSING: KindWords(
            "{count} closing", "Closing", "The window is open and closes soon.", "{days} late", "last day today", "{days} left"
        ),
        WorklistKind.DUE: KindWords("{count} due", "Due", "The window is open.", "{days} late", "last day today", "{days} left"),
        WorklistKind.UNBOOKED: KindWords(
            "{count} not booked", "Not booked", "The visit is planned soon, and no day is booked.", "{days} ago", "today", "in {days}"
        ),
    },
)

CHINESE = DigestWords(
    language="zh-CN",
    heading="{day} 待处理访视",
    title="{day} 待处理访视：{counts}",
    title_empty="{day} 待处理访视：无",
    intro="{account} 在 {day} 的工作清单。同一访视按每个原因各列一次；天数按中心当地今天的日期计算。",
    days_differ="目前各中心当地的日期不同：{days}。",
    day_at="{sites} 为 {day}",
    nothing="今天没有待处理的访视。",
    rows_left_out="本邮件只含数量；具体访视请查看工作清单。",
    more="另有 {count} 项：请查看工作清单",
    columns=("研究", "中心", "受试者编号", "访视", "天数", "类型", "计划日期", "窗口期", "预约"),
    visit_kinds={"clinic": "门诊", "treatment": "治疗", "imaging": "影像", "phone": "电话", "decision": "决定"},
    planned="计划 {date}",
    window="窗口期 {window}",
    window_from_to="{first} 至 {last}",
    booked="预约 {booked}",
    no_date="日期未定",
    separator="，",
    between_days="；",
    between_sentences="",
    day="{count} 天",
    days="{count} 天",
    calendar_attached="所附日历文件为这些访视目前的日期（日期未定者除外），不会自动更新。",
    about_dates="日期由各研究方案和已记录的情况推算得出。本邮件仅用于安排日期：不作任何决定，不改动任何访视，也不能代替医护人员的判断。",
    file_name="visits.ics",
    kinds={
        WorklistKind.OVERDUE: KindWords(
            "{count} 项逾期", "逾期", "窗口期已结束，尚无记录。", "已逾期 {days}", "今天为最后一天", "还剩 {days}"
        ),
        WorklistKind.UNCONFIRMED: KindWords("{count} 项未确认", "未确认", "预约日期已过，尚无记录。", "{days}前", "今天", "{days}后"),
        WorklistKind.DECISION: KindWords("{count} 项待决定", "待决定", "有一项决定需要记录。", "已过 {days}", "今天", "还剩 {days}"),
        WorklistKind.STOPPED_CLOCK: KindWords(
            "{count} 项暂停", "暂停", "因治疗暂停，该访视已等待较久。", "已暂停 {days}", "暂停中", "{days}后"
        ),
        WorklistKind.CLOSING: KindWords(
            "{count} 项即将到期", "即将到期", "窗口期已开始，即将结束。", "已逾期 {days}", "今天为最后一天", "还剩 {days}"
        ),
        WorklistKind.DUE: KindWords("{count} 项在窗口期内", "窗口期内", "窗口期已开始。", "已逾期 {days}", "今天为最后一天", "还剩 {days}"),
        WorklistKind.UNBOOKED: KindWords("{count} 项未预约", "未预约", "计划日期临近，尚未预约。", "{days}前", "今天", "{days}后"),
    },
)


def digest_words(language: DigestLanguage) -> DigestWords:
    """The words of a language."""
    return CHINESE if language == "zh-CN" else ENGLISH
