"""The layers of docs/architecture.md: who may import whom, and what the scheduling layer must not touch."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = ("protocol", "schedule", "records", "exchange", "capacity", "ui")
"""From the ground up: a layer may import itself and those before it."""

ON_TOP = ("cli", "commands", "server", "__main__")
"""Modules above all layers: they may import any of them, and none of them is imported by a layer."""

MAY_IMPORT_STREAMLIT = ("ui",)

SCREENS_ONLY = frozenset({"streamlit"})
OUTSIDE_WORLD = frozenset(
    {
        "asyncio",
        "ctypes",
        "fileinput",
        "ftplib",
        "glob",
        "http",
        "io",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "pickle",
        "random",
        "requests",
        "secrets",
        "shelve",
        "shutil",
        "socket",
        "sqlalchemy",
        "sqlite3",
        "subprocess",
        "tempfile",
        "time",
        "urllib",
        "urllib3",
        "uuid",
    }
)
"""Modules that read or change something outside, or are different each time: files, networks, databases, clocks, chance."""

HARMLESS = frozenset(
    {
        "os.cpu_count",
        "os.process_cpu_count",
        "os.sched_getaffinity",
        "io.StringIO",
        "io.BytesIO",
        "pathlib.PurePath",
        "pathlib.PurePosixPath",
    }
)
"""Parts of them that answer from memory."""

CLOCKS_AND_FILES = frozenset(
    {
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "date.today",
        "Timestamp.now",
        "Timestamp.today",
        "time.time",
        "time.monotonic",
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "read_csv",
        "read_parquet",
        "to_csv",
        "to_parquet",
        "fromfile",
        "tofile",
        "savez",
        "loadtxt",
    }
)
BARE_CALLS = frozenset({"open", "input", "print", "exec", "eval", "__import__"})

HEAVY = ("pandas", "pyarrow", "streamlit", "icalendar", "altair", "holidays", "caldav", "niquests", "typst", "openpyxl")
"""Libraries that the command line loads only for an answer that needs them: they cost more time than the answer."""

FILES = sorted((ROOT / "planner").rglob("*.py"))


def layer_of(module: str) -> str:
    """``schedule`` for ``planner.schedule.engine``, ``cli`` for ``planner.cli``, "" for ``planner`` itself."""
    return [*module.split("."), ""][1]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Line and full name of all that is imported anywhere in a file of ``package``: ``(3, "os.path")``.

    ``from a import b`` counts as ``a.b``: b may be a module.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from ((node.lineno, alias.name) for alias in node.names)
            case ast.ImportFrom(level=level):
                above = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                base = ".".join([*above, *([node.module] if node.module else [])])
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield node.lineno, name


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of all that is called: ``(7, "np.datetime64")``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def faults(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """What in a module's source breaks the layers, each as a sentence with its line."""
    tree = ast.parse(source)
    layer = layer_of(module)
    found = []
    for line, name in imports(tree, module if is_package else module.rpartition(".")[0]):
        if name.split(".")[0] == "planner":
            found += [f"line {line}: {module} imports {name}, which is above it"] if not may_import(layer, layer_of(name)) else []
        if name.split(".")[0] in SCREENS_ONLY and layer not in MAY_IMPORT_STREAMLIT:
            found.append(f"line {line}: {module} imports {name}; only planner/ui may")
        if layer == "schedule" and name.split(".")[0] in OUTSIDE_WORLD and name not in HARMLESS | {"os", "io"}:
            found.append(f"line {line}: {module} imports {name}; the scheduling layer is pure")
    if layer == "schedule":
        found += [f"line {line}: {module} calls {name}; the scheduling layer is pure" for line, name in calls(tree) if is_impure(name)]
    return found


def may_import(layer: str, other: str) -> bool:
    if other == layer or layer in ON_TOP:
        return True
    return other in LAYERS and layer in LAYERS and LAYERS.index(other) < LAYERS.index(layer)


def is_impure(call: str) -> bool:
    """Whether a call reads a clock, a file, or anything else outside."""
    last_two = ".".join(call.split(".")[-2:])
    if call in BARE_CALLS or last_two in CLOCKS_AND_FILES or call.split(".")[-1] in CLOCKS_AND_FILES:
        return True
    return call.split(".")[0] in {"os", "io"} and call not in HARMLESS


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8"), module_of(path), is_package=path.name == "__init__.py") == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_has_a_layer(path: Path) -> None:
    assert layer_of(module_of(path)) in ("", *LAYERS, *ON_TOP), f"give {path.name} a layer, in docs/architecture.md and here"


def test_the_entry_imports_nothing_but_the_screens() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    assert {layer_of(name) for _, name in imports(tree, "")} == {"ui"}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("planner.protocol.read", "from planner.schedule import days"),
        ("planner.protocol.read", "from ..schedule import days"),
        ("planner.protocol.read", "def f():\n    import planner.cli"),
        ("planner.schedule.engine", "from planner import exchange"),
        ("planner.schedule.engine", "import sqlite3"),
        ("planner.schedule.engine", "from pathlib import Path"),
        ("planner.schedule.engine", "import os\nos.environ.get('HOME')"),
        ("planner.schedule.engine", "text = open('x').read()"),
        ("planner.schedule.engine", "from datetime import date\nday = date.today()"),
        ("planner.schedule.engine", "import datetime\nday = datetime.datetime.now()"),
        ("planner.schedule.engine", "import importlib\nimportlib.import_module('planner.ui')"),
        ("planner.exchange.tables", "import streamlit as st"),
        ("planner.cli", "from streamlit import cache_data"),
        ("planner.server.web", "import streamlit"),
        ("planner.ui.month", "from planner.cli import app"),
    ],
)
def test_a_breach_is_found(module: str, source: str) -> None:
    assert faults(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("planner.schedule.engine", "from planner.protocol.plan import Plan\nfrom . import days\nimport os\nos.cpu_count()"),
        ("planner.exchange.tables", "from ..schedule import days\nfrom pathlib import Path"),
        ("planner.ui.month", "import streamlit as st\nfrom planner.exchange import tables"),
        ("planner.cli", "from planner.ui import month\nfrom planner.schedule.calendar import Calendar"),
    ],
)
def test_what_is_allowed_passes(module: str, source: str) -> None:
    assert not faults(source, module)


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    script = f"import sys, planner.cli; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == [], "importing planner.cli must load none of these; python -X importtime shows who does"
