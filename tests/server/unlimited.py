"""``python -m tests.server.unlimited``: the web process as ``serve`` runs it, but for the limits on requests."""

from __future__ import annotations

import os

from planner.exchange.today import now
from planner.server.feed_source import FeedSource
from planner.server.process import listen, run
from planner.server.request_limits import Rates
from tests.server.serving import KEY

PLENTY = Rates(per_feed=10_000_000, unknown_per_address=10_000_000)


def main() -> None:
    listening = listen("127.0.0.1", 0)
    source = FeedSource(os.environ["PLANNER_DATABASE_URL"], KEY.encode(), now, PLENTY)
    run(listening, source, None, lambda: print(f"The screens are at {listening.address}", flush=True))


if __name__ == "__main__":
    main()
