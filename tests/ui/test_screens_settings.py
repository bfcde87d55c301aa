"""The settings that the served screens depend on hold, whatever a user has configured."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASKED = """
from streamlit import config
from planner.ui.screens import SETTINGS, screens
screens()
print({name: config.get_option(name) for name in SETTINGS} == dict(SETTINGS))
"""


def test_they_hold_against_a_users_own_configuration(tmp_path: Path) -> None:
    own = tmp_path / ".streamlit" / "config.toml"
    own.parent.mkdir()
    own.write_text(
        '[server]\nfileWatcherType = "auto"\n[runner]\npostScriptGC = true\n[browser]\ngatherUsageStats = true\n', encoding="utf-8"
    )
    known = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    # In a process of its own: Streamlit's configuration is shared by all that runs in one.
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=tmp_path, env=known, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
