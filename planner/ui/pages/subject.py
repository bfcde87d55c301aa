"""The page ``subject``."""

from planner.ui.subject_page import subject_page

subject_page()
