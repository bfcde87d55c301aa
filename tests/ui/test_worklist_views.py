"""The screen's way through the worklist gives what the worklist itself gives."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.lists.site_schedules import SiteSchedule, schedules
from planner.records.lists.worklist import Worklist, WorklistKind, worklist
from planner.records.people.rights import Action
from planner.records.store.database import open_database
from planner.ui.worklist_html import worklist_html
from planner.ui.worklist_lines import Line, lines_of
from planner.ui.worklist_views import ALL, DUE_TODAY, VIEWS, Place, Wanted, counts, days_at_sites, export_rows, places, sites_of, studies_of
from planner.ui.worklist_words import act_label, view_about, view_label
from tests.ui.clock import DAY, MOMENT

NURSE = Caller("nurse1", MOMENT)
EVERY_RIGHT = frozenset(Action)


@pytest.fixture
def connection(demo_database_url: str) -> Iterator[Connection]:
    with open_database(demo_database_url).reading() as connection:
        yield connection


@pytest.fixture
def found(connection: Connection) -> tuple[SiteSchedule, ...]:
    return schedules(connection, NURSE)


@pytest.fixture
def whole(connection: Connection) -> Worklist:
    return worklist(connection, NURSE)


def lines(found: tuple[SiteSchedule, ...], wanted: Wanted, rights: frozenset[Action] = EVERY_RIGHT) -> list[Line]:
    return lines_of(places(found, wanted, 0, 1000), lambda action, _: action in rights)


def visit(place: Place) -> tuple[str, str]:
    line = lines_of([place], lambda _action, _site: True)[0]
    return str(line.subject), line.row.visit


def test_counts_are_those_of_the_worklist(found: tuple[SiteSchedule, ...], whole: Worklist) -> None:
    numbers = counts(found, Wanted())
    assert {kind: numbers[kind] for kind in WorklistKind} == dict(whole.counts)
    assert numbers[ALL] == len({(row.study, row.subject, row.visit) for row in whole.rows})
    due_today = [row for row in whole.rows if row.kind is WorklistKind.DUE and row.effective == DAY]
    assert numbers[DUE_TODAY] == len(due_today) > 0


@pytest.mark.parametrize("kind", list(WorklistKind))
def test_a_view_has_the_rows_of_its_kind_in_their_order(kind: WorklistKind, found: tuple[SiteSchedule, ...], whole: Worklist) -> None:
    shown = lines(found, Wanted(kind))
    expected = [row for row in whole.rows if row.kind is kind]
    assert [(line.subject.study, line.site, line.subject.number, line.row.visit, dict(line.why)[kind]) for line in shown] == [
        (row.study, row.site, row.subject, row.visit, row.days) for row in expected
    ]
    for line, row in zip(shown, expected, strict=True):
        assert (line.row.status, line.row.planned, line.row.earliest, line.row.latest, line.row.effective) == row[8:9] + row[12:16]
        assert (line.booked, line.as_of, line.row.flags) == (row.booked, row.as_of, row.flags)
        assert line.waiting >= row.waiting


def test_everything_has_each_visit_once_with_all_its_reasons(found: tuple[SiteSchedule, ...], whole: Worklist) -> None:
    shown = lines(found, Wanted())
    assert len({(line.subject, line.row.visit) for line in shown}) == len(shown)
    reasons = {
        (line.subject.study, line.subject.number, line.row.visit, kind) for line in shown for kind, _ in line.why if kind != DUE_TODAY
    }
    assert reasons == {(row.study, row.subject, row.visit, row.kind) for row in whole.rows}
    first = [next(dict(line.why)[kind] for kind in WorklistKind if kind in dict(line.why)) for line in shown]
    assert first == sorted(first)


@pytest.mark.parametrize(
    "wanted", [Wanted(site="BEI"), Wanted(study="crlm"), Wanted(visit_kind="treatment"), Wanted("unbooked", "BEI", "ulrrc", "clinic")]
)
def test_filters_leave_out_all_others(wanted: Wanted, found: tuple[SiteSchedule, ...], whole: Worklist) -> None:
    expected = {
        (row.study, row.subject, row.visit)
        for row in whole.rows
        if wanted.site in ("", row.site)
        and wanted.study in ("", row.study)
        and wanted.visit_kind in ("", row.visit_kind)
        and wanted.view in (ALL, row.kind)
    }
    assert {(line.subject.study, line.subject.number, line.row.visit) for line in lines(found, wanted)} == expected != set()
    assert counts(found, wanted)[wanted.view] == len(expected)


def test_pages_follow_one_another(found: tuple[SiteSchedule, ...]) -> None:
    wanted = Wanted()
    total = counts(found, wanted)[ALL]
    whole = [visit(place) for place in places(found, wanted, 0, total)]
    pages = [visit(place) for first in range(0, total, 7) for place in places(found, wanted, first, 7)]
    assert pages == whole


def test_the_file_has_the_rows_of_the_command_line(found: tuple[SiteSchedule, ...], whole: Worklist) -> None:
    assert export_rows(found, Wanted()) == list(whole.rows)
    assert export_rows(found, Wanted("overdue")) == [row for row in whole.rows if row.kind is WorklistKind.OVERDUE]
    assert {(row.kind, row.effective) for row in export_rows(found, Wanted(DUE_TODAY))} == {(WorklistKind.DUE, DAY)}
    assert {row.site for row in export_rows(found, Wanted(site="BEI"))} == {"BEI"}


def test_acts_go_by_the_visit_and_by_the_rights(found: tuple[SiteSchedule, ...]) -> None:
    for line in lines(found, Wanted()):
        names = [act.name for act in line.acts]
        if line.row.decision_pending:
            assert names == ["decide"]
            assert line.acts[0].entry in line.protocol.decisions
        elif line.row.status == "on_hold":
            assert names == ["resume"]
        elif line.row.status == "upcoming":
            assert names in (["book"], ["milestone"])
        else:
            assert names in (["done", "missed", "move" if line.booked else "book"], ["milestone"])
    nurse = frozenset({Action.READ, Action.RECORD_VISIT, Action.BOOK})
    assert not {act.name for line in lines(found, Wanted(), nurse) for act in line.acts} & {"decide", "resume"}
    assert not [act for line in lines(found, Wanted(), frozenset({Action.READ})) for act in line.acts]


def test_what_there_is_to_filter_by(found: tuple[SiteSchedule, ...]) -> None:
    assert (sites_of(found), studies_of(found)) == (["BEI", "NYC"], ["crlm", "ulrrc"])
    assert days_at_sites(found) == {DAY: ["BEI", "NYC"]}
    assert sites_of([]) == studies_of([]) == []


def test_every_view_and_act_has_its_words(found: tuple[SiteSchedule, ...]) -> None:
    assert all(view_label(view) and view_about(view) for view in VIEWS)
    assert all(act_label(act.name) for line in lines(found, Wanted()) for act in line.acts)


def test_nothing_that_a_protocol_says_is_taken_for_markup(found: tuple[SiteSchedule, ...]) -> None:

    line = lines(found, Wanted("overdue"))[0]
    evil = replace(line, row=replace(line.row, name='<img src=x onerror="alert(1)">', definition="unknown", visit='"><script>'), site="<b>")
    html = worklist_html([evil])
    assert "<img" not in html
    assert "<script" not in html
    assert "BEI-018</a>" in html


def test_nobody_is_no_fault() -> None:
    assert counts([], Wanted()) == dict.fromkeys(VIEWS, 0)
    assert places([], Wanted(), 0, 50) == []
    assert export_rows([], Wanted()) == []
