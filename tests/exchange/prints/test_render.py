"""The PDF itself: accessible, the same bytes everywhere, with nothing in it but what it was given."""

from __future__ import annotations

import getpass
import io
import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from planner.exchange.prints.day_names import PrintLanguage
from planner.exchange.prints.patient import PatientPrint
from planner.exchange.prints.render import render_patient
from planner.records.people.administration import LONGEST_CONTACT
from tests.exchange.prints.making import LANGUAGES, found, rendered
from tests.exchange.prints.reading import every_byte, squeezed, text_of, xmp_of
from tests.records.desk import Desk

ROOT = Path(__file__).parents[3]
MOMENT = datetime(2026, 3, 28, 4, tzinfo=UTC)

IN_ANOTHER_PROCESS = """
import pickle, sys
from datetime import UTC, datetime
from planner.exchange.prints.render import render_patient
from planner.records.people.administration import LONGEST_CONTACT
data = pickle.loads(sys.stdin.buffer.read())
sys.stdout.buffer.write(render_patient(data, datetime(2026, 3, 28, 4, tzinfo=UTC)).pdf)
"""


@pytest.fixture
def data(desk: Desk) -> PatientPrint:
    return found(desk).data


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_tagged_and_says_so(desk: Desk, language: PrintLanguage) -> None:
    pdf = rendered(desk, language).pdf
    catalogue = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] is True or catalogue["/MarkInfo"]["/Marked"].value is True
    assert catalogue["/Lang"] == language
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp_of(pdf)
    kinds = {str(element.get("/S")) for element in elements(catalogue["/StructTreeRoot"])}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/TR", "/P"} <= kinds


def elements(root: object) -> list[dict[str, object]]:
    found_elements: list[dict[str, object]] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            waiting.extend(element)
        elif isinstance(element, dict):
            found_elements.append(element)
            waiting.append(element.get("/K"))
    return found_elements


@pytest.mark.parametrize(("language", "title"), [("en", "Visit calendar ULRRC PEK-001"), ("zh-CN", "访视日历 ULRRC PEK-001")])
def test_properties_hold_a_title_and_no_person(desk: Desk, language: PrintLanguage, title: str) -> None:
    pdf = rendered(desk, language).pdf
    properties = PdfReader(io.BytesIO(pdf)).metadata
    assert properties is not None
    assert properties.title == title
    assert properties.author is None
    assert properties.creation_date == MOMENT
    assert set(properties) <= {"/Title", "/Creator", "/Producer", "/CreationDate", "/ModDate"}


def test_nothing_of_the_machine_is_in_the_file(desk: Desk) -> None:
    content = every_byte(rendered(desk).pdf)
    for trace in (str(ROOT), str(Path.home() / ""), os.getcwd(), socket.gethostname(), "/tmp", "patient.typ"):
        assert trace.encode() not in content
    # "root" is part of PDF's own words, so a login name counts only by itself.
    assert f"({getpass.getuser()})".encode() not in content


def test_two_processes_give_the_same_bytes(data: PatientPrint, tmp_path: Path) -> None:
    import pickle

    here = render_patient(data, MOMENT).pdf
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": "America/New_York", "SOURCE_DATE_EPOCH": "1"}
        call = [sys.executable, "-c", IN_ANOTHER_PROCESS]
        there = subprocess.run(call, input=pickle.dumps(data), cwd=tmp_path, env=environment, capture_output=True, check=True)
        assert there.stdout == here


def test_texts_are_never_read_as_markup(data: PatientPrint) -> None:
    hostile = '#panic("x") *b* _i_ $x$ <a> @b \\ [c] {d} `e` // f /* g'
    pdf = render_patient(replace(data, contact=hostile), MOMENT).pdf
    assert squeezed(hostile) in text_of(pdf)


def test_what_no_font_has_is_said_and_replaced(data: PatientPrint) -> None:
    shown = render_patient(replace(data, contact="Dr 龘\U0001f600 e\u0301"), MOMENT)
    assert shown.warning is not None
    assert "龘 (U+9F98)" in shown.warning
    assert "U+1F600" in shown.warning
    assert "U+00E9" not in shown.warning, "a letter and its accent are one sign"
    assert "Dr〓〓é" in text_of(shown.pdf)


def test_usual_texts_need_no_warning(desk: Desk) -> None:
    assert rendered(desk, "en").warning is None
    assert rendered(desk, "zh-CN").warning is None


def test_the_longest_contact_is_printed_whole(data: PatientPrint) -> None:
    contact = ("Study office 010-5555 0101, " * 10)[:LONGEST_CONTACT]
    assert squeezed(contact) in text_of(render_patient(replace(data, contact=contact), MOMENT).pdf)


@pytest.mark.parametrize("code", ["MAINTENANCE-VISIT-OF-CYCLE-12", "ABCDEFGHIJKLMNOPQRSTUVWX"])
def test_a_long_code_breaks_and_stays_whole_for_a_reader(data: PatientPrint, code: str) -> None:
    lines = tuple(replace(line, visit=code) for line in data.to_come)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render_patient(replace(data, to_come=lines), MOMENT).pdf)).pages]
    assert code in squeezed("".join(pages))
    assert all(code not in page for page in pages), "the column of visits is narrower than the code"
    assert "\u200b" not in "".join(pages)
