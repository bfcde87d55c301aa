"""The page Subjects without a browser: who is listed, found and counted; files in."""

import gc
import io
from datetime import date
from pathlib import Path
from weakref import ref

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from planner.exchange.spreadsheets.list_files import list_csv, list_workbook
from planner.protocol.library import protocol_path, protocol_text
from planner.records.caller import Caller
from planner.records.imports.plan import RowState
from planner.records.lists.site_schedules import schedules
from planner.records.lists.subject_list import SubjectLine, subject_lines
from planner.records.store.database import open_database
from planner.ui.language import speaking
from planner.ui.subjects import importing
from planner.ui.subjects.importing import (
    MOST_SHOWN,
    Asked,
    FileRefusedError,
    counts_words,
    fault_words,
    planned_import,
    report_csv,
    shown_rows,
)
from planner.ui.subjects.kept_lines import lines_of
from planner.ui.subjects.listing import listing_html
from planner.ui.subjects.wanted import SUBJECT_COLUMNS, WITH_OVERDUE, Wanted, states_there, wanted_lines
from tests.ui.clock import MOMENT
from tests.ui.roles import grant_at
from tests.ui.screens import opened, texts

CALLER = Caller("nurse1", MOMENT)


def line(subject: str, *, site: str = "BEI", study: str = "ulrrc", state: str = "in_study", overdue: int = 0) -> SubjectLine:
    return SubjectLine(study, site, subject, state, date(2026, 3, 2), "1.0", 3, "C3D1", date(2026, 4, 17), "upcoming", overdue)


LINES = [
    line("BEI-001", overdue=2),
    line("BEI-002", state="withdrawn"),
    line("NYC-001", site="NYC", study="crlm"),
    line("NYC-010", site="BEI", study="crlm", overdue=1),
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["BEI-001", "BEI-002", "NYC-001", "NYC-010"]),
        (Wanted(number=" bei-00 "), ["BEI-001", "BEI-002"]),
        (Wanted(number="crlm/NYC-01"), ["NYC-010"]),
        (Wanted(site="NYC"), ["NYC-001"]),
        (Wanted(study="crlm", site="BEI"), ["NYC-010"]),
        (Wanted(state=WITH_OVERDUE), ["BEI-001", "NYC-010"]),
        (Wanted(state="withdrawn"), ["BEI-002"]),
        (Wanted(number="<script>"), []),
    ],
)
def test_subjects_are_found(wanted: Wanted, found: list[str]) -> None:
    assert [each.subject for each in wanted_lines(LINES, wanted)] == found


def test_only_states_that_somebody_is_in_can_be_chosen() -> None:
    assert states_there(LINES) == [WITH_OVERDUE, "in_study", "withdrawn"]


def test_each_number_is_a_link_and_nothing_is_markup() -> None:
    html = listing_html([line("<b>&", overdue=1)])
    assert "<b>&<" not in html
    assert "&lt;b&gt;&amp;" in html
    with speaking("zh-CN"):
        html = listing_html([line("BEI-001")])
    assert 'href="subject?subject=ulrrc%2FBEI-001&amp;lang=zh-CN"' in html
    assert "2026年4月17日" in html


def shown(at: AppTest) -> str:
    return "".join(element.proto.json for element in at.get("bidi_component"))


def test_everybody_is_listed_in_pages(demo_screens: str) -> None:
    at = opened("subjects")
    assert at.title[0].value == "Subjects"
    assert "60 subjects" in texts(at)
    assert shown(at).count("data-follow") == 50
    at.button(key="subjects.after").click().run()
    assert shown(at).count("data-follow") == 10
    assert at.query_params["row"] == ["51"] or at.query_params["row"] == "51"


