"""Where the log ends, and whether what came since concerns a feed: what decides whether a feed's file still holds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from planner.records.facts.kinds import Kind
from planner.records.revisions.scope import Scope
from planner.records.store.schema import facts, subjects

_ADMINISTRATION_LOG = 0


@dataclass(frozen=True, slots=True)
class LogEnd:
    """The last fact of all; the head tells logs apart that are equally long."""

    position: int = 0
    head: str = ""


def log_end(connection: Connection) -> LogEnd:
    """Where the log ends now."""
    row = connection.execute(select(facts.c.position, facts.c.head).order_by(facts.c.position.desc()).limit(1)).first()
    return LogEnd() if row is None else LogEnd(row.position, row.head)


def is_touched(connection: Connection, scope: Scope, since: LogEnd) -> bool:
    """Whether a visit of the scope may be another than at an earlier end of the log: true rather once too often.

    Also where that end is none of this log's, as after a restore. Rights are not looked at: who changed these has another scope.
    """
    if since.position:
        head = connection.execute(select(facts.c.head).where(facts.c.position == since.position)).scalar()
        if head != since.head:
            return True
    new = select(facts.c.position).join(subjects, subjects.c.id == facts.c.subject_id)
    concerned = and_(facts.c.position > since.position, facts.c.subject_id != _ADMINISTRATION_LOG, *_restrictions(scope))
    return connection.execute(new.where(concerned).limit(1)).first() is not None


def _restrictions(scope: Scope) -> list[ColumnElement[bool]]:
    held: list[ColumnElement[bool]] = []
    if scope.studies is not None:
        held.append(subjects.c.study.in_(sorted(scope.studies)))
    if scope.subjects is not None:
        held.append(or_(*(and_(subjects.c.study == key.study, subjects.c.number == key.number) for key in sorted(scope.subjects))))
    if scope.sites is not None:
        # Whoever was ever at one of the sites may have visits there, and comes back by a fact of its own.
        naming = facts.alias("naming")
        held.append(
            select(naming.c.position)
            .where(
                naming.c.subject_id == facts.c.subject_id,
                naming.c.kind.in_([Kind.ENROLLED, Kind.SITE_TRANSFERRED]),
                naming.c.item.in_(sorted(scope.sites)),
            )
            .exists()
        )
    return held
