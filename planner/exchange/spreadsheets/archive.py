"""The zip archive around a workbook, without anything of the moment or the computer that made it."""

from __future__ import annotations

import shutil
import zipfile
from os import PathLike
from pathlib import Path
from typing import Any

_FIRST_MOMENT_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16
_ABOUT = "docProps/core.xml"
_NOTHING_ABOUT = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_CHUNK = 1024 * 1024


class TimelessArchive(zipfile.ZipFile):
    """Takes the parts that openpyxl writes; the same parts give the same bytes, whenever and wherever.

    openpyxl stamps the parts with the present time and says in ``docProps/core.xml`` who made the workbook and when. Neither is kept.
    """

    def writestr(self, zinfo_or_arcname: str | zipfile.ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        """Add a part from memory."""
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, zipfile.ZipInfo) else zinfo_or_arcname
        super().writestr(_timeless(name), _NOTHING_ABOUT if name == _ABOUT else data)

    def write(self, filename: str | PathLike[str], arcname: str | PathLike[str] | None = None, *_: Any, **__: Any) -> None:
        """Add a part from a file: a sheet, which may be large."""
        source = Path(filename)
        part = _timeless(str(arcname or filename))
        # The size settles whether the part needs the headers of very large ones, which not every program reads.
        part.file_size = source.stat().st_size
        with source.open("rb") as rows, self.open(part, "w") as written:
            shutil.copyfileobj(rows, written, _CHUNK)


def _timeless(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _FIRST_MOMENT_OF_ZIP)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.create_system = _UNIX
    part.external_attr = _PLAIN_FILE
    return part
