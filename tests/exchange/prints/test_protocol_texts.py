"""What a protocol calls its things, in its own language and in another."""

from dataclasses import replace

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.library import load_protocol

CRLM = load_protocol("crlm")


def all_of(texts: ProtocolTexts) -> tuple[str, ...]:
    return (
        texts.milestone("CONSENT"),
        texts.parameter("assessment"),
        texts.value("assessment", "both"),
        texts.value("regimen", "CAPOX"),
        texts.decision("response"),
        texts.choice("response", "cCR"),
        texts.check("pd1-gap"),
    )


def test_each_is_called_by_its_own_text() -> None:
    assert all_of(ProtocolTexts(CRLM, "zh-CN")) == (
        "签署知情同意书",
        "疗效评估方式",
        "两者均做",
        "CAPOX",
        "疗效",
        "临床完全缓解",
        "PD-1抗体两次给药间隔至少18天",
    )


def test_what_has_no_translation_stays_as_written() -> None:
    written = (
        "Informed consent signed",
        "Assessment by",
        "both",
        "CAPOX",
        "Response",
        "Clinical complete response",
        "PD-1 doses at least 18 days apart",
    )
    assert all_of(ProtocolTexts(CRLM, "en")) == written
    assert all_of(ProtocolTexts(replace(CRLM, languages={}), "zh-CN")) == written
