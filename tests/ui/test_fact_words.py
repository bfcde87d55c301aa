"""What facts say on the screens: labels in place of ids, and other facts in words in place of their numbers."""

from datetime import UTC, date, datetime

import pytest

from planner.records.facts.fact import Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.ui.fact_words import FactWords
from planner.ui.language import speaking
from tests.schedule.studies import plan_of

DAY = date(2026, 12, 7)
SAID = (
    NewFact(Kind.PARAMETER_SET, item="regimen", value="CAPOX"),
    NewFact(Kind.PARAMETER_SET, item="maintenance_months", value="12mo"),
    NewFact(Kind.VISIT_DONE, item="C2D1", day=DAY),
    NewFact(Kind.VISIT_DONE, item="C2D1", day=date(2026, 12, 8), replaces=3),
    NewFact(Kind.UNDONE, replaces=4),
    NewFact(Kind.HOLD_STARTED, day=DAY, value="shift"),
    NewFact(Kind.HOLD_ENDED, day=date(2026, 12, 21), refers=6),
    NewFact(Kind.DEVIATION_CLASSED, item="check:sbrt-gap:F3:F4", value="important"),
    NewFact(Kind.DEVIATION_CLASSED, item="missed:C2D1", value="not_important"),
    NewFact(Kind.UNDONE, replaces=99),
)
ENGLISH = (
    "Chemotherapy set to CAPOX",
    "Length of maintenance set to 12 months",
    "C2D1 done on Mon 7 Dec 2026",
    "C2D1 done on Tue 8 Dec 2026 (instead of: C2D1 done on Mon 7 Dec 2026)",
    "taken back: C2D1 done on Tue 8 Dec 2026",
    "all drugs held from Mon 7 Dec 2026 (shift)",
    "hold ends, treatment from Mon 21 Dec 2026 (all drugs held from Mon 7 Dec 2026 (shift))",
    "deviation F3, F4: {label} classed important",
    "deviation C2D1, missed visit classed not important",
    "fact 99 taken back",
)


def words() -> FactWords:
    at = datetime(2026, 12, 7, tzinfo=UTC)
    key = SubjectKey("ulrrc", "BEI-001")
    facts = [Fact(number, key, number, number, said, "nurse1", "nurse", at, "", "", "") for number, said in enumerate(SAID, 1)]
    return FactWords(plan_of("ulrrc"), facts)


@pytest.mark.parametrize(("said", "english"), list(zip(SAID, ENGLISH, strict=True)))
def test_a_fact_in_words(said: NewFact, english: str) -> None:
    label = next(check.label for check in plan_of("ulrrc").protocol.checks if check.id == "sbrt-gap")
    assert words().of(said) == english.format(label=label)


def test_a_fact_in_chinese() -> None:
    with speaking("zh-CN"):
        assert words().of(SAID[1]).endswith("设为 12 个月")
        assert words().of(SAID[6]) == "暂停结束，自 2026年12月21日 周一 起恢复给药（所有药物 自 2026年12月7日 周一 起暂停（顺延））"
