"""Every fault is reported with its code, at its place, and with what would be right."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from planner.protocol.errors import CODES, MOST_ERRORS, did_you_mean, nearest, quoted
from tests.protocol.small_protocols import SMALL, changed, errors_of

HEAD = "protocol: p\nversion: 1\ntitle: t\n"
TINY = HEAD + "visits:\n  - {id: A, start: true, source: stated}\n"


@dataclass(frozen=True)
class Fault:
    """A piece of SMALL put in another's place; the fault is at ``at`` in the new piece, which must be told ``says``."""

    code: str
    old: str
    new: str
    at: str
    says: str


FAULTS = [
    # YAML
    Fault(
        "needs-quotes",
        "CONSENT: Informed consent signed",
        "CONSENT: {label: Informed consent, signed}",
        "Informed",
        '"Informed consent, signed"',
    ),
    Fault("needs-quotes", "like: [C1D1, CHEMO]", "like: [C1D1, C{n}D1]", "C{n}D1", '"C{n}D1"'),
    Fault(
        "needs-quotes",
        "first: {at: C2D1 + 21d}",
        "first: {at: any(pd1, chemotherapy).first + 21d}",
        "any(",
        '"any(pd1, chemotherapy).first + 21d"',
    ),
    Fault(
        "needs-quotes",
        "not_before: [MDT]",
        "not_before: [any(pd1, chemotherapy).last + 1d, MDT]",
        "any(",
        '"any(pd1, chemotherapy).last + 1d"',
    ),
    Fault(
        "needs-quotes",
        "order: [CONSENT, any procedure]}",
        "order: [CONSENT, any procedure], label: Consent, then all}",
        "Consent,",
        '"Consent, then all"',
    ),
    Fault("needs-quotes", "first: {at: C2D1 + 21d}", "first: {at: latest of [C2D1 + 21d, MDT]}", "latest", '"latest of [C2D1 + 21d, MDT]"'),
    Fault("yaml-syntax", "    kind: reminder", "   kind: reminder", "kind: reminder", "indentation"),
    Fault("tab", "    kind: reminder", "\tkind: reminder", "\t", "use spaces"),
    Fault("bad-character", "title: A small study", "title: A small\x07 study", "\x07", "U+0007"),
    Fault("yaml-alias", "EXAM: Examination", "EXAM: &exam Examination", "&exam", "write the value out"),
    Fault("yaml-alias", "EXAM: Examination", "EXAM: *exam", "*exam", "write the value out"),
    Fault("yaml-tag", "EXAM: Examination", "EXAM: !!binary Examination", "!!binary", "remove it"),
    Fault("merge-key", "EXAM: Examination", "EXAM: {<<: {dose: x}}", "<<", "write the keys out"),
    Fault("duplicate-key", "kind: reminder", "kind: reminder\n    kind: phone", "kind: phone", "already given on line"),
    Fault("bad-key", "EXAM: Examination", "EXAM: {[a, b]: c}", "[a", "plain text"),
    Fault("several-documents", "checks:\n", "---\nchecks:\n", "---", "one protocol version per file"),
    # shape
    Fault("unknown-key", "redo: true", "redoo: true", "redoo", "did you mean `redo`?"),
    Fault("unknown-key", "times: cycles}", "time: cycles}", "time:", "did you mean `times`?"),
    Fault("unknown-key", "EXAM: Examination", "EXAM: {labell: x}", "labell", "did you mean `label`?"),
    Fault(
        "missing-key",
        "kind: reminder\n    at: LAST_DOSE + 6mo\n    source: stated",
        "kind: reminder\n    at: LAST_DOSE + 6mo",
        "",
        "`source: stated`",
    ),
    Fault("missing-key", "{id: consent-first, order", "{order", "{order", "`id` is missing"),
    Fault("missing-key", "source: {visit: stated, window: assumed}", "source: {window: assumed}", "{window", "`visit` is missing"),
    Fault("empty-value", "series: SBRT\n", "series:\n", "series", "remove the key"),
    Fault("wrong-type", "redo: true", "redo: yes", "yes", "true or false is wanted"),
    Fault("wrong-type", "minutes: 240", "minutes: long", "long", "a whole number is wanted"),
    Fault("wrong-type", "minutes: 240", "minutes: 0", "0", "greater than or equal to 1"),
    Fault("wrong-type", "title: A small study", "title: [A, B]", "[A", "text is wanted"),
    Fault(
        "wrong-type",
        "follow_up: {choices: [short, long], default: short}",
        "follow_up: {choices: [true, long], default: long}",
        "[true",
        "is wanted",
    ),
    Fault("unknown-word", "kind: reminder", "kind: reminders", "reminders", "did you mean `reminder`?"),
    Fault(
        "unknown-word",
        "activities: [OPERATION]\n    source: stated",
        "activities: [OPERATION]\n    source: state",
        "state",
        "did you mean `stated`?",
    ),
    Fault("bad-name", "id: SURG", "id: SURG 1", "SURG 1", "letters"),
    Fault("bad-name", "EXAM: Examination", "EXAM: Examination\n  any: Anything", "any:", "another name"),
    Fault("bad-name", "on: linac", "on: the linac", "the", "linac"),
    Fault("duplicate-id", "id: SURG", "id: MDT", "MDT", "already the visit of line"),
    Fault("duplicate-id", "id: SURG", "id: C3D1", "C3D1", "`C{n}D1`"),
    Fault("duplicate-id", "series: MAINT", "series: CHEMO", "CHEMO", "one series is one entry"),
    Fault("duplicate-id", "series: MAINT", "series: CONSENT", "CONSENT", "already the name of a milestone"),
    Fault("duplicate-id", "{id: lapse", "{id: gap", "gap", "already the check of line"),
    Fault("duplicate-id", "activities: [OPERATION]", "activities: [OPERATION, OPERATION]", "OPERATION]", "stands twice"),
    Fault("too-many", "at_most: 40", "at_most: 400", "visits", "the planner holds 400"),
    # grammar
    Fault("bad-duration", "at: previous + 21d\n    first", "at: previous + 3 weeks\n    first", "previous", "did you mean `3w`?"),
    Fault("bad-duration", "more_than: 12w", "more_than: 12weeks", "12weeks", "did you mean `12w`?"),
    Fault("bad-duration", "more_than: 6mo", "more_than: 6m", "6m", "did you mean `6mo`?"),
    Fault("bad-duration", "{regimen.pump: +2d}", "{regimen.pump: +1mo}", "+1mo", "+2d"),
    Fault("bad-window", "window: -7d/+0d", "window: -7d..+0d", "-7d", "-3d/+7d"),
    Fault("bad-window", "within: -15d..0d", "within: 0d..-15d", "0d", "-15d..0d"),
    Fault("bad-range", "range: 3..6", "range: 3-6", "3-6", "3..6"),
    Fault("bad-range", "range: 3..6", "range: 6..3", "6..3", "3..6"),
    Fault("bad-range", "between: 18..75", "between: 18", "18", "18..75"),
    Fault("bad-reference", "at: SBRT.last + 8w", "at: SBRT.latest + 8w", "SBRT.latest", ".first and .last"),
    Fault(
        "bad-reference", "at: any(chemotherapy, pd1).last + 5w", "at: any(chemotherapy, pd1) + 5w", "any(", "any(chemotherapy, pd1).last"
    ),
    Fault("bad-reference", "at: SBRT.last + 8w", "at: SBRT.last + 8w * 2", "SBRT", "* n"),
    Fault("bad-reference", "at: SBRT.last + 8w", "at: SBRT.last + 8w * n", "SBRT", "does not repeat"),
    Fault("bad-reference", "at: SBRT.last + 8w", "at: latest of [SBRT.last + 8w]", "latest", "leave"),
    Fault("bad-repeat", "repeat: {times: 5}", "repeat: {times: 5, until: CHEMO.last, at_most: 5}", "{times: 5,", "keep the one"),
    Fault("bad-repeat", "[8 x 3mo, {", "[8 times 3mo, {", "8 times", "8 x 3mo"),
    Fault("bad-repeat", "repeat: {from: 2, times: cycles}", "repeat: {from: 2, times: regimen}", "regimen", "`range: 3..6`"),
    Fault("bad-condition", "{follow_up: long, steps: 6 x 6mo}", "{response: good, steps: 6 x 6mo}", "response", "only parameters"),
    Fault("bad-condition", "unless: {response: poor}", "ends_when: {cycles: 4}\n    unless: {response: poor}", "{cycles", "write `when`"),
    Fault("bad-condition", "requires: {response: good}", "requires: {cycles: 4}", "cycles", "name another decision"),
    Fault("bad-condition", "requires: {response: good}", "requires: {management: withdraw}", "management", "name another decision"),
    Fault("bad-check", "{id: gap, between: SBRT, at_most: 4d}", "{id: gap, between: SBRT}", "{id", "exactly one limit"),
    Fault("bad-check", "{id: gap, between: SBRT, at_most: 4d}", "{id: gap}", "{id", "write one of"),
    Fault("bad-check", "{id: late, late: CHEMO, more_than: 28d}", "{id: late, late: CHEMO, at_most: 28d}", "at_most", "more_than: 28d"),
    Fault("bad-check", "since: any(pd1)", "since: pd1", "pd1", "did you mean `any(pd1)`?"),
    # parameters and decisions
    Fault(
        "bad-parameter", "cycles: {range: 3..6, default: 4}", "cycles: {range: 3..6, choices: [4], default: 4}", "cycles", "one of the two"
    ),
    Fault("default-out-of-range", "range: 3..6, default: 4", "range: 3..6, default: 7", "7", "3..6"),
    Fault("default-out-of-range", "default: CAPOX", "default: CAPOXX", "CAPOXX", "did you mean `CAPOX`?"),
    Fault("missing-default", "{range: 3..6, default: 4}", "{range: 3..6}", "", "`optional: true`"),
    Fault("missing-attribute", "{cycle: 14d, pump: yes, pd1: own_clock}", "{cycle: 14d, pd1: own_clock}", "", "`pump`"),
    Fault("not-a-decision-visit", "response: {at: MDT", "response: {at: LAB", "LAB", "`kind: decision`"),
    Fault("not-a-decision-visit", "response: {at: MDT", "response: {at: MDTT", "MDTT", "did you mean `MDT`?"),
    Fault("unused-choice", "withdraw: {ends: everything}", "withdraw: {label: Withdraw}", "withdraw", "ends_when"),
    Fault("unreachable-branch", "when: {management: surgery}", "when: {management: surgery, response: poor}", "{management", "require"),
    Fault("unreachable-branch", "when: {regimen.pump: yes}", "when: {regimen.pump: yes, regimen: CAPOX}", "{regimen", "mend one"),
    Fault(
        "unreachable-branch", "at: LAST_DOSE + 6mo", "at: SURG + 6mo\n    when: {management: maintenance}", "{management", "another branch"
    ),
    # names
    Fault("unknown-anchor", "at: SBRT.last + 8w", "at: SBTR.last + 8w", "SBTR", "did you mean `SBRT`?"),
    Fault("unknown-anchor", "not_before: [MDT]", "not_before: [MDTT]", "MDTT", "did you mean `MDT`?"),
    Fault("unknown-anchor", "not_before: [MDT]", "not_before: [CHEMO]", "CHEMO", "`CHEMO.last`"),
    Fault("unknown-anchor", "at: C1D1 - 7d", "at: C1D1-7d", "C1D1-7d", "spaces around the minus"),
    Fault("unknown-anchor", "like: [C1D1, CHEMO]", "like: [C1D1, CHEM]", "CHEM", "did you mean `CHEMO`?"),
    Fault("unknown-series", "with: CHEMO", "with: CHEM", "CHEM", "did you mean `CHEMO`?"),
    Fault("unknown-series", "at: SBRT.last + 8w", "at: C1D1.last + 8w", "C1D1", "write `C1D1` alone"),
    Fault("unknown-milestone", "is: CONSENT", "is: CONCENT", "CONCENT", "did you mean `CONSENT`?"),
    Fault("unknown-milestone", "is: CONSENT", "is: LAST_DOSE", "LAST_DOSE", "whose date is given"),
    Fault("unknown-parameter", "times: cycles}", "times: cicles}", "cicles", "did you mean `cycles`?"),
    Fault("unknown-parameter", "when: {management: surgery}", "when: {managment: surgery}", "managment", "did you mean `management`?"),
    Fault("unknown-attribute", "previous + regimen.cycle", "previous + regimen.cicle", "previous", "did you mean `cycle`?"),
    Fault("unknown-attribute", "when: {regimen.pump: yes}", "when: {regimen.pomp: yes}", "regimen", "did you mean `pump`?"),
    Fault("unknown-decision", "requires: {response: good}", "requires: {respons: good}", "respons:", "did you mean `response`?"),
    Fault("unknown-value", "when: {regimen.pump: yes}", "when: {regimen.pump: yess}", "yess", "did you mean `yes`?"),
    Fault("unknown-choice", "when: {management: surgery}", "when: {management: [surgery, surgry]}", "[surgery", "did you mean `surgery`?"),
    Fault("unknown-activity", "activities: [OPERATION]", "activities: [OPERATON]", "OPERATON", "did you mean `OPERATION`?"),
    Fault("unknown-dose", "since: any(pd1)", "since: any(pd11)", "any(pd11)", "did you mean `pd1`?"),
    Fault("unknown-id", "{CHEMO: {label: 化疗", "{CHEM: {label: 化疗", "CHEM", "did you mean `CHEMO`?"),
    Fault("unknown-id", "choices: {surgery: 手术}", "choices: {surgry: 手术}", "surgry", "did you mean `surgery`?"),
    Fault(
        "unknown-id",
        "    decisions: {management: {label: 处理",
        "    milestones: {CONSNT: 同意}\n    decisions: {management: {label: 处理",
        "CONSNT",
        "did you mean `CONSENT`?",
    ),
    Fault(
        "unknown-id",
        "    decisions: {management: {label: 处理",
        "    parameters: {cicles: 周期数}\n    decisions: {management: {label: 处理",
        "cicles",
        "did you mean `cycles`?",
    ),
    Fault(
        "unknown-id",
        "    decisions: {management: {label: 处理",
        "    parameters: {follow_up: {choices: {shrt: 短}}}\n    decisions: {management: {label: 处理",
        "shrt",
        "did you mean `short`?",
    ),
    Fault(
        "unknown-id",
        "    decisions: {management: {label: 处理",
        "    checks: {pd1-gab: 间隔}\n    decisions: {management: {label: 处理",
        "pd1-gab",
        "did you mean `pd1-gap`?",
    ),
    Fault("no-such-member", "first: {at: C2D1 + 21d}", "first: {at: C8D1 + 21d}", "C8D1", "2 to 7"),
    Fault("misplaced-reference", "at: SBRT.last + 8w", "at: previous + 8w", "previous", "name the visit"),
    Fault("misplaced-reference", "first: {at: C2D1 + 21d}", "first: {at: previous + 21d}", "previous", "under `then:`"),
    Fault("misplaced-reference", "at: SBRT.last + 8w", "at: any(pd1).previous + 8w", "any", "`not_before:` only"),
    Fault("misplaced-reference", "at: SBRT.last + 8w", "at: first + 8w", "first", "SERIES.first"),
    Fault("misplaced-reference", "at: SBRT.last + 8w", "at: F{n} + 8w", "F{n}", "SERIES.first / .last"),
    Fault("not-a-duration", "previous + regimen.cycle", "previous + regimen.pump", "previous", "like 21d"),
    Fault("circle", "at: SBRT.last + 8w", "at: SURG + 8w", "SURG + 8w", "MDT -> SURG -> MDT"),
    # visits
    Fault("date-source", "is: CONSENT", "is: CONSENT\n    at: C1D1 - 20d", "CONSENT\n", "keep one of them"),
    Fault("date-source", "kind: reminder\n    at: LAST_DOSE + 6mo", "kind: reminder", "", "add `at:"),
    Fault("start-count", "    at: LAST_DOSE + 6mo", "    start: true", "start", "keep `start: true` at one visit"),
    Fault("number-mark", "id: SURG", 'id: "SURG{n}"', '"SURG', "add `repeat:` or `like:`"),
    Fault("number-mark", "id: FU{n}", "id: FU", "FU", "write {n}"),
    Fault("misplaced-key", "kind: reminder", "kind: reminder\n    series: REM", "series", "add `repeat:`"),
    Fault("misplaced-key", "kind: reminder", "kind: reminder\n    then: {minutes: 3}", "then", "add `repeat:`"),
    Fault("misplaced-key", "is: CONSENT", "is: CONSENT\n    redo: true", "redo", "remove it"),
    Fault("bad-companion", "at: C{n}D1 + 2d", "at: C1D1 + 2d", "C1D1", "`at: C{n}D1 + 2d`"),
    Fault("bad-companion", "at: C{n}D1 + 2d", "at: F{n} + 2d", "F{n}", "one pattern must fit all"),
    Fault("nominal-outside-window", "window: -7d/+0d", "window: 1d/+7d", "1d", "-3d/+7d"),
    Fault("nominal-outside-window", "within: -15d..0d", "within: -5d..0d", "-5d", "-7d from the anchor"),
    Fault("endless-series", "{until: CHEMO.last, at_most: 12}", "{until: CHEMO.last}", "{until", "add `at_most: 12`"),
    Fault("endless-series", "repeat: {times: 5}", "repeat: {from: 1}", "{from", "nothing that ends it"),
    Fault("endless-series", "until: CHEMO.last", "until: PD1.last", "PD1.last", "the series itself"),
    Fault(
        "steps-order",
        "[8 x 3mo, {follow_up: long, steps: 6 x 6mo}]",
        "[{follow_up: long, steps: 6 x 6mo}, 8 x 3mo]",
        "8 x",
        "conditions last",
    ),
]


