"""Whether each fact's author had the role that it names, and the role allowed it, by the grants that stand before it in the log."""

from __future__ import annotations

import json
from collections.abc import Hashable

from planner.protocol.said import said
from planner.protocol.said_lists import alternatives
from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import ADMINISTRATION_KINDS, FEED_KINDS, Kind
from planner.records.people.roles import EVERYWHERE, GRANTABLE, RIGHTS, Action, Role, action_of
from planner.records.people.settings import Grant, folded_settings
from planner.records.proof.audit_fault import AuditFault, Faults
from planner.records.proof.raw_rows import FACT_COLUMNS, RawRow

_PLACES = ("position", "subject_id", "number", "act", "kind", "item", "value", "replaces", "details", "who", "role", "recorded_at")
_POSITION, _SUBJECT_ID, _NUMBER, _ACT, _KIND, _ITEM, _VALUE, _REPLACES, _DETAILS, _WHO, _ROLE, _RECORDED_AT = map(
    FACT_COLUMNS.index, _PLACES
)
_KINDS = {str(kind): kind for kind in Kind}
_ROLES = {str(role): role for role in GRANTABLE}
_NAMING_A_SITE = frozenset({str(Kind.ENROLLED), str(Kind.SITE_TRANSFERRED)})
_INSTALLATION = frozenset({EVERYWHERE})


class RightsReplay:
    """Follows the grants through the log. Give it the rows that continue both chains, in order, and tell it of those that do not.

    What a role allows is what it allows today. A subject's sites are all that its log has named so far: where it was at a moment would
    take a fold of its facts at each of them. From the first place on where facts of the administration log may be missing, nothing more
    is said: whoever was granted a role there would be named for each of their facts.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._sites: dict[int, frozenset[str] | None] = {}
        """The sites of each subject so far; None where that is not known."""
        self._same: dict[frozenset[str], frozenset[str]] = {}
        self._log: list[tuple[int, NewFact]] = []
        self._grants: frozenset[Grant] = frozenset()
        self._act: Hashable = None
        """What the facts of the last act of administration have in common."""
        self._of_act: list[tuple[int, NewFact]] = []
        """Its facts about people: what they say counts after the act, since the act was allowed as a whole by what was before it."""
        self._known: dict[Hashable, str] = {}
        """What is wrong with a fact of this author, role, kind and sites, while the grants stay the same."""
        self._has_stopped = False

    def row(self, row: RawRow, log: object) -> None:
        """Check the next fact; ``log`` is named in a fault."""
        if self._has_stopped:
            return
        if row[_SUBJECT_ID] == 0:
            what = self._administration(row)
        else:
            if self._act is not None:
                self._end_act()
            if row[_KIND] in _NAMING_A_SITE:
                self._name_site(row)
            sites = self._sites.get(row[_SUBJECT_ID], frozenset())
            key = row[_WHO], row[_ROLE], row[_KIND], row[_REPLACES] is None, sites
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = self._why(row, _actions(row), sites)
            what = known
        if what:
            self._faults.add(AuditFault(row[_POSITION], str(log), row[_NUMBER], what))

    def damaged(self, row: RawRow) -> None:
        """Take note of a row whose fields do not have their hash, and that otherwise stands where it should."""
        if row[_SUBJECT_ID] == 0 or row[_KIND] in ADMINISTRATION_KINDS:
            self.stop()
        else:
            self._sites[row[_SUBJECT_ID]] = None

    def stop(self) -> None:
        """Say no more: from here on, facts may be missing, or stand where they were not written."""
        self._has_stopped = True

    def _administration(self, row: RawRow) -> str:
        act = row[_ACT], row[_WHO], row[_ROLE], row[_RECORDED_AT]
        if act != self._act:
            self._end_act()
            self._act = act
        if (said := _about_people(row)) is not None:
            self._of_act.append((row[_NUMBER], said))
        if row[_ROLE] == str(Role.PROVIDER):
            return _why_not_claimed(row)
        if _KINDS.get(row[_KIND]) in FEED_KINDS:
            return self._why(row, {Action.FEED}, None)
        return self._why(row, {Action.ADMINISTER}, _INSTALLATION)

    def _end_act(self) -> None:
        self._act = None
        if self._of_act:
            self._log += self._of_act
            self._of_act = []
            self._grants = folded_settings(self._log).grants
            self._known.clear()

    def _name_site(self, row: RawRow) -> None:
        before = self._sites.get(row[_SUBJECT_ID], frozenset())
        if before is not None and row[_ITEM] not in before:
            after = before | {row[_ITEM]}
            self._sites[row[_SUBJECT_ID]] = self._same.setdefault(after, after)

    def _why(self, row: RawRow, actions: set[Action], sites: frozenset[str] | None) -> str:
        """What is wrong, "" if nothing is. Of several roles that an act takes the greatest is named, so a lesser one may be what allows."""
        role, place = row[_ROLE], "" if sites is _INSTALLATION else said(" at the subject's sites")
        if not self._grants:
            return (
                "" if role == str(Role.LOCAL) else said("its role is not local, though nobody had been granted a role when it was written")
            )
        held = {grant.role for grant in self._grants if grant.person == row[_WHO] and _reaches(grant, sites)}
        if _ROLES.get(role) not in held:
            shown = said("the role {role}", role=role) if role in (*_ROLES, str(Role.LOCAL)) else said("the role that it names")
            return said("its author did not have {shown}{place} when it was written", shown=shown, place=place)
        lesser = [each for each in held if GRANTABLE.index(each) <= GRANTABLE.index(_ROLES[role])]
        if missing := sorted(action for action in actions if not any(action in RIGHTS[each] for each in lesser)):
            return said(
                "its author's role, {role}, does not allow to {missing}{place}",
                role=role,
                missing=alternatives(action.replace("_", " ") for action in missing),
                place=place,
            )
        return ""


def _why_not_claimed(row: RawRow) -> str:
    """What is wrong with a fact written at a sign-in: it says only which roles its author has (planner.records.people.claims)."""
    if _KINDS.get(row[_KIND]) in (Kind.PERSON_GRANTED, Kind.PERSON_REVOKED) and row[_ITEM] == row[_WHO]:
        return ""
    return said("it is no role of its author, and at a sign-in nothing else is written")


def _reaches(grant: Grant, sites: frozenset[str] | None) -> bool:
    return not sites or any(grant.reaches(site) for site in sites)


def _actions(row: RawRow) -> set[Action]:
    """What the fact takes; nothing for a kind that is none, which is a fault of its own. What it takes back is not looked up."""
    kind = _KINDS.get(row[_KIND])
    correct = set() if row[_REPLACES] is None else {Action.CORRECT}
    return correct if kind is None else correct | {action_of(kind)}


def _about_people(row: RawRow) -> NewFact | None:
    """The grant, revocation or undoing that a row says; None for any other, and for what is none."""
    kind = _KINDS.get(row[_KIND])
    if kind is Kind.UNDONE:
        return NewFact(kind, replaces=row[_REPLACES])
    if kind not in (Kind.PERSON_GRANTED, Kind.PERSON_REVOKED) or row[_VALUE] not in _ROLES:
        return None
    try:
        site = json.loads(row[_DETAILS])["site"]
    except (ValueError, TypeError, LookupError):
        return None
    return NewFact(kind, row[_ITEM], value=row[_VALUE], replaces=row[_REPLACES], details={"site": str(site)})
