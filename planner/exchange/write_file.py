"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path


class WriteError(Exception):
    """A file could not be written; the text says why and what would be right. What stood there before is untouched."""


def write_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``: written beside it first, then moved, so that no reader ever sees a part of it.

    An existing file keeps its permissions, a link keeps pointing at the file. A device or pipe (``/dev/stdout``) is written directly.
    Raises WriteError.
    """
    try:
        if path.is_dir():
            raise WriteError(f"{path} is a folder; name a file in it.")
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            _replace(path.resolve(), content)
    except OSError as error:
        raise WriteError(_reason(path, error)) from error


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if path.exists():
                part.chmod(path.stat().st_mode & 0o7777)
            file.write(content)
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
            return f"{path} cannot be written: no file can be made in {folder}. Name another folder."
        case errno.ENOENT:
            return f"{path} cannot be written: there is no folder {folder}. Make it first, or name another."
        case errno.ENOTDIR:
            return f"{path} cannot be written: {folder} is not a folder."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"{path} cannot be written: you may not write in {folder}. Name another folder, or have that permission given."
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return f"{path} was not written: the disk is full, or your share of it. Free some space and try again."
        case errno.ENAMETOOLONG:
            return f"{path} cannot be written: the name is too long."
        case _:
            return f"{path} was not written: {error.strerror}."
