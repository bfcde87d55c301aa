"""The screens: ``make run`` serves them beside the feeds, ``streamlit run app.py`` alone."""

from planner.ui.main import main

main()
