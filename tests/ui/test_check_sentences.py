"""Sentences of the records that name a check, in the language of the page."""

from datetime import date

import pytest

from planner.protocol.library import load_protocol
from planner.protocol.said import said
from planner.records.changes.proposal import ChangeWarning
from planner.records.facts.fact import SubjectKey
from planner.records.lists.deviation_keys import DeviationKind, check_key
from planner.records.lists.deviations import Deviation
from planner.ui.check_sentences import warning_words, what_words
from planner.ui.deviation_html import deviation_html
from planner.ui.language import speaking

ULRRC = load_protocol("ulrrc")
LABEL = "PD-1 doses at least 18 days apart"
KEPT = said("{check} is not kept: {what} (limit: {limit}).", check=LABEL, what="C2D1 to C3D1", limit="at least 18d")


def deviation(key: str, what: str) -> Deviation:
    kind, day = DeviationKind.INTERVAL, date(2026, 4, 17)
    return Deviation(key, kind, "ulrrc", "BEI", "BEI-001", "C3D1", day, 1, "early", what, "proposed", "", "", "", None, "")


def test_a_warning_names_the_check_as_the_study_does() -> None:
    warning = ChangeWarning("check", "pd1-gap", KEPT)
    assert warning_words(warning, ULRRC) == KEPT
    with speaking("zh-CN"):
        words = warning_words(warning, ULRRC)
    assert "PD-1抗体两次给药间隔至少18天" in words
    assert LABEL not in words


def test_a_deviation_names_the_check_as_the_study_does() -> None:
    line = deviation(check_key("pd1-gap", "C2D1", "C3D1"), KEPT)
    assert what_words(line, ULRRC) == KEPT
    with speaking("zh-CN"):
        assert "PD-1抗体两次给药间隔至少18天" in what_words(line, ULRRC)


def test_the_ledger_names_the_check_as_the_study_does() -> None:
    line = deviation(check_key("pd1-gap", "C2D1", "C3D1"), KEPT)
    with speaking("zh-CN"):
        table = deviation_html([line], {SubjectKey("ulrrc", "BEI-001"): ULRRC}, lambda site: True)
    assert "PD-1抗体两次给药间隔至少18天" in table
    assert LABEL not in table


@pytest.mark.parametrize("key", ["check:of-an-earlier-version:C3D1", "missed:C3D1", "no key at all"])
def test_what_is_no_check_of_the_protocol_stays_as_it_is_said(key: str) -> None:
    with speaking("zh-CN"):
        assert LABEL in what_words(deviation(key, KEPT), ULRRC)
        assert "未进行" in what_words(deviation(key, said("{visit} was missed.", visit="C3D1")), ULRRC)
