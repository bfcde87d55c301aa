"""Prints read back with pypdf: text, properties, structure, and every byte that a reader could unpack."""

from __future__ import annotations

import io

from pypdf import PdfReader
from pypdf.generic import StreamObject


def text_of(pdf: bytes) -> str:
    """The text of all pages without white space: where a line breaks is no matter of content."""
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, without white space."""
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    return "".join(text.split())


def every_byte(pdf: bytes) -> bytes:
    """The file as it is, and all its streams and strings unpacked."""
    reader = PdfReader(io.BytesIO(pdf))
    parts = [pdf, repr(reader.metadata).encode("utf-8")]
    for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1):
        found = reader.get_object(number)
        if isinstance(found, StreamObject):
            parts.append(found.get_data())
        parts.append(repr(found).encode("utf-8"))
    parts += [page.extract_text().encode("utf-8") for page in reader.pages]
    return b"\n".join(parts)


def xmp_of(pdf: bytes) -> str:
    """The document's XMP packet."""
    metadata = PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"]
    data: bytes = metadata.get_data()
    return data.decode("utf-8")
