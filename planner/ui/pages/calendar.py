"""The clinic's calendar."""

from planner.ui.clinic.page import calendar_page

calendar_page()