def place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}-{fault.new[:30]}")
def test_a_fault_is_told_at_its_place(fault: Fault) -> None:
    text = changed(fault.old, fault.new)
    errors = errors_of(text)
    found = [error for error in errors if error.code == fault.code]
    assert found, [str(error) for error in errors]
    assert any(fault.says in error.message for error in found), [str(error) for error in found]
    if fault.at == "visits":
        assert (found[0].line, found[0].column) == place(text, text.index("\nvisits:") + 1)
    elif fault.at:
        start = SMALL.index(fault.old) + fault.new.index(fault.at)
        assert (found[0].line, found[0].column) == place(text, start), [str(error) for error in found]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}-{fault.new[:30]}")
def test_a_fault_is_not_told_twice_over(fault: Fault) -> None:
    told = [error for error in errors_of(changed(fault.old, fault.new)) if error.code == fault.code]
    assert len({(error.line, error.column) for error in told}) == len(told)
    assert all("￾" not in error.message for error in told)


def only(text: str) -> tuple[str, int, int, str]:
    errors = errors_of(text)
    assert len(errors) == 1, [str(error) for error in errors]
    return errors[0].code, errors[0].line, errors[0].column, errors[0].message


def test_nothing_in_the_file() -> None:
    assert only("")[:3] == ("empty-file", 1, 1)
    assert only("- a\n- b\n")[:3] == ("empty-file", 1, 1)
    assert only("only text")[:3] == ("empty-file", 1, 1)


