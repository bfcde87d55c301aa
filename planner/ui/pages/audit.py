"""The page Audit."""

from planner.ui.audit.page import audit_page

audit_page()
