"""The screens: ``make run`` serves them beside the feeds, ``streamlit run app.py`` alone."""

from planner.ui.first_screen import main

main()
