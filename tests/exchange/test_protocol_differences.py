"""What differs between two versions of a protocol: by meaning, each with both texts; nothing that could move a date is left out."""

from random import Random

import pytest

from planner.exchange.protocol_differences import ORDER, WHOLE, Difference, differences
from planner.protocol.compile import compile_plan
from planner.protocol.read import read_protocol
from planner.records.pinned.plan_hash import plan_hash
from tests.records.amendments import TEXTS, amended_plan, amended_texts


def between(before: str, after: str) -> tuple[Difference, ...]:
    return differences(read_protocol(before), read_protocol(after))


@pytest.mark.parametrize("study", list(TEXTS))
def test_comments_and_layout_do_not_count(study: str) -> None:
    assert between(TEXTS[study], "# another comment\n" + TEXTS[study].replace("\n\n", "\n\n\n")) == ()


def test_a_longer_cycle_is_one_difference() -> None:
    changed = TEXTS["ulrrc"].replace("CAPOX: {cycle: 21d,", "CAPOX: {cycle: 28d,")
    before, after = "cycle: 21d, pump: no, pd1: with_cycle", "cycle: 28d, pump: no, pd1: with_cycle"
    assert between(TEXTS["ulrrc"], changed) == (Difference("parameter", "regimen", "value CAPOX", before, after),)


def test_each_part_of_a_visit_is_told() -> None:
    changed = TEXTS["ulrrc"]
    for old, new in (
        ("at: SBRT.last + 6w\n    window: -14d/+14d", "at: SBRT.last + 8w\n    window: -7d/+14d"),
        ("activities: [PELVIC_MRI, CT, MARK, QOL]", "activities: [PELVIC_MRI, CT, MARK]"),
        ("source: {visit: stated, anchor: stated, offset: stated, window: registry, activities: assumed}", "source: assumed"),
        ("repeat: {times: 5}", "repeat: {times: 6}"),
        ("at: previous + 1wd", "at: previous + 2wd"),
        (
            "lab-valid, label: Laboratory tests within 15 days before cycle 1, from: LAB, to: C1D1, at_most: 15d",
            "lab-valid, from: LAB, to: C1D1, at_most: 14d",
        ),
        ("management:\n    label: Management after", "management:\n    label: What is done after"),
    ):
        assert old in changed, old
        changed = changed.replace(old, new, 1)
    found = {(each.section, each.name, each.part): (each.before, each.after) for each in between(TEXTS["ulrrc"], changed)}
    assert found["visit", "ASSESS", "anchor"] == ("SBRT.last + 42d", "SBRT.last + 56d")
    assert found["visit", "ASSESS", "window"] == ("-14d/+14d", "-7d/+14d")
    assert found["visit", "ASSESS", "activities"] == ("PELVIC_MRI, CT, MARK, QOL", "PELVIC_MRI, CT, MARK")
    assert "window: assumed" in found["visit", "ASSESS", "source"][1]
    assert found["visit", "F{n}", "repeat"] == ("5 times", "6 times")
    assert found["visit", "F{n}", "later anchor"] == ("previous + 1wd", "previous + 2wd")
    assert found["check", "lab-valid", "rule"] == ("from LAB to C1D1: at_most 15d", "from LAB to C1D1: at_most 14d")
    assert found["decision", "management", "label"][1] == "What is done after the tumour board"


def test_what_is_in_one_alone_is_told_as_a_whole() -> None:
    text = TEXTS["ulrrc"]
    start = text.index("  - id: SFU90")
    without = text[:start] + text[text.index("  - id: FU{n}") :]
    without = "\n".join(line for line in without.splitlines() if not line.strip().startswith("SFU90:"))
    (gone,) = [each for each in between(text, without) if each.name == "SFU90"]
    assert (gone.section, gone.part, gone.after) == ("visit", WHOLE, "")
    assert "LAST_DOSE + 90d" in gone.before
    (new,) = [each for each in between(without, text) if each.name == "SFU90"]
    assert (new.before, new.after) == ("", gone.before)


def test_another_order_is_told() -> None:
    changed = TEXTS["crlm"].replace("choices: [imaging, biopsy, both]", "choices: [both, biopsy, imaging]")
    assert any("imaging, biopsy, both" in each.before for each in between(TEXTS["crlm"], changed))
    first, second = "lab-valid", "lab-order"
    lines = TEXTS["ulrrc"].splitlines()
    one, two = (next(place for place, line in enumerate(lines) if f"id: {name}," in line) for name in (first, second))
    lines[one], lines[two] = lines[two], lines[one]
    (order,) = between(TEXTS["ulrrc"], "\n".join(lines))
    assert (order.section, order.part) == ("check", ORDER)


@pytest.mark.parametrize("study", list(TEXTS))
def test_nothing_that_changes_the_plan_is_left_out(study: str) -> None:
    """Whatever is amended: another plan means at least one difference."""
    before = read_protocol(TEXTS[study])
    compiled = compile_plan(before)
    versions = [compile_plan(read_protocol(text)) for text in amended_texts(study)]
    versions += [amended_plan(Random(seed), before) for seed in range(12)]
    for plan in versions:
        found = differences(before, plan.protocol)
        assert bool(found) >= (plan_hash(plan) != plan_hash(compiled))
        back = {(each.section, each.name, each.part, each.after, each.before) for each in differences(plan.protocol, before)}
        assert back == {(each.section, each.name, each.part, each.before, each.after) for each in found}