def test_no_start() -> None:
    code, line, column, message = only(TINY.replace("start: true", "at: A0").replace("visits:", "milestones: {A0: x}\nvisits:"))
    assert (code, line, column) == ("start-count", 5, 1)
    assert "start: true" in message


@pytest.mark.parametrize("kind", ["range: 1w..9w", "choices: [1w, 2w]"])
def test_a_duration_that_may_stay_unknown_needs_a_default(kind: str) -> None:
    text = (
        HEAD + f"parameters:\n  gap: {{{kind}, optional: true}}\n" + TINY.removeprefix(HEAD) + "  - {id: B, at: A + gap, source: stated}\n"
    )
    code, line, _, message = only(text)
    assert (code, line) == ("not-a-duration", 8)
    assert "may stay unknown; give it a default" in message
    assert errors_of(text.replace("true}", "true, default: 2w}", 1)) == ()
    assert only(text.replace(", optional: true", ""))[0] == "missing-default"


def test_a_loop_names_each_visit_in_order() -> None:
    text = TINY + "".join(f"  - {{id: {one}, at: {other} + 1d, source: stated}}\n" for one, other in ("BC", "CD", "DB", "EB"))
    code, line, column, message = only(text)
    assert (code, line, column) == ("circle", 6, 17)
    assert "B -> C -> D -> B" in message


