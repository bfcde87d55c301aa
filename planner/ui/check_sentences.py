"""Sentences from the records that name a check, with what the study calls the check in the language of the page."""

from __future__ import annotations

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import Protocol
from planner.protocol.said import Said
from planner.records.changes.proposal import ChangeWarning
from planner.records.lists.deviation_keys import OF_CHECKS, read_key
from planner.records.lists.deviations import Deviation
from planner.ui.language import in_language, language
from planner.ui.words import sentence


def warning_words(warning: ChangeWarning, protocol: Protocol) -> str:
    """What a change would make worse."""
    return _naming(warning.text, warning.about if warning.kind == "check" else "", protocol)


def what_words(line: Deviation, protocol: Protocol) -> str:
    """What happened, by the ledger; ``protocol`` is the subject's own."""
    key = read_key(line.key)
    return _naming(line.what, key.names[0] if key is not None and key.of == OF_CHECKS else "", protocol)


def _naming(text: str, check: str, protocol: Protocol) -> str:
    """``text`` with the label of ``check``, if it names one of the protocol's."""
    if isinstance(text, Said) and "check" in text.values and any(known.id == check for known in protocol.checks):
        text = Said(text.template, {**text.values, "check": ProtocolTexts(protocol, language()).check(check)})
    return sentence(in_language(text))
