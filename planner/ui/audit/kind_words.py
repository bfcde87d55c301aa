"""What the kinds of facts are called in the list to choose from."""

from __future__ import annotations

from collections.abc import Mapping

from planner.records.facts.kinds import Kind
from planner.ui.language import t


def kind_words() -> Mapping[Kind, str]:
    """Every kind, in the order of the log's documentation."""
    return {**_of_subjects(), **_of_administration()}


def _of_subjects() -> Mapping[Kind, str]:
    return {
        Kind.ENROLLED: t("Enrolled"),
        Kind.START_MOVED: t("Start moved"),
        Kind.PARAMETER_SET: t("Parameter set"),
        Kind.MILESTONE_SET: t("Milestone dated"),
        Kind.VISIT_DONE: t("Visit done"),
        Kind.VISIT_MISSED: t("Visit missed"),
        Kind.ACTIVITY_OMITTED: t("Activity not done"),
        Kind.BOOKED: t("Visit booked"),
        Kind.RELEASED: t("Booking released"),
        Kind.DECISION_MADE: t("Decision recorded"),
        Kind.HOLD_STARTED: t("Treatment held"),
        Kind.HOLD_ENDED: t("Treatment resumed"),
        Kind.TREATMENT_STOPPED: t("Treatment stopped"),
        Kind.LEFT_STUDY: t("Study left"),
        Kind.SITE_TRANSFERRED: t("Transferred to a site"),
        Kind.UNSCHEDULED_VISIT: t("Unscheduled visit recorded"),
        Kind.PROTOCOL_AMENDED: t("Protocol amended"),
        Kind.CALENDAR_REFRESHED: t("Working days renewed"),
        Kind.DEVIATION_CLASSED: t("Deviation classed"),
        Kind.UNDONE: t("Something taken back"),
        Kind.NOTE: t("Note written"),
    }


def _of_administration() -> Mapping[Kind, str]:
    return {
        Kind.SITE_SET: t("Site set up or changed"),
        Kind.SITE_CALENDAR_SET: t("Working days of a site set"),
        Kind.SITE_CONTACT_SET: t("Contact of a site set"),
        Kind.SITE_CAPACITY_SET: t("Capacity of a resource set"),
        Kind.PERSON_GRANTED: t("Role granted"),
        Kind.PERSON_REVOKED: t("Role taken back"),
        Kind.FEED_MADE: t("Feed made"),
        Kind.FEED_ROTATED: t("Feed given a new address"),
        Kind.FEED_REVOKED: t("Feed ended"),
    }
