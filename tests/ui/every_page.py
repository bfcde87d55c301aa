"""Every page and view of the screens, every dialog, and the ways in which each is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from playwright.sync_api import ViewportSize

from planner.ui.audit.page import VIEWS as AUDIT
from planner.ui.clinic.span import VIEWS as CALENDAR
from planner.ui.help_texts import sections
from planner.ui.protocols.state import VIEWS as PROTOCOLS
from planner.ui.settings.page import VIEWS as SETTINGS
from planner.ui.view_state import PLAN_VIEWS, SUBJECT_VIEWS
from planner.ui.worklist_views import VIEWS as TODAY
from tests.ui.conftest import DESK, PHONE

ENROLLING = {"protocol": "ulrrc", "site": "BEI", "start": "2026-12-07", "set.childbearing": "no", "set.contraception": "yes"}
TRYING = {"protocol": "ulrrc", "calendar": "CN", "start": "2026-12-07"}
IN_TREATMENT, BEFORE_A_DECISION, HELD = "ulrrc/BEI-036", "ulrrc/NYC-009", "ulrrc/BEI-004"


@dataclass(frozen=True, slots=True)
class Look:
    """A size, colours and a language."""

    name: str
    size: ViewportSize
    colours: Literal["light", "dark"]
    language: Literal["en", "zh-CN"]


LOOKS = tuple(
    Look(f"{width}-{colours}-{language}", size, colours, language)  # type: ignore[arg-type]
    for width, size in (("wide", DESK), ("narrow", PHONE))
    for colours in ("light", "dark")
    for language in ("en", "zh-CN")
)


def _views(page: str, views: tuple[str, ...], **entries: str) -> list[tuple[str, str]]:
    return [(f"{page}-{view}", f"/{page}?{urlencode({**entries, 'view': view})}") for view in views]


PAGES: tuple[tuple[str, str], ...] = (
    *[(f"today-{view}", f"/?view={view}") for view in TODAY],
    ("subjects", "/subjects"),
    ("new-subject-empty", "/new-subject"),
    ("new-subject", f"/new-subject?{urlencode(ENROLLING)}"),
    *_views("subject", SUBJECT_VIEWS, subject=IN_TREATMENT, visit="C4D1"),
    *_views("calendar", CALENDAR, site="BEI"),
    ("deviations", "/deviations"),
    *_views("protocols", PROTOCOLS, protocol="ulrrc"),
    ("plan-empty", "/plan"),
    *_views("plan", PLAN_VIEWS, **TRYING),
    *_views("settings", tuple(SETTINGS)),
    *_views("audit", AUDIT),
    *[(f"help-{topic}", f"/help?topic={topic}") for topic in (section.topic for section in sections("en"))],
)
"""A name for each, and its address."""
