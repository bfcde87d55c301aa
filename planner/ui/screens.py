"""The screens as an application that a web process can serve beside other things."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit
from streamlit import config

from planner.ui.identity import is_sign_in_configured

SCRIPT = Path(__file__).parents[2] / "app.py"

SETTINGS: Mapping[str, object] = {
    "browser.gatherUsageStats": False,
    # In megabytes; each upload on a page has a smaller bound of its own, which only the browser holds to.
    "server.maxUploadSize": 16,
    # Each session would watch every source file: twenty of them keep a core busy, and more where files change.
    "server.fileWatcherType": "none",
    # Collecting all garbage after every run would stop all other sessions meanwhile, the longer the more subjects are kept.
    "runner.postScriptGC": False,
}
"""What holds whatever a user's own configuration says. Streamlit reads the environment's only where its own command starts it."""


def screens() -> streamlit.App:
    """The screens, as an ASGI application; its ``lifespan()`` surrounds the time in which it is served.

    Raises NobodyError where the settings of the sign-in cannot be read: that must not look like a planner without one.
    """
    app = streamlit.App(SCRIPT)
    for name, value in SETTINGS.items():
        config.set_option(name, value)
    is_sign_in_configured()
    return app
