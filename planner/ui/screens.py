"""The screens as an application that a web process can serve beside other things."""

from __future__ import annotations

from pathlib import Path

import streamlit

SCRIPT = Path(__file__).parents[2] / "app.py"


def screens() -> streamlit.App:
    """The screens, as an ASGI application; its ``lifespan()`` surrounds the time in which it is served."""
    return streamlit.App(SCRIPT)
