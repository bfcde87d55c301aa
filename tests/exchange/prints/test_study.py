"""A schedule of activities."""

from __future__ import annotations

import pytest

from planner.exchange.activity_matrix import activity_matrix
from planner.exchange.prints.day_names import PrintLanguage
from planner.exchange.prints.render import render_study
from planner.exchange.prints.study import MOST_COLUMNS, StudyPrint, study_print
from tests.exchange.prints.making import LANGUAGES
from tests.exchange.prints.reading import squeezed, text_of
from tests.schedule.studies import STUDIES, study


def marks_of(found: StudyPrint) -> list[list[tuple[str, str]]]:
    """For each column, in order, its activities and marks; numbers of conditions resolved."""
    columns: list[list[tuple[str, str]]] = []
    for part in found.parts:
        for place in range(len(part.columns)):
            marks = [(row.label, row.marks[place]) for row in part.rows if row.marks[place]]
            columns.append([(label, _said(found, mark)) for label, mark in marks])
    return columns


def _said(found: StudyPrint, mark: str) -> str:
    _, _, number = mark.partition(" ")
    return found.conditions[int(number) - 1] if number else mark


@pytest.mark.parametrize("name", STUDIES)
def test_the_parts_hold_the_whole_matrix(name: str) -> None:
    matrix = activity_matrix(study(name))
    found = study_print(study(name), "en")
    expected = [
        [(label, mark) for (_, label), mark in zip(matrix.activities, column.marks, strict=True) if mark] for column in matrix.columns
    ]
    assert marks_of(found) == expected
    assert [visit.visit for visit in found.visits] == [column.visit for column in matrix.columns]
    assert all(0 < len(part.columns) <= MOST_COLUMNS for part in found.parts)
    assert all(sum(epoch.span for epoch in part.epochs) == len(part.columns) for part in found.parts)


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_holds_every_label_visit_and_timing(name: str, language: PrintLanguage) -> None:
    found = study_print(study(name), language)
    shown = render_study(found)
    text = text_of(shown.pdf)
    assert shown.warning is None
    for row in (row for part in found.parts for row in part.rows):
        assert squeezed(row.label) + "".join(map(squeezed, row.marks)) in text
    for visit in found.visits:
        assert squeezed("".join((visit.visit, visit.name, visit.epoch, visit.timing, visit.window, visit.when))) in text
    for number, condition in enumerate(found.conditions, 1):
        assert squeezed(f"X {number}{found.words['colon']}{condition}") in text


def test_chinese_labels_come_from_the_protocol_file() -> None:
    text = text_of(render_study(study_print(study("ulrrc"), "zh-CN")).pdf)
    assert "盆腔磁共振" in text
    assert "PelvicMRI" not in text


def test_the_same_protocol_gives_the_same_file_without_a_date() -> None:
    one, two = (render_study(study_print(study("ulrrc"), "en")).pdf for _ in range(2))
    assert one == two
    assert b"/CreationDate" not in one
