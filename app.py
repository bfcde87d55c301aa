"""The screens: ``streamlit run app.py``, or ``make run``."""

from planner.ui.first_screen import main

main()
