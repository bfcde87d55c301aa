"""All subjects."""

from planner.ui.subjects.page import subjects_page

subjects_page()
