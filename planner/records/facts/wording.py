"""What a fact says, in a few words, the same in every message, table and history."""

from __future__ import annotations

from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind

_SHORT_HASH = 8


def in_words(said: NewFact) -> str:
    """``C3D1 done on 2026-04-17``; free text is left out."""
    words = _words(said)
    return words if said.replaces is None or said.kind == Kind.UNDONE else f"{words} (instead of fact {said.replaces})"


def _words(said: NewFact) -> str:
    item, day, value = said.item, said.day, said.value
    stream = item or "all drugs"
    match said.kind:
        case Kind.ENROLLED:
            again = f", screened again after {said.details['rescreen_of']}" if "rescreen_of" in said.details else ""
            return f"enrolled at {item}, start {day}{again}"
        case Kind.START_MOVED:
            return f"start moved to {day}"
        case Kind.PARAMETER_SET:
            return f"{item} set to {value}"
        case Kind.MILESTONE_SET:
            return f"{item} on {day}"
        case Kind.VISIT_DONE:
            return f"{item} done on {day}" + (" as routine care" if value else "")
        case Kind.VISIT_MISSED:
            return f"{item} missed"
        case Kind.ACTIVITY_OMITTED:
            return f"{value} not done at {item}"
        case Kind.BOOKED:
            return f"{item} booked on {day}" + (f" at {value}" if value else "")
        case Kind.RELEASED:
            return f"booking of {item} released"
        case Kind.DECISION_MADE:
            return f"{item} decided: {value}" + (f" on {day}" if day else "")
        case Kind.HOLD_STARTED:
            return f"{stream} held from {day}" + (f" until {said.until_day}" if said.until_day else "") + f" ({value})"
        case Kind.HOLD_ENDED:
            return f"hold of fact {said.refers} ends, treatment from {day}"
        case Kind.TREATMENT_STOPPED:
            return f"{stream} stopped on {day}"
        case Kind.LEFT_STUDY:
            return f"left the study on {day}: {value.replace('_', ' ')}"
        case Kind.SITE_TRANSFERRED:
            return f"transferred to {item} on {day}"
        case Kind.UNSCHEDULED_VISIT:
            return f"unscheduled visit on {day}" + (f" with {item} given" if item else "")
        case Kind.PROTOCOL_AMENDED:
            return f"protocol amended to {value[:_SHORT_HASH]}"
        case Kind.CALENDAR_REFRESHED:
            return f"calendar of {item} refreshed to {value[:_SHORT_HASH]}"
        case Kind.DEVIATION_CLASSED:
            return f"deviation {item} classed {value.replace('_', ' ')}"
        case Kind.UNDONE:
            return f"fact {said.replaces} taken back"
        case Kind.NOTE:
            return "note"
        case Kind.SITE_SET:
            return f"site {item} set"
        case Kind.SITE_CALENDAR_SET:
            return f"calendar of site {item} set to {value[:_SHORT_HASH]}"
        case Kind.SITE_CONTACT_SET:
            return f"contact of site {item} " + ("set" if value else "taken away")
        case Kind.FEED_MADE:
            of = said.details
            return f"feed {item} made for {of.get('person')} ({of.get('purpose')}): {of.get('kind')} {of.get('of')}"
        case Kind.FEED_ROTATED:
            return f"feed {item} given a new address"
        case Kind.FEED_REVOKED:
            return f"feed {item} revoked"
        case Kind.PERSON_GRANTED:
            return f"{item} granted {value} at {said.details.get('site', '*')}"
        case Kind.PERSON_REVOKED:
            return f"{value} at {said.details.get('site', '*')} revoked from {item}"
