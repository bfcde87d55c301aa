"""Workbooks for the tests of reading them: as spreadsheet programs write them, and spoilt."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from openpyxl import Workbook


def workbook(rows: Iterable[Iterable[Any]], shape: Callable[[Any], None] | None = None) -> bytes:
    """A workbook whose first sheet, ``Visits``, holds these rows; ``shape`` may change the sheet (merge cells, add sheets)."""
    made = Workbook()
    sheet = made.active
    sheet.title = "Visits"
    for row in rows:
        sheet.append(list(row))
    if shape is not None:
        shape(sheet)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The workbook with these parts added or put in the place of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name not in parts:
                after.writestr(name, before.read(name))
        for name, text in parts.items():
            after.writestr(name, text)
    return file.getvalue()


def sheet_xml(rows: str) -> bytes:
    """A sheet's part with these ``<row>`` elements."""
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f"{head}{rows}</sheetData></worksheet>".encode()


SHEET = "xl/worksheets/sheet1.xml"


def with_shared_texts(content: bytes, texts: str, rows: str) -> bytes:
    """The workbook as Excel writes it: its texts (``<si>`` elements) in a part of their own, and rows that point at them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = types.replace("</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>')
    head = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    parts = {"[Content_Types].xml": types.encode(), "xl/sharedStrings.xml": f"{head}{texts}</sst>".encode(), SHEET: sheet_xml(rows)}
    return with_parts(content, parts)
