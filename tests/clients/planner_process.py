"""The planner's own web process for a test: ``python -m tests.clients.planner_process DATABASE_URL INSTALL_KEY CLOCK_FILE``.

It is what `serve` runs, at a free port of this machine, but for the clock: the moment stands in a file that the test writes.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from planner.server.feed_source import FeedSource
from planner.server.process import listen, run


def main() -> None:
    """Serve until SIGTERM; the address is written to the standard output as soon as requests are answered."""
    database_url, install_key, clock_file = sys.argv[1:]
    listening = listen("127.0.0.1", 0)
    source = FeedSource(database_url, install_key.encode(), lambda: datetime.fromisoformat(Path(clock_file).read_text(encoding="ascii")))
    run(listening, source, None, lambda: print(f"ready {listening.address}", flush=True))


if __name__ == "__main__":
    main()
