"""The page Today."""

from planner.ui.today_page import today_page

today_page()