def test_a_loop_through_a_reference_to_many_names_it() -> None:
    errors = errors_of(changed("any(chemotherapy, pd1).last + regimen.cycle]", "LAST_DOSE + regimen.cycle]"))
    circle = next(error for error in errors if error.code == "circle")
    assert "M1 (any(chemotherapy, pd1, maintenance).last) -> M1" in circle.message


def test_a_loop_through_the_end_of_a_series() -> None:
    text = changed("minutes: 240", "minutes: 240\n    ends_when: {management: withdraw}").replace(
        "at: SBRT.last + 8w", "at: CHEMO.last + 8w"
    )
    circle = next(error for error in errors_of(text) if error.code == "circle")
    assert "C2D1 -> MDT (CHEMO.last) -> C2D1" in circle.message


def test_two_separate_loops_are_two_errors() -> None:
    pairs = ("BC", "CB", "DE", "ED")
    text = TINY + "".join(f"  - {{id: {one}, at: {other} + 1d, source: stated}}\n" for one, other in pairs)
    assert [error.code for error in errors_of(text)] == ["circle", "circle"]


def test_series_that_number_on_from_each_other_or_from_an_open_end() -> None:
    text = TINY + "".join(
        f'  - {{id: "{name}{{n}}", series: {name}, repeat: {{after: {after}, times: 2}}, at: A + 1d, source: stated}}\n'
        for name, after in (("B", "C"), ("C", "B"))
    )
    assert [error.code for error in errors_of(text)] == ["bad-repeat", "bad-repeat"]


