"""``caldav push`` or ``caldav pull`` in a process of its own, on a given day: ``python -m ...caldav.calling DAY push ...``."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

ROOT = Path(__file__).parents[3]


def start(day: date, *words: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The command, running."""
    call = [sys.executable, "-W", "error", "-m", "tests.exchange.caldav.calling", day.isoformat(), *words]
    return subprocess.Popen(call, cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(day: str, words: list[str]) -> None:
    import typer

    from planner.commands.once import OnceCommand
    from planner.commands.records.caldav_ import pull, push
    from planner.exchange import today

    now = datetime.combine(date.fromisoformat(day), time(5), UTC)
    today.now = lambda: now  # type: ignore[assignment]
    app = typer.Typer()
    app.command("push", cls=OnceCommand)(push)
    app.command("pull", cls=OnceCommand)(pull)
    app(words)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2:])
