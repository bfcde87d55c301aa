"""Every sentence that a lower layer makes has its Chinese, with the same values in it."""

import re
from collections import defaultdict
from itertools import product
from pathlib import Path

import pytest

from planner.protocol.shorthands import SOURCE_PARTS
from planner.records.facts.reasons import REASONS
from planner.schedule.reason_words import FLAG_REASONS
from tests.ui.catalogs import entries, translations
from tests.ui.said_templates import templates_in

_VALUE = re.compile(r"\{(\w+)")
PLANNER = Path(__file__).parents[2] / "planner"
FOLDERS = ("schedule", "records/changes", "records/facts", "records/fold", "records/lists")
"""Where sentences are made that the catalogs ``dates.po`` and ``records.po`` translate."""
PUT_TOGETHER = (
    *(f"{part} {source}" for part, source in product(SOURCE_PARTS, ("stated", "registry", "assumed"))),
    *("stated", "registry", "assumed"),
    *("at most {duration}", "less than {duration}", "at least {duration}", "more than {duration}"),
    *("done on {day}", "missed, planned on {day}", "booked on {day}", "planned on {day}"),
)
"""Templates that no file has as they are."""


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_template_is_translated(folder: str) -> None:
    missing = {
        (path.name, template)
        for path in sorted((PLANNER / folder).glob("*.py"))
        for template in templates_in(path)
        if template not in translations()
    }
    assert not missing


def test_tables_are_translated() -> None:
    flags = [text for _, text in FLAG_REASONS.values()]
    assert [text for text in (*PUT_TOGETHER, *flags, *REASONS.values()) if text not in translations()] == []


def test_no_message_has_two_translations() -> None:
    """All catalogs are read as one."""
    found = defaultdict(set)
    for _, message, translation in entries():
        found[message].add(translation)
    assert {message: several for message, several in found.items() if len(several) > 1} == {}


def test_translations_hold_the_same_values() -> None:
    wrong = [(file, message) for file, message, translation in entries() if not translation or _values(message) != _values(translation)]
    assert wrong == []


def _values(text: str) -> set[str]:
    # Not read as a template: a plain text may hold a bracket of its own.
    return set(_VALUE.findall(text.replace("{{", "")))