def test_decisions_that_require_each_other() -> None:
    text = SMALL.replace("choices: [good, poor]", "choices: {good: {requires: {management: surgery}}, poor: {}}")
    circle = next(error for error in errors_of(text) if error.code == "circle")
    assert "response -> management -> response" in circle.message


def test_all_faults_are_told_at_once() -> None:
    text = (
        SMALL.replace("default: CAPOX", "default: CAPOXX")
        .replace("redo: true", "redoo: true")
        .replace("at: C1D1 - 7d", "at: C1D0 - 7d")
        .replace("within: -15d..0d", "within: -15d to 0d")
        .replace("window: -7d/+0d", "window: 1d/+7d")
        .replace("times: cycles", "times: cicles")
        .replace("minutes: 240", "minutes: long")
        .replace("with: CHEMO", "with: CHEM")
        .replace("kind: decision\n", "kind: decisions\n")
        .replace("withdraw: {ends: everything}", "withdraw: {}")
        .replace("activities: [OPERATION]", "activities: [OPERATON, EXAM]")
        .replace("more_than: 28d", "more_than: 28")
    )
    found = errors_of(text)
    assert [error.code for error in found] == [
        "default-out-of-range",
        "unused-choice",
        "unknown-anchor",
        "bad-window",
        "unknown-key",
        "nominal-outside-window",
        "unknown-parameter",
        "wrong-type",
        "unknown-series",
        "unknown-word",
        "unknown-activity",
        "bad-duration",
    ]
    assert list(found) == sorted(found, key=lambda error: (error.line, error.column))


