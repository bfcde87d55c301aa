"""Which answers are parsed at all."""

import time

import pytest

from planner.exchange.calendar_server.plain_xml import is_plain_xml


@pytest.mark.parametrize(
    "content",
    [
        b"<a/>",
        b"\xef\xbb\xbf<a/>",
        b'<?xml version="1.0" encoding="utf-8"?>\r\n<a/>',
        b"<?xml version='1.0' encoding='US-ASCII' ?><!-- <b> --> <?style x?>\n<a/>",
        b'<?xml version="1.0"?><a><![CDATA[<!DOCTYPE html> of an event]]></a>',
        "<a>密码</a>".encode(),
        b'<a>encoding="utf-16"</a>',
    ],
)
def test_plain_xml_is_parsed(content: bytes) -> None:
    assert is_plain_xml(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"text",
        b"<!DOCTYPE a><a/>",
        b"\xef\xbb\xbf \n<!DOCTYPE a><a/>",
        b'<?xml version="1.0"?><!-- <a> --><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<?style <a>?><!DOCTYPE a><a/>",
        b"<!ENTITY a 'b'>",
        b"<!-- never closed",
        b"<?xml never closed",
        b'<?xml version="1.0" encoding="UTF-7"?><a/>',
        b'<?xml version="1.0" encoding="ebcdic-cp-us"?><a/>',
        '<?xml version="1.0"?><a/>'.encode("utf-16"),
        '<?xml version="1.0"?><a/>'.encode("utf-16-le"),
        '<?xml version="1.0"?><a/>'.encode("utf-32"),
        "<a>ü</a>".encode("latin-1"),
        b"<a>" + b"<b/>" * 1_000_000 + b"</a>",
    ],
    ids=lambda content: repr(content[:40]),
)
def test_what_could_define_entities_or_hide_it_is_not(content: bytes) -> None:
    assert not is_plain_xml(content)


def test_a_long_prologue_takes_no_long_time() -> None:
    began = time.monotonic()
    assert not is_plain_xml(b"<!---->" * 1_000_000 + b"<!DOCTYPE a>")
    assert not is_plain_xml(b" " * 10_000_000)
    assert not is_plain_xml(b"<!--" * 2_000_000)
    assert time.monotonic() - began < 10
