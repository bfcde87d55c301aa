"""``python -m planner``: the command line."""

import os
import sys


def run() -> None:
    """Load the command line and run it; Ctrl-C while it loads is quiet too."""
    # numpy's linear algebra is not used here, and starting its threads costs more time than a small answer.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from planner.cli import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run()
