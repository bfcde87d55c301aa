import errno
import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from planner.exchange.write_file import WriteError, whole_private_file, write_file

ROOT = Path(__file__).parents[2]

TOO_LARGE = """
import resource, sys
from pathlib import Path
from planner.exchange.write_file import WriteError, write_file
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_file(Path(sys.argv[1]), b"n" * 5000)
except WriteError as error:
    print(error)
"""


def test_a_new_file(tmp_path: Path) -> None:
    write_file(tmp_path / "visits.ics", b"BEGIN:VCALENDAR\r\n")
    assert (tmp_path / "visits.ics").read_bytes() == b"BEGIN:VCALENDAR\r\n"
    assert [path.name for path in tmp_path.iterdir()] == ["visits.ics"]


def test_a_new_file_has_the_permissions_that_the_user_gives_new_files(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "visits.ics", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "visits.ics").stat().st_mode) == 0o640


def test_an_existing_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "visits.ics"
    path.write_bytes(b"old and longer")
    path.chmod(0o600)
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("stood_there", [None, 0o644])
def test_a_private_file_is_of_its_owner_only_while_it_is_written_and_after(tmp_path: Path, stood_there: int | None) -> None:
    path = tmp_path / "records.jsonl"
    if stood_there is not None:
        path.write_bytes(b"old")
        path.chmod(stood_there)
    before = os.umask(0o022)
    try:
        with whole_private_file(path) as file:
            file.write(b"new")
            (part,) = tmp_path.glob(".*.part")
            assert stat.S_IMODE(part.stat().st_mode) == 0o600
    finally:
        os.umask(before)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_reader_that_has_the_old_file_open_keeps_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "visits.ics"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        write_file(path, b"new")
        assert reader.read() == b"old"


def test_a_link_goes_on_pointing_at_the_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("visits.ics")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "visits.ics").read_bytes() == b"new"


def test_a_name_without_folder_is_in_the_present_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_file(Path("visits.ics"), b"new")
    assert (tmp_path / "visits.ics").read_bytes() == b"new"


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the write ends in the middle."""
    path = tmp_path / "visits.ics"
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-B", "-c", TOO_LARGE, str(path)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == f"{path} was not written: the disk is full, or your share of it. Free some space and try again.\n"
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["visits.ics"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_device_is_written_directly_and_never_replaced() -> None:
    with pytest.raises(WriteError, match="the disk is full"):
        write_file(Path("/dev/full"), b"n")
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_standard_output_can_be_named() -> None:
    program = "from pathlib import Path; from planner.exchange.write_file import write_file; write_file(Path('/dev/stdout'), b'new')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert done.stdout == b"new"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=rf"there is no folder {tmp_path}/none\. Make it first, or name another\.$"):
        write_file(tmp_path / "none" / "visits.ics", b"")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="is a folder; name a file in it"):
        write_file(tmp_path, b"")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WriteError, match=r"/file is not a folder\.$"):
        write_file(tmp_path / "file" / "visits.ics", b"")


def test_a_name_too_long(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="the name is too long"):
        write_file(tmp_path / ("x" * 300), b"")


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.EACCES, "you may not write in"),
        (errno.EROFS, "you may not write in"),
        (errno.EDQUOT, "your share of it"),
        (errno.EIO, "was not written: Input/output error"),
    ],
)
def test_whatever_fails_at_the_move_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str) -> None:
    path = tmp_path / "visits.ics"
    path.write_bytes(b"old")

    def fails(self: Path, target: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(WriteError, match=message):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["visits.ics"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(WriteError, match="you may not write in"):
            write_file(tmp_path / "visits.ics", b"")
    finally:
        tmp_path.chmod(0o700)
