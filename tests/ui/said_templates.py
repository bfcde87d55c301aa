"""The messages in a file's text: templates of sentences made with ``said``, and what screens say with ``t`` and ``tn``."""

import ast
from collections.abc import Iterator
from pathlib import Path

_MAKERS = {"planner.protocol.said": ("said", "Said"), "planner.ui.language": ("t", "tn")}
_PLURALS = "tn"


def templates_in(path: Path) -> set[str]:
    """Every text that may stand where a message is asked for: written there, named, or looked up in a table of the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    makers = set(_makers(tree))
    named = _named(tree)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers and node.args:
            for argument in node.args[: 2 if node.func.id == _PLURALS else 1]:
                found.update(_texts(argument, named, frozenset()))
    return found


def _makers(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in _MAKERS:
            yield from (alias.asname or alias.name for alias in node.names if alias.name in _MAKERS[node.module])


def _named(tree: ast.Module) -> dict[str, list[ast.expr]]:
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                named.setdefault(target.id, []).append(node.value)
    return named


def _texts(node: ast.expr, named: dict[str, list[ast.expr]], seen: frozenset[str]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body, named, seen)
            yield from _texts(orelse, named, seen)
        case ast.Dict(values=values):
            for value in values:
                yield from _texts(value, named, seen)
        case ast.Name(id=name) if name not in seen:
            for value in named.get(name, []):
                yield from _texts(value, named, seen | {name})
        case ast.Subscript(value=table):
            yield from _texts(table, named, seen)
        case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, *others]):
            for part in (table, *others):
                yield from _texts(part, named, seen)
