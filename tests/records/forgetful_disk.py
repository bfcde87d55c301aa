"""A disk that forgets at a power cut what was not synced: a file system in memory (FUSE), in a process of its own.

``mkdir cut`` in it cuts the power. What a disk then holds is written to a folder: of each file what was there at its last sync, and of
the writes since then, as chance has it, some and not others, as a disk with a cache does. From then on every call fails, so nothing
that is promised later counts. Names are durable at once, which is what a disk with a journal gives to whoever syncs the file.

    python -m tests.records.forgetful_disk MOUNTPOINT FOLDER-TO-LEAVE SEED SURVIVING BYTES
"""

from __future__ import annotations

import errno
import os
import random
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mfusepy

CUT = "cut"
SECONDS_TO_MOUNT = 20


@dataclass
class File:
    """What programs see, what the disk holds for sure, and what was written between the two."""

    seen: bytearray = field(default_factory=bytearray)
    synced: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes (offset, bytes) and changes of the length (length, None)."""

    def change(self, offset: int, data: bytes | None) -> None:
        """Write, or cut or lengthen."""
        self.since.append((offset, data))
        apply(self.seen, offset, data)

    def sync(self) -> None:
        """Hold for sure all that programs see."""
        for offset, data in self.since:
            apply(self.synced, offset, data)
        self.since.clear()

    def left(self, chance: random.Random, surviving: float) -> bytes:
        """What a disk holds that was stopped now, where each unsynced change got there with this probability."""
        held = bytearray(self.synced)
        for offset, data in self.since:
            if chance.random() < surviving:
                apply(held, offset, data)
        return bytes(held)


def apply(content: bytearray, offset: int, data: bytes | None) -> None:
    """Do a change to a content."""
    end = offset + len(data or b"")
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset:end] = data


class ForgetfulDisk(mfusepy.Operations):  # type: ignore[misc]  # mfusepy has no types
    """One folder of files."""

    use_ns = True

    def __init__(self, leave: Path, chance: random.Random, surviving: float, size: int) -> None:
        self.files: dict[str, File] = {}
        self.leave = leave
        self.chance = chance
        self.surviving = surviving
        self.size = size
        self.is_cut = False

    def file(self, path: str) -> File:
        if self.is_cut:
            raise mfusepy.FuseOSError(errno.EIO)
        if path not in self.files:
            raise mfusepy.FuseOSError(errno.ENOENT)
        return self.files[path]

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        owner = {"st_uid": os.getuid(), "st_gid": os.getgid()}
        if path == "/" or (path == f"/{CUT}" and self.is_cut):
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2, **owner}
        return {"st_mode": stat.S_IFREG | 0o644, "st_nlink": 1, "st_size": len(self.file(path).seen), **owner}

    def readdir(self, path: str, fh: int) -> list[str]:
        return [".", "..", *(name[1:] for name in self.files)]

    def create(self, path: str, mode: int, fi: object = None) -> int:
        if self.is_cut:
            raise mfusepy.FuseOSError(errno.EIO)
        self.files[path] = File()
        return 0

    def open(self, path: str, flags: int) -> int:
        self.file(path)
        return 0

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self.file(path).seen[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        file = self.file(path)
        growth = offset + len(data) - len(file.seen)
        if growth > 0 and sum(len(each.seen) for each in self.files.values()) + growth > self.size:
            raise mfusepy.FuseOSError(errno.ENOSPC)
        file.change(offset, data)
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        self.file(path).change(length, None)
        return 0

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        self.file(path).sync()
        return 0

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        return 0

    def unlink(self, path: str) -> int:
        self.file(path)
        del self.files[path]
        return 0

    def rename(self, old: str, new: str) -> int:
        self.files[new] = self.file(old)
        del self.files[old]
        return 0

    def chmod(self, path: str, mode: int) -> int:
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        return 0

    def utimens(self, path: str, times: object = None) -> int:
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        return {"f_bsize": 4096, "f_blocks": self.size // 4096, "f_bavail": self.size // 4096, "f_bfree": self.size // 4096}

    def mkdir(self, path: str, mode: int) -> int:
        assert path == f"/{CUT}"
        self.is_cut = True
        for name, file in self.files.items():
            if not name.endswith("-shm"):  # memory that processes share, no part of what a disk keeps
                (self.leave / name[1:]).write_bytes(file.left(self.chance, self.surviving))
        return 0


class NoFuseError(Exception):
    """This machine does not let us make a file system; the text says why."""


@contextmanager
def forgetful_disk(mount: Path, leave: Path, seed: int = 0, surviving: float = 0.0, size: int = 1 << 30) -> Iterator[None]:
    """A disk that is mounted at a folder and leaves what it held at the power cut in another. Raises NoFuseError."""
    command = [sys.executable, "-m", "tests.records.forgetful_disk", mount, leave, str(seed), str(surviving), str(size)]
    disk = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        until = time.monotonic() + SECONDS_TO_MOUNT
        while not os.path.ismount(mount):
            if disk.poll() is not None or time.monotonic() > until:
                disk.kill()
                raise NoFuseError(f"no file system can be mounted here (install Debian's fuse3): {disk.communicate()[0][-400:]}")
            time.sleep(0.01)
        yield
    finally:
        if os.path.ismount(mount):
            subprocess.run(["fusermount3", "-u", "-z", mount], check=False)
        disk.kill()
        disk.communicate()


if __name__ == "__main__":
    mountpoint, left_in, seed, surviving, size = sys.argv[1:]
    operations = ForgetfulDisk(Path(left_in), random.Random(int(seed)), float(surviving), int(size))
    mfusepy.FUSE(operations, mountpoint, foreground=True, nothreads=True)
