"""PostgreSQL servers for the tests: Debian's programs, data in a folder of their own, reachable from this machine only.

One server serves all tests of a session, whichever of pytest-xdist's processes they run in. It is stopped, and its folder removed, when
the last of these processes ends, in whatever way: each holds a lock that the kernel releases, and a small shell waits for it.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql

ACCOUNT = "planner"
SECONDS_TO_START = 60

FAST_AND_UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Settings for databases that nobody misses after a power cut."""


class NoPostgreSQLError(Exception):
    """PostgreSQL's programs are not on this machine; the text says what to do."""


def programs() -> Path:
    """The folder of the programs: ``$POSTGRESQL``, else the newest of Debian, else where PATH finds them. Raises NoPostgreSQLError."""
    if named := os.environ.get("POSTGRESQL"):
        folders = [Path(named)]
    else:
        on_path = shutil.which("initdb")
        debian = sorted(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name.partition(".")[0]), reverse=True
        )
        folders = [*debian, *([Path(on_path).resolve().parent] if on_path else [])]
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgreSQLError(
        "No PostgreSQL server: install Debian's (apt-get install postgresql) or set POSTGRESQL to the folder of its programs."
    )


@dataclass(frozen=True)
class Server:
    """A running server: where its data is, where it listens, and who may come in."""

    folder: Path
    port: int
    password: str
    process: int

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://{ACCOUNT}:{self.password}@127.0.0.1:{self.port}/{database}"

    def administer(self, statement: str, *names: str) -> None:
        """Run a statement that cannot be in a transaction; each ``{}`` in it is one of these names."""
        with psycopg.connect(self.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]  # the texts are this project's own

    def kill(self) -> None:
        """End every process of the server at once, as a machine that stops would (but for its page cache, which stays)."""
        processes = [self.process, *children(self.process)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        wait_until_gone(*processes)

    def stop(self) -> None:
        """Stop the server without waiting for its clients."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGQUIT)
        wait_until_gone(self.process)


def children(process: int) -> list[int]:
    """The processes that a process has started (PostgreSQL makes each a group of its own)."""
    return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]


def is_running(process: int) -> bool:
    """Whether there is such a process and it is more than an entry that nobody has asked about yet (a zombie)."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def wait_until_gone(*processes: int) -> None:
    """Return once none of these processes runs any more; our own children among them are asked about."""
    until = time.monotonic() + SECONDS_TO_START
    for process in processes:
        while is_running(process):
            if time.monotonic() > until:
                raise TimeoutError(f"The process {process} of a PostgreSQL server does not end.")
            time.sleep(0.01)
        with suppress(ChildProcessError):
            os.waitpid(process, 0)


def unprivileged() -> dict[str, object]:
    """How to start a process that is not root's (PostgreSQL refuses to run as root): arguments for subprocess."""
    if os.getuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def make_cluster(folder: Path, password: str) -> None:
    """Make the data of a new server in an empty folder, which becomes the property of the account it will run as."""
    account = unprivileged()
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    if account:
        for path in (folder, secret):
            os.chown(path, int(str(account["user"])), int(str(account["group"])))
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", f"--username={ACCOUNT}", f"--pwfile={secret}", "--no-sync"]
    made = subprocess.run(
        [programs() / "initdb", f"--pgdata={folder / 'data'}", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        check=False,
        **account,  # type: ignore[call-overload]
    )
    assert made.returncode == 0, f"PostgreSQL's initdb failed:\n{made.stdout}"


def launch(folder: Path, password: str, settings: Sequence[str] = (), port: int | None = None) -> Server:
    """Start a server on the data in a folder and return once it answers; at ``port``, else at a free one."""
    for _ in range(5):
        chosen = port or free_port()
        options = [f"port={chosen}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "max_connections=200", *settings]
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [programs() / "postgres", "-D", folder / "data", *(word for option in options for word in ("-c", option))],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,
                **unprivileged(),  # type: ignore[call-overload]
            )
        server = Server(folder, chosen, password, process.pid)
        until = time.monotonic() + SECONDS_TO_START
        while process.poll() is None and time.monotonic() < until:
            if answers(server):
                process.returncode = 0  # it outlives this object on purpose: `Server` has its number
                return server
            time.sleep(0.05)
        server.stop()
    raise AssertionError(f"PostgreSQL does not start:\n{(folder / 'log').read_text(encoding='utf-8', errors='replace')[-4000:]}")


def free_port() -> int:
    """A TCP port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(server: Server) -> bool:
    """Whether it is this very server (it knows the password) that answers at the port, and that it is ready."""
    try:
        psycopg.connect(server.url().replace("+psycopg", ""), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def private_server(settings: Sequence[str] = ()) -> Iterator[Server]:
    """A server for one test that needs its own; whatever runs on its data at the end is stopped."""
    programs()
    folder, users = guarded_folder()
    password = secrets.token_hex(16)
    try:
        make_cluster(folder, password)
        yield launch(folder, password, settings)
    finally:
        stop_whatever_runs(folder)
        os.close(users)


def restart(server: Server, settings: Sequence[str] = ()) -> Server:
    """Start a server that was killed or stopped, on the same data, at the same port."""
    return launch(server.folder, server.password, settings, server.port)


def stop_whatever_runs(folder: Path) -> None:
    """Stop the server that has this folder's data open, if there is one."""
    with suppress(FileNotFoundError):
        number = int((folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
        Server(folder, 0, "", number).stop()


# --- nothing is left behind ---------------------------------------------------------------------------------------

CLEAR_AWAY_WHEN_UNUSED = """
exec 9<> "$1/users"
flock --exclusive 9
if read -r server < "$1/data/postmaster.pid" && grep -q "$1" "/proc/$server/cmdline"; then
  kill -QUIT "$server"
  while kill -0 "$server"; do sleep 0.1; done
fi
rm -rf "$1"
"""


def guarded_folder() -> tuple[Path, int]:
    """A folder for a server's data, and the open file that keeps it: once no process has that open, server and folder are cleared away."""
    folder = Path(tempfile.mkdtemp(prefix="planner-postgresql-"))
    users = os.open(folder / "users", os.O_RDWR | os.O_CREAT)
    fcntl.flock(users, fcntl.LOCK_SH)
    subprocess.Popen(
        ["/bin/sh", "-c", CLEAR_AWAY_WHEN_UNUSED, "clear-away-when-unused", folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ).returncode = 0  # it outlives this object on purpose
    return folder, users


# --- the server that all tests of a session share -----------------------------------------------------------------


def shared_server(session: Path) -> Server:
    """The server of the test session whose folder this is: the one that runs, else a new one. Raises NoPostgreSQLError.

    This process counts among its users until it ends.
    """
    programs()
    note = session / "postgresql.json"
    with (session / "postgresql.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if note.exists():
            known = json.loads(note.read_text(encoding="utf-8"))
            server = Server(**{**known, "folder": Path(known["folder"])})
            if use(server):
                return server
        server = start_shared()
        note.write_text(json.dumps({**asdict(server), "folder": str(server.folder)}), encoding="utf-8")
        return server


def start_shared() -> Server:
    """Start a server that stops once nobody uses it; this process is its first user."""
    folder, users = guarded_folder()
    password = secrets.token_hex(16)
    try:
        make_cluster(folder, password)
        return launch(folder, password, FAST_AND_UNSAFE)
    except BaseException:
        os.close(users)
        raise


def use(server: Server) -> bool:
    """Keep the server running until this process ends; False if it is being stopped or is gone."""
    try:
        users = os.open(server.folder / "users", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(users, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(users)
        return False
    # The lock lives as long as this descriptor, which is left open; a file that was removed meanwhile locks nothing.
    return os.fstat(users).st_nlink > 0 and answers(server)
