"""Protocols: read, tried out, checked, compared, amended."""

from planner.ui.protocols.page import protocols_page

protocols_page()
