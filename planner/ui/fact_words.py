"""What facts say, with what the study calls things and with other facts in words: never an id of a parameter or the number of a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.plan import Plan
from planner.records.caller import Caller
from planner.records.facts.fact import Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.records.facts.wording import in_words
from planner.records.fold.subject_facts import NotEnrolledError, subject_state
from planner.records.lists.deviation_keys import OF_CHECKS, DeviationKind, read_key
from planner.records.people.readable import read_subject
from planner.records.pinned.contents import PinnedContents
from planner.ui.deviation_words import deviation_kind_word
from planner.ui.language import in_language, language, t
from planner.ui.treatment_texts import stream_label, value_label
from planner.ui.words import listed, short_date

_OF_STREAMS = frozenset({Kind.HOLD_STARTED, Kind.TREATMENT_STOPPED, Kind.UNSCHEDULED_VISIT})


def said_of(connection: Connection, caller: Caller, facts: Sequence[Fact]) -> list[str]:
    """What these facts of one subject say; one who is no longer enrolled follows no protocol that could name things."""
    opened = read_subject(connection, caller, facts[0].subject)
    try:
        plan = subject_state(opened.table, PinnedContents(connection)).plan
    except NotEnrolledError:
        return [in_language(in_words(fact.said)) for fact in facts]
    words = FactWords(plan, opened.facts)
    return [words.of(fact.said) for fact in facts]


@dataclass(frozen=True, slots=True)
class FactWords:
    """Words for the facts of one subject: ``plan`` is the subject's own, ``facts`` the whole log."""

    plan: Plan
    facts: Sequence[Fact]

    def of(self, said: NewFact) -> str:
        """``Chemotherapy set to CAPOX (instead of: Chemotherapy set to mFOLFOX6)``."""
        if said.replaces is None:
            return self._alone(said)
        other = self._numbered(said.replaces)
        if said.kind is Kind.UNDONE:
            return in_language(in_words(said)) if other is None else t("taken back: {fact}", fact=self._alone(other))
        if other is None:
            return in_language(in_words(said))
        return t("{words} (instead of: {fact})", words=self._alone(said), fact=self._alone(other))

    def _alone(self, said: NewFact) -> str:
        """Without what it stands instead of; of what takes a fact back, that fact."""
        if said.kind is Kind.UNDONE:
            return self.of(said)
        held = self._numbered(said.refers) if said.kind is Kind.HOLD_ENDED and said.refers is not None else None
        if held is not None:
            return t("hold ends, treatment from {day} ({hold})", day=short_date(said.day), hold=self._alone(held))
        return in_language(in_words(replace(self._labelled(said), replaces=None)))

    def _numbered(self, number: int | None) -> NewFact | None:
        return next((fact.said for fact in self.facts if fact.number == number), None)

    def _labelled(self, said: NewFact) -> NewFact:
        """The fact with labels in place of the protocol's ids; what the protocol does not know stays."""
        protocol, texts = self.plan.protocol, ProtocolTexts(self.plan.protocol, language())
        match said.kind:
            case Kind.PARAMETER_SET if said.item in protocol.parameters:
                known = said.value in protocol.parameters[said.item].values
                value = value_label(protocol, said.item, said.value) if known else said.value
                return replace(said, item=texts.parameter(said.item), value=value)
            case Kind.MILESTONE_SET if said.item in protocol.milestones:
                return replace(said, item=texts.milestone(said.item))
            case Kind.DECISION_MADE if said.item in protocol.decisions:
                choices = {choice.name for choice in protocol.decisions[said.item].choices}
                value = texts.choice(said.item, said.value) if said.value in choices else said.value
                return replace(said, item=texts.decision(said.item), value=value)
            case Kind.ACTIVITY_OMITTED if said.value in protocol.activities:
                return replace(said, value=texts.activity(said.value))
            case Kind.DEVIATION_CLASSED:
                return replace(said, item=self._deviation(said.item, texts))
            case kind if kind in _OF_STREAMS and said.item in self.plan.doses:
                return replace(said, item=stream_label(self.plan, said.item))
            case _:
                return said

    def _deviation(self, key: str, texts: ProtocolTexts) -> str:
        """``F3, F4: Interval between fractions``; the key itself where nothing is known of it."""
        read = read_key(key)
        if read is None:
            return key
        if read.of != OF_CHECKS:
            return t("{about}, {kind}", about=read.visit, kind=deviation_kind_word(DeviationKind(read.of).value))
        check, *visits = read.names
        if check not in {known.id for known in texts.protocol.checks}:
            return key
        label = texts.check(check)
        return t("{visits}: {check}", visits=listed(visits), check=label) if visits else label
