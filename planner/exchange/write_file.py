"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from planner.protocol.said import said


class WriteError(Exception):
    """A file could not be written; the text says why and what would be right. What stood there before is untouched."""


def write_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, as ``whole_file`` does. Raises WriteError."""
    with whole_file(path) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that stands at ``path`` once the block ends: written beside it first, then moved, so that no reader sees a part.

    Nothing is left of it if the block raises. An existing file keeps its permissions, a link keeps pointing at the file. A device or pipe
    (``/dev/stdout``) is written directly. Raises WriteError.
    """
    with _whole(path, _replaced) as file:
        yield file


@contextmanager
def whole_private_file(path: Path) -> Iterator[BinaryIO]:
    """The same, of its owner only, whatever permissions a file had that stood there. Raises WriteError."""
    with _whole(path, _replaced_privately) as file:
        yield file


@contextmanager
def _whole(path: Path, replaced: Callable[[Path], AbstractContextManager[BinaryIO]]) -> Iterator[BinaryIO]:
    try:
        if path.is_dir():
            raise WriteError(said("{path} is a folder; name a file in it.", path=str(path)))
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
        else:
            with replaced(path.resolve()) as part:
                yield part
    except OSError as error:
        raise WriteError(_reason(path, error)) from error


def _replaced(path: Path) -> AbstractContextManager[BinaryIO]:
    return _moved_into(path, 0o666, path.stat().st_mode & 0o7777 if path.exists() else None)


def _replaced_privately(path: Path) -> AbstractContextManager[BinaryIO]:
    return _moved_into(path, 0o600, None)


@contextmanager
def _moved_into(path: Path, created: int, permissions: int | None) -> Iterator[BinaryIO]:
    """A file beside ``path``, made with the mode ``created`` less the umask, or given ``permissions``; in the end it takes its place."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, created)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if permissions is not None:
                part.chmod(permissions)
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _reason(path: Path, error: OSError) -> str:
    folder = path.parent
    match error.errno:
        case errno.ENOENT if folder.is_dir():
            return said(
                "{path} cannot be written: no file can be made in {folder}. Name another folder.", path=str(path), folder=str(folder)
            )
        case errno.ENOENT:
            return said(
                "{path} cannot be written: there is no folder {folder}. Make it first, or name another.", path=str(path), folder=str(folder)
            )
        case errno.ENOTDIR:
            return said("{path} cannot be written: {folder} is not a folder.", path=str(path), folder=str(folder))
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return said(
                "{path} cannot be written: you may not write in {folder}. Name another folder, or have that permission given.",
                path=str(path),
                folder=str(folder),
            )
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return said("{path} was not written: the disk is full, or your share of it. Free some space and try again.", path=str(path))
        case errno.ENAMETOOLONG:
            return said("{path} cannot be written: the name is too long.", path=str(path))
        case _:
            return said("{path} was not written: {strerror}.", path=str(path), strerror=error.strerror)