def test_a_link_holds_the_filters_and_never_what_is_typed(demo_screens: str) -> None:
    at = opened("subjects", {"site": "NYC", "state": "overdue"})
    assert "BEI · " not in shown(at)
    at.selectbox[2].set_value("").run()
    at.text_input(key="subjects.number").set_value("NYC-01").run()
    assert "NYC-01" not in str(dict(at.query_params))
    assert 0 < shown(at).count("data-follow") < 15
    at.text_input(key="subjects.number").set_value("Anna Li").run()
    assert "Nobody is like that" in texts(at)
    at.button(key="subjects.all").click().run()
    assert "60 subjects" in texts(at)
    assert "site" not in at.query_params


def test_a_reader_sees_the_own_site_alone_and_may_not_import(demo_screens: str) -> None:
    grant_at(demo_screens, "nurse1", "reader", "NYC")
    at = opened("subjects")
    assert "BEI · " not in shown(at)
    assert "nurse1 may not import" in texts(at)
    assert not at.get("file_uploader")


def test_lines_are_made_once_for_each_state_of_the_log(demo_database_url: str) -> None:
    database = open_database(demo_database_url)
    with database.reading() as connection:
        found = schedules(connection, CALLER)
    assert lines_of(found) is lines_of(found)
    assert lines_of(found) == subject_lines(found)
    assert lines_of(found[:1]) == subject_lines(found[:1])
    assert lines_of(()) == []
    database.close()


def test_kept_lines_keep_no_schedule(demo_database_url: str) -> None:
    database = open_database(demo_database_url)
    with database.reading() as connection:
        found = schedules(connection, CALLER)
    database.close()
    lines = lines_of(found)
    still_there = [ref(entry) for entry in found]
    assert len(still_there) > 1
    del found
    gc.collect()
    assert lines
    assert [entry() for entry in still_there] == [None] * len(still_there)


def test_the_list_as_a_file() -> None:
    text = list_csv(LINES, SUBJECT_COLUMNS).decode("utf-8-sig").splitlines()
    assert text[0] == ",".join(SUBJECT_COLUMNS)
    assert text[1].startswith("BEI-001,in_study,2026-03-02,C3D1,2026-04-17,upcoming,2,1.0,3,ulrrc,BEI")
    workbook = load_workbook(io.BytesIO(list_workbook(LINES, SUBJECT_COLUMNS)))
    assert workbook.sheetnames == ["all", "BEI", "NYC"]


def plan_of(url: str, text: str, asked: Asked) -> object:
    database = open_database(url)
    try:
        with database.reading() as connection:
            return planned_import(connection, CALLER, text.encode("utf-8"), asked)
    finally:
        database.close()


