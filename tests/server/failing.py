"""``python -m tests.server.failing WHAT TOKEN``: the web process with a part of it that raises the token in its message."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any, NoReturn

from planner.exchange.today import now
from planner.server import feed_answers, feed_cache, same_origin
from planner.server.feed_source import FeedSource
from planner.server.process import listen, run
from tests.server.serving import KEY


def main() -> None:
    what, token = sys.argv[1:]

    def fail(*given: Any, **named: Any) -> NoReturn:
        raise RuntimeError(f"no way to /feed/{token}.ics, that is {token}")

    if what == "building":
        feed_cache.feed_parts = fail
    elif what == "handler":
        feed_answers.FeedAnswers._response = fail  # type: ignore[method-assign]
    elif what == "screens":
        same_origin.SameOrigin.__call__ = fail  # type: ignore[method-assign]
    # uvicorn's most verbose level shows the scope of every request.
    logging.basicConfig(level=5, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    listening = listen("127.0.0.1", 0)
    source = FeedSource(os.environ["PLANNER_DATABASE_URL"], KEY.encode(), now)
    run(listening, source, None, lambda: print(f"The screens are at {listening.address}", flush=True))


if __name__ == "__main__":
    main()
