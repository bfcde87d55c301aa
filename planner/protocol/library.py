"""Protocol files: found by name in ``protocols/`` or by path, and read as text."""

from __future__ import annotations

from pathlib import Path

from planner.protocol.errors import ProtocolError, ProtocolErrors, did_you_mean, quoted
from planner.protocol.located_yaml import MOST_BYTES
from planner.protocol.model import Protocol
from planner.protocol.read import read_protocol
from planner.protocol.said import said

PROTOCOLS = Path(__file__).resolve().parents[2] / "protocols"
_ENDINGS = (".yaml", ".yml")


def known_protocols(folder: Path = PROTOCOLS) -> tuple[str, ...]:
    """The names of the protocols in the folder, sorted; none if there is no folder."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.stem for path in folder.iterdir() if path.suffix in _ENDINGS and path.is_file()))


def protocol_path(name_or_path: str, folder: Path = PROTOCOLS) -> Path:
    """The file of a protocol: a name in the folder, else a path. Raises ProtocolErrors (file-not-found) with the nearest name."""
    if name_or_path and not {"/", "\\", "\0"} & set(name_or_path):
        for ending in _ENDINGS:
            named = folder / f"{name_or_path}{ending}"
            if _exists(named):
                return named
    path = Path(name_or_path)
    if name_or_path and _exists(path):
        return path
    names = known_protocols(folder)
    hint = did_you_mean(path.stem, names, said("files in protocols/"))
    raise _error(
        name_or_path,
        "file-not-found",
        said("there is no file and no protocol called {name_or_path}; {hint}", name_or_path=quoted(name_or_path), hint=hint),
    )


def protocol_text(path: Path) -> str:
    """The text of a file, in UTF-8 with or without a byte order mark. Raises ProtocolErrors where it cannot be read as that."""
    name = str(path)
    if path.is_dir():
        raise _error(name, "file-unreadable", said("this is a directory; name one file in it"))
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _error(
            name, "file-unreadable", said("the file cannot be read ({strerror}); check its permissions", strerror=error.strerror)
        ) from None
    return text_of(data, name)


def text_of(data: bytes, name: str) -> str:
    """The text that a file's bytes are; ``name`` is the file's, for messages. Raises ProtocolErrors where they are no text in UTF-8."""
    if len(data) > MOST_BYTES:
        raise _error(name, "too-large", said("larger than 1 MB; a protocol has a few dozen kB at most"))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _error(name, "not-text", said("the file is in UTF-16; save it as UTF-8"))
    if b"\0" in data:
        raise _error(name, "not-text", said("this is a binary file; a protocol is YAML text in UTF-8"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        message = said("the byte 0x{data:02X} is not UTF-8; save the file as UTF-8", data=data[error.start])
        raise ProtocolErrors([ProtocolError(line, column, "not-text", message, name)]) from None


def load_protocol(name_or_path: str, folder: Path = PROTOCOLS) -> Protocol:
    """The protocol of that name or at that path. Raises ProtocolErrors with every fault."""
    path = protocol_path(name_or_path, folder)
    return read_protocol(protocol_text(path), str(path))


def _exists(path: Path) -> bool:
    """Whether something is there; what cannot be a path (too long, with a NUL) is not."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _error(file: str, code: str, message: str) -> ProtocolErrors:
    return ProtocolErrors([ProtocolError(1, 1, code, message, file)])
