"""``python -m planner``: the command line."""

import os

# numpy's linear algebra is not used here, and starting its threads costs more than a small answer.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from planner.cli import main

if __name__ == "__main__":
    main()
