"""Rights in an import: ``IMPORT`` at the site, and for each fact the right that recording it one by one would take."""

from __future__ import annotations

from collections.abc import Iterable

from planner.records.caller import Caller
from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind
from planner.records.imports.check import CheckedSubject
from planner.records.people.rights import Action, NotAllowedError, Role, action_of, allowed_role
from planner.records.people.settings import Settings


class ImportRights:
    """Answers for one caller; what has been asked once is kept, since a file asks the same for thousands of rows."""

    def __init__(self, settings: Settings, caller: Caller) -> None:
        """Look at the rights of ``caller``."""
        self._settings = settings
        self._caller = caller
        self._known: dict[tuple[Action, str], Role | str] = {}

    def refusal(self, action: Action, site: str) -> str:
        """Why the caller may not do this at a site, or ""."""
        found = self._asked(action, site)
        return "" if isinstance(found, Role) else found

    def note(self, found: CheckedSubject, site: str) -> None:
        """Refuse, in ``found``, what the caller may not record at the subject's site."""
        for said in found.new:
            refusal = self.refusal(action_of(said.new.kind), site)
            if refusal:
                found.faults.append(said.fault(refusal))

    def role(self, facts: Iterable[NewFact], site: str) -> Role:
        """The role that allows importing all of this: the greatest that any of it takes. Raises NotAllowedError."""
        roles = []
        for action in dict.fromkeys([Action.IMPORT, *(action_of(kind) for kind in _kinds(facts))]):
            found = self._asked(action, site)
            if not isinstance(found, Role):
                raise NotAllowedError(found)
            roles.append(found)
        return max(roles, key=list(Role).index)

    def _asked(self, action: Action, site: str) -> Role | str:
        """The role that allows it, or why it is refused."""
        key = action, site
        if key not in self._known:
            try:
                self._known[key] = allowed_role(self._settings, self._caller.who, action, site)
            except NotAllowedError as error:
                self._known[key] = str(error)
        return self._known[key]


def _kinds(facts: Iterable[NewFact]) -> list[Kind]:
    return list(dict.fromkeys(fact.kind for fact in facts))
