"""A protocol's own texts in the language of a print; what is not translated stays as written."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.exchange.ics_settings import texts_to_bring, texts_to_prepare
from planner.protocol.model import Protocol, Translation
from planner.schedule.rows import VisitRow


@dataclass(slots=True)
class ProtocolTexts:
    """Names of visits, activities and all else that the protocol names, and what to prepare and bring."""

    protocol: Protocol
    language: str
    bring: dict[str, str] = field(init=False)
    """Activity id to text; activities without one are left out, as in ``prepare``."""
    prepare: dict[str, str] = field(init=False)
    _translation: Translation = field(init=False)

    def __post_init__(self) -> None:
        """Look up once what all visits share."""
        self.bring = {id_: one_line(text) for id_, text in texts_to_bring(self.protocol, self.language).items()}
        self.prepare = {id_: one_line(text) for id_, text in texts_to_prepare(self.protocol, self.language).items()}
        self._translation = self.protocol.languages.get(self.language, Translation())

    def visit(self, row: VisitRow) -> str:
        """The name of a visit, with its number."""
        return self.visit_name(row.definition, row.name, row.number)

    def visit_name(self, definition: str, name: str, number: int | None = None) -> str:
        """The name of a definition's visit; ``name`` is what the protocol's own language calls it."""
        found = self._translation.visits.get(definition)
        if found is None:
            return one_line(name)
        return one_line(found if number is None else found.replace("{n}", str(number)))

    def activity(self, activity: str) -> str:
        """The label of an activity."""
        return one_line(self._translation.activities.get(activity, {}).get("label") or self.protocol.activities[activity].label)

    def epoch(self, epoch: str) -> str:
        """The name of an epoch."""
        return one_line(self._translation.epochs.get(epoch, epoch))

    def decision(self, decision: str) -> str:
        """The label of a decision."""
        return one_line(self._translation.decisions.get(decision) or self.protocol.decisions[decision].label)

    def choice(self, decision: str, choice: str) -> str:
        """The label of an outcome of a decision."""
        labels = {known.name: known.label for known in self.protocol.decisions[decision].choices}
        return one_line(self._translation.choices.get(decision, {}).get(choice) or labels[choice])

    def parameter(self, parameter: str) -> str:
        """The label of a parameter."""
        return one_line(self._translation.parameters.get(parameter) or self.protocol.parameters[parameter].label)

    def value(self, parameter: str, value: str) -> str:
        """What a parameter's value is called; itself where it has no text of its own."""
        return one_line(self._translation.choices.get(parameter, {}).get(value) or value)

    def milestone(self, milestone: str) -> str:
        """The label of a milestone."""
        return one_line(self._translation.milestones.get(milestone) or self.protocol.milestones[milestone].label)

    def check(self, check: str) -> str:
        """The label of a check."""
        labels = {known.id: known.label for known in self.protocol.checks}
        return one_line(self._translation.checks.get(check) or labels[check])

    def title(self) -> str:
        """The study's title."""
        return one_line(self._translation.title or self.protocol.title)


def one_line(text: str) -> str:
    """A text with every run of white space as one space."""
    return " ".join(text.split())
