"""Short answers."""

from planner.ui.help_page import help_page

help_page()
