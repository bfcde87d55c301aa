"""The web process on a day of the tests' choosing: ``python -m tests.ui.served PORT MOMENT``."""

import sys
from datetime import datetime

from tests.ui.clock import started_at

if __name__ == "__main__":
    started_at(datetime.fromisoformat(sys.argv[2]))

    from planner.cli import app

    app(["serve", "--port", sys.argv[1]])