def test_an_error_prints_as_a_line_that_editors_jump_to() -> None:
    text = SMALL.replace("redo: true", "redoo: true")
    line = text[: text.index("redoo")].count("\n") + 1
    assert str(errors_of(text)[0]) == f"p.yaml:{line}:5: unknown-key: `redoo` is no key of the format; did you mean `redo`?"


def test_too_many_activities_and_doses() -> None:
    many = "".join(f"  ACT{number}: {{dose: d{number}}}\n" for number in range(61))
    errors = errors_of(TINY.replace("visits:", f"activities:\n{many}visits:"))
    assert [(error.code, error.line) for error in errors] == [("too-many", 4), ("too-many", 4)]


def test_more_errors_than_anyone_reads_are_counted() -> None:
    text = TINY + "".join(f"key{number}: x\n" for number in range(MOST_ERRORS + 50))
    errors = errors_of(text)
    assert len(errors) == MOST_ERRORS + 1
    assert errors[-1].code == "too-many-errors"
    assert errors[-1].message.startswith("50 more")


def test_the_nearest_name() -> None:
    assert nearest("chemo", ["CHEMO", "SBRT"]) == "CHEMO"
    assert nearest("x" * 100, ["x" * 60]) is None
    assert did_you_mean("zzz", ["a", "b"], "things") == "there is a, b"
    assert did_you_mean("zzz", [], "things") == "the protocol has no things"
    assert quoted("a\n" * 100) == "`" + ("a " * 100)[:57] + "...`"


def test_every_code_has_a_test() -> None:
    elsewhere = {"too-large", "too-deep", "too-many-values"}  # test_located_yaml
    elsewhere |= {"file-not-found", "file-unreadable", "not-text"}  # test_library
    elsewhere |= {"empty-file", "too-many-errors"}  # above
    assert {fault.code for fault in FAULTS} | elsewhere == set(CODES)
