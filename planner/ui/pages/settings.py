"""The page Settings."""

from planner.ui.settings.page import settings_page

settings_page()
