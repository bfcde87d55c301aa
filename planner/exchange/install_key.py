"""The install key: a secret made once per installation, from which the UIDs of calendar events are derived."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from planner.protocol.said import said

ENVIRONMENT_VARIABLE = "PLANNER_INSTALL_KEY"
FOLDER_NAME = "trial-visit-planner"
FILE_NAME = "install-key"
SHORTEST = 32
"""Characters that a key must have at least."""


class InstallKeyError(Exception):
    """The install key can be neither read nor made; the text says what would mend it."""


def install_key(environment: Mapping[str, str] = os.environ) -> bytes:
    """The key of this installation, made on first use.

    It is the text of ``PLANNER_INSTALL_KEY`` if that is set, else of the file ``install-key`` in the user's configuration folder; so the
    content of the file may be copied into the variable. Raises InstallKeyError.
    """
    given = environment.get(ENVIRONMENT_VARIABLE, "").strip()
    if given:
        return _checked(given, ENVIRONMENT_VARIABLE)
    path = key_file(environment)
    try:
        if not path.exists():
            _make(path)
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise InstallKeyError(
                said("The install key {path} can be read by others. Make it yours alone: chmod 600 '{path}'", path=str(path))
            )
        return _checked(path.read_text(encoding="ascii").strip(), str(path))
    except UnicodeDecodeError as error:
        raise InstallKeyError(
            said("The install key {path} holds something else than a key. Restore it from a backup.", path=str(path))
        ) from error
    except OSError as error:
        raise InstallKeyError(
            said(
                "The install key {path} can be neither read nor made: {strerror}. Make its folder writable for you, or "
                "set {environment_variable} to a secret of at least {shortest} characters.",
                path=str(path),
                strerror=error.strerror,
                environment_variable=ENVIRONMENT_VARIABLE,
                shortest=SHORTEST,
            )
        ) from error


def key_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the key is kept: under ``XDG_CONFIG_HOME`` if that is an absolute path, else under ``~/.config``."""
    given = environment.get("XDG_CONFIG_HOME", "")
    if given and Path(given).is_absolute():
        return Path(given) / FOLDER_NAME / FILE_NAME
    try:
        home = Path(environment["HOME"]) if environment.get("HOME") else Path.home()
    except RuntimeError as error:
        raise InstallKeyError(
            said(
                "There is no home folder to keep the install key in. Set {environment_variable} to a secret of at least "
                "{shortest} characters.",
                environment_variable=ENVIRONMENT_VARIABLE,
                shortest=SHORTEST,
            )
        ) from error
    return home / ".config" / FOLDER_NAME / FILE_NAME


def _make(path: Path) -> None:
    """Write a new key in full beside ``path``, then give it that name, unless another process was first: then its key stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _checked(key: str, where: str) -> bytes:
    if len(key) < SHORTEST:
        raise InstallKeyError(
            said(
                "The install key in {where} has {count} characters; at least {shortest} are needed. A new key gives all "
                "calendar events new UIDs, so restore the old one if there was one.",
                where=where,
                count=len(key),
                shortest=SHORTEST,
            )
        )
    return key.encode("utf-8", "surrogateescape")
