"""Protocol files are found by name or path; what cannot be read as text says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.protocol.errors import ProtocolErrors
from planner.protocol.library import known_protocols, load_protocol, protocol_path, protocol_text
from tests.protocol.small_protocols import SMALL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "other.yml").write_text(SMALL, encoding="utf-8-sig")
    (tmp_path / "notes.txt").write_text("no protocol", encoding="utf-8")
    return tmp_path


def refused(data: bytes, tmp_path: Path) -> str:
    path = tmp_path / "file.yaml"
    path.write_bytes(data)
    with pytest.raises(ProtocolErrors) as found:
        protocol_text(path)
    [error] = found.value.errors
    return f"{error.line}:{error.column}: {error.code}: {error.message}"


def test_names_and_paths(folder: Path) -> None:
    assert known_protocols(folder) == ("other", "small")
    assert protocol_path("small", folder) == folder / "small.yaml"
    assert load_protocol("other", folder) == load_protocol(str(folder / "small.yaml"), folder)
    assert known_protocols(folder / "nowhere") == ()


def test_the_projects_own_protocols_load() -> None:
    assert {"crlm", "ulrrc"} <= set(known_protocols())
    for name in known_protocols():
        assert load_protocol(name).id == name


@pytest.mark.parametrize("name", ["smal", "Small", "dir/smal.yaml", "smal.yaml"])
def test_a_missing_file_names_the_nearest(name: str, folder: Path) -> None:
    with pytest.raises(ProtocolErrors, match=r"file-not-found: .*did you mean `small`"):
        protocol_path(name, folder)


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\0b", "/nowhere/at/all"])
def test_names_that_cannot_be_files(name: str, folder: Path) -> None:
    with pytest.raises(ProtocolErrors, match="file-not-found"):
        protocol_path(name, folder)


def test_files_that_are_no_text(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ProtocolErrors, match="file-unreadable: this is a directory"):
        protocol_text(folder)
    assert refused(b"\x7fELF\0\0", tmp_path).startswith("1:1: not-text: this is a binary file")
    assert refused("a: b".encode("utf-16"), tmp_path) == "1:1: not-text: the file is in UTF-16; save it as UTF-8"
    assert refused("a: b\ntitle: Prüfung".encode("latin-1"), tmp_path).startswith("2:10: not-text: the byte 0xFC is not UTF-8")
    assert refused(b"a" * 1_000_001, tmp_path).startswith("1:1: too-large")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "closed.yaml"
    path.write_text("a: b", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ProtocolErrors, match="file-unreadable: the file cannot be read \\(Permission denied\\)"):
        protocol_text(path)
