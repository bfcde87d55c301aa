"""What roles are called in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from planner.protocol.said import said
from planner.records.people.roles import Role

ROLE_WORDS: Mapping[Role, str] = {
    Role.READER: said("reader"),
    Role.NURSE: said("nurse"),
    Role.COORDINATOR: said("coordinator"),
    Role.INVESTIGATOR: said("investigator"),
    Role.ADMINISTRATOR: said("administrator"),
    Role.LOCAL: said("local"),
    Role.PROVIDER: said("provider"),
}
"""Each role by its own name, which other languages can say."""
