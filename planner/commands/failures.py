"""How a command fails: sentences on standard error and an exit code, never a traceback."""

from __future__ import annotations

import functools
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from typing import ParamSpec

import typer

INPUT_IS_WRONG = 1
CALL_IS_WRONG = 2
PLANNER_IS_WRONG = 70
STOPPED = 130
READER_IS_GONE = 141

Arguments = ParamSpec("Arguments")

_log = logging.getLogger("planner")


class Failure(Exception):
    """Something a person has to mend; ``messages`` are shown a line each."""

    exit_code = INPUT_IS_WRONG

    def __init__(self, messages: Iterable[str], closing: str | None = None) -> None:
        """Keep all messages; ``closing`` is said after them, however many there are."""
        self.messages = tuple(messages)
        self.closing = closing
        super().__init__("\n".join(self.messages))


class InputWrong(Failure):
    """A file, a value, or facts that do not fit the protocol: exit code 1."""


class CallWrong(Failure):
    """Options that are missing, malformed or do not go together: exit code 2."""

    exit_code = CALL_IS_WRONG


def command(function: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """``function`` as a command: whatever it raises becomes lines on standard error and an exit code."""

    @functools.wraps(function)
    def run(*arguments: Arguments.args, **options: Arguments.kwargs) -> None:
        try:
            function(*arguments, **options)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except BrokenPipeError:
            _close_standard_output()
            raise typer.Exit(READER_IS_GONE) from None
        except KeyboardInterrupt:
            say("Stopped; nothing more was written.")
            raise typer.Exit(STOPPED) from None
        except Exception as error:
            messages, code = account_of(error)
            say_all(messages)
            if isinstance(error, Failure) and error.closing is not None:
                say(error.closing)
            raise typer.Exit(code) from None

    return run


def account_of(error: Exception) -> tuple[tuple[str, ...], int]:
    """What to say of an exception, and the exit code."""
    if isinstance(error, Failure):
        return error.messages, error.exit_code
    if _is_for_the_user(error):
        return tuple(str(error).splitlines()), INPUT_IS_WRONG
    # The message of an unforeseen exception may hold a subject's data, so only its kind and place are logged.
    _log.debug("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {os.path.basename(place.filename)}, line {place.lineno}"
    again = "run it again as `python -m planner --debug ...` for details without subject data, and report them"
    return (f"The planner itself failed ({where}); your input is untouched. Please {again}.",), PLANNER_IS_WRONG


def say_all(messages: Sequence[str], most: int = 200) -> None:
    """A line each on standard error; of more than ``most`` the first ones, and how many there are besides."""
    for message in messages[:most]:
        say(message)
    if len(messages) > most:
        say(f"and {len(messages) - most} more")


def say(message: str) -> None:
    """One line on standard error; characters that could steer a terminal are shown as ``?``."""
    typer.echo("".join(character if character.isprintable() else "?" for character in message), err=True)


def _is_for_the_user(error: Exception) -> bool:
    """Whether the exception's own text was written for the person at the keyboard."""
    from planner.exchange.install_key import InstallKeyError
    from planner.exchange.time_zones import UnknownZoneError
    from planner.exchange.write_file import WriteError
    from planner.protocol.errors import ProtocolErrors
    from planner.records.errors import RecordsError
    from planner.schedule.calendar import CalendarError
    from planner.schedule.expand import NoOpenDayError

    return isinstance(
        error, RecordsError | ProtocolErrors | CalendarError | NoOpenDayError | WriteError | InstallKeyError | UnknownZoneError
    )


def _close_standard_output() -> None:
    """Point standard output at nothing, so that Python does not complain about the closed pipe when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        # A stream without a file behind it (as in a test) needs no such care.
        return