def test_a_file_is_reported_row_by_row(demo_database_url: str) -> None:
    text = "subject,start,site\nBEI-901,2026-12-07,BEI\nAnna,2026-12-07,BEI\nBEI-902,7/12/2026,BEI\n"
    plan = plan_of(demo_database_url, text, Asked("subjects", protocol="ulrrc"))
    assert [row.state for row in plan.rows] == [RowState.NEW, RowState.REFUSED, RowState.REFUSED]
    assert [row.line for row in shown_rows(plan)] == [3, 4, 2]
    assert counts_words(plan) == "1 new, 0 already recorded, 2 refused"
    assert "line 4, column 2: start: " in report_csv(plan).decode("utf-8-sig")
    with speaking("zh-CN"):
        assert "新增 1 行" in counts_words(plan)
    assert len(shown_rows(plan)) <= MOST_SHOWN


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("%PDF-1.7", "this is a PDF, not a table"),
        ("subject,visit\nBEI-001,C1D1\n", "there is no column date"),
        ("", "empty"),
    ],
)
def test_a_file_of_the_wrong_kind_gets_a_sentence(content: str, why: str, demo_database_url: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        plan_of(demo_database_url, content, Asked("dates"))
    assert why in fault_words(refused.value.faults[0])


def uploaded(at: AppTest, content: str, name: str = "dates.csv") -> AppTest:
    at.get("file_uploader")[0].set_value([(name, content.encode("utf-8"), "text/csv")]).run()
    assert not at.exception
    return at


def test_dates_are_imported_after_the_report_and_nothing_before(demo_screens: str) -> None:
    at = opened("subjects")
    at.radio(key="import.holds").set_value("dates").run()
    uploaded(at, "subject,visit,date\nulrrc/BEI-018,M10,2026-11-19\nulrrc/BEI-018,M10x,2026-11-19\n")
    assert "1 row is refused, so nothing can be written" in texts(at)
    assert not [button for button in at.button if button.key == "import.write"]
    uploaded(at, "subject,visit,date\nulrrc/BEI-018,M10,2026-11-19\n")
    assert "M10 done on Thu 19 Nov 2026" in texts(at)
    at.button(key="import.write").click().run()
    assert "Imported 1 rows: 1 fact was written" in texts(at)
    uploaded(at, "subject,visit,date\nulrrc/BEI-018,M10,2026-11-19\n")
    assert "Everything in this file is recorded already" in texts(at)


def test_a_mended_protocol_is_read_anew_and_nothing_unseen_is_written(
    demo_screens: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = tmp_path / "ulrrc.yaml"
    text = protocol_text(protocol_path("ulrrc"))
    protocol.write_text(text, encoding="utf-8")
    monkeypatch.setattr(importing, "protocol_path", lambda name: protocol)
    at = opened("subjects")
    at.selectbox(key="import.protocol").set_value("ulrrc").run()
    uploaded(at, "subject,start,site,milestone.CONSENT\nBEI-901,2026-12-07,BEI,2026-11-19\n")
    kept = at.session_state["import.plan"][1]
    assert at.button(key="import.write")
    at.run()
    assert at.session_state["import.plan"][1] is kept

    protocol.write_text(f"# mended\n{text}", encoding="utf-8")
    at.button(key="import.write").click().run()
    assert at.session_state["import.plan"][1] is not kept
    assert "changed after you looked" in texts(at)
    at.button(key="import.write").click().run()
    assert "Imported 1 rows" in texts(at)

    protocol.write_text("broken", encoding="utf-8")
    uploaded(at, "subject,start,site\nBEI-902,2026-12-07,BEI\n")
    assert not [button for button in at.button if button.key == "import.write"]


def test_what_an_import_moves_and_breaks_is_shown_before_it_can_be_pressed(demo_screens: str) -> None:
    at = opened("subjects")
    at.radio(key="import.holds").set_value("dates").run()
    uploaded(at, "subject;visit;date\nulrrc/BEI-018;M10;2026-11-19\nulrrc/BEI-001;C1D1;2026-01-01\n")
    shown = texts(at)
    assert "Of 2 subjects, 45 visits change: 41 move to another day." in shown
    assert "For 2 subjects something gets worse" in shown
    assert "BEI-001: Consent before every study procedure is not kept" in shown
    assert shown.index("something gets worse") < shown.index("Import 2 rows")
    table = "".join(element.proto.json for element in at.get("bidi_component"))
    assert 0 < table.index("ulrrc/BEI-001") < table.index("ulrrc/BEI-018")
    at.session_state["import.effects.shown"] = "ulrrc/BEI-001"
    at.run()
    assert "33 visits change" in texts(at) and "Look at this before you save:" in texts(at)
    assert not at.exception


def test_a_refused_upload_hides_the_report_of_the_file_before(demo_screens: str) -> None:
    at = opened("subjects")
    at.radio(key="import.holds").set_value("dates").run()
    uploaded(at, "subject,visit,date\nulrrc/BEI-018,M10,2026-11-19\n")
    assert ".st-key-about-upload" in texts(at) or "st-key-about-upload" in texts(at)
    assert "The last file was not taken" in texts(at)


def test_the_page_says_what_to_do_while_nobody_is_enrolled(on_the_day: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'planner.sqlite'}"
    monkeypatch.setenv("PLANNER_DATABASE_URL", url)
    grant_at(url, "nurse1", "administrator", "*")
    at = opened("subjects")
    assert "Nobody is enrolled yet" in texts(at)
