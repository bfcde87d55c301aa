"""Try a schedule: what a subject's calendar would be. Nothing is stored."""

from planner.ui.first_screen import main

main()
