"""Workbooks looked at without the library that wrote them: their parts as XML, by the rules of the format alone."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
OF_DOCUMENT = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True)
class RawCell:
    """A cell as it stands in the file."""

    kind: str
    """``inlineStr``, ``n``, ..."""
    content: str
    number_format: str
    quoted: bool
    """Whether Excel shows it with an apostrophe before it."""


class RawWorkbook:
    """The parts of a workbook."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            self.members = archive.infolist()
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.trees = {name: ElementTree.fromstring(part) for name, part in self.parts.items()}
        self._formats = self._number_formats()

    @property
    def sheet_parts(self) -> dict[str, str]:
        """The parts by the names of the sheets, in their order."""
        targets = {
            one.attrib["Id"]: one.attrib["Target"] for one in self.trees["xl/_rels/workbook.xml.rels"].iter(f"{RELATIONS}Relationship")
        }
        sheets = self.trees["xl/workbook.xml"].iter(f"{MAIN}sheet")
        return {sheet.attrib["name"]: targets[sheet.attrib[f"{OF_DOCUMENT}id"]].lstrip("/") for sheet in sheets}

    def sheet(self, name: str) -> ElementTree.Element:
        """The markup of a sheet."""
        return self.trees[self.sheet_parts[name]]

    def rows(self, name: str) -> list[dict[str, RawCell]]:
        """The cells of a sheet that are there, by their columns (``A``), row by row."""
        return [
            {re.sub(r"\d", "", cell.attrib["r"]): self._cell(cell) for cell in row.iter(f"{MAIN}c")}
            for row in self.sheet(name).iter(f"{MAIN}row")
        ]

    def count(self, tag: str) -> int:
        """How many elements of this name there are in all sheets."""
        return sum(len(list(self.sheet(name).iter(f"{MAIN}{tag}"))) for name in self.sheet_parts)

    def _cell(self, cell: ElementTree.Element) -> RawCell:
        number_format, quoted = self._formats[int(cell.attrib.get("s", "0"))]
        return RawCell(cell.attrib.get("t", "n"), "".join(cell.itertext()), number_format, quoted)

    def _number_formats(self) -> list[tuple[str, bool]]:
        styles = self.trees["xl/styles.xml"]
        named = {one.attrib["numFmtId"]: one.attrib["formatCode"] for one in styles.iter(f"{MAIN}numFmt")} | {"0": "General", "49": "@"}
        formats = styles.find(f"{MAIN}cellXfs")
        assert formats is not None
        return [(named[one.attrib["numFmtId"]], one.attrib.get("quotePrefix") == "1") for one in formats]


def unescaped(text: str) -> str:
    """A text as a spreadsheet program reads it (ECMA-376, ST_Xstring): ``_x0041_`` is ``A``."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
