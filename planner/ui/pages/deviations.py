"""The page Deviations."""

from planner.ui.deviations_page import deviations_page

deviations_page()
