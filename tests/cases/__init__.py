"""Random protocols, calendars and facts, drawn from a ``random.Random`` so that a seed or Hypothesis can drive them."""

from tests.cases.calendars import random_calendar
from tests.cases.facts import Case, random_case, random_facts
from tests.cases.protocols import random_protocol

__all__ = ["Case", "random_calendar", "random_case", "random_facts", "random_protocol"]
