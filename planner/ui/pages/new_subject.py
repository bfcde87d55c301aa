"""Enrol a subject."""

from planner.ui.enrolment.page import new_subject_page

new_subject_page()
