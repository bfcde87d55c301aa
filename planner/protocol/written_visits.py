"""One entry of ``visits:`` with its ``first:`` or ``then:`` laid over it: each key's value, and the place it was written at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from planner.protocol.file_shape import VisitEntry, VisitKeys
from planner.protocol.located_yaml import Path

_ALTERNATIVES = (("at", "start", "is"), ("window", "within"))
"""Keys of which one replaces the others."""


@dataclass(frozen=True, slots=True)
class WrittenVisit:
    """The keys that hold for one member (the first, or all later ones), with the path of each."""

    path: Path
    values: Mapping[str, Any]
    paths: Mapping[str, Path]
    is_first: bool

    def get(self, key: str) -> Any:
        """The value of a key, None where it is not written."""
        return self.values.get(key)

    def place(self, key: str) -> Path:
        """The path of a key's value; of the entry where it is not written."""
        return self.paths.get(key, self.path)


def written_visit(index: int, entry: VisitEntry, block: Literal["first", "then"]) -> WrittenVisit:
    """The entry's own keys, overridden by those of the block."""
    path: Path = ("visits", index)
    values, paths = _written(entry, path)
    override = entry.first if block == "first" else entry.then
    if override is not None:
        own_values, own_paths = _written(override, (*path, block))
        for group in _ALTERNATIVES:
            if any(key in own_values for key in group):
                for key in group:
                    values.pop(key, None)
        values |= own_values
        paths |= own_paths
    return WrittenVisit(path, values, paths, block == "first")


def _written(keys: VisitKeys, path: Path) -> tuple[dict[str, Any], dict[str, Path]]:
    values = {}
    for name, info in VisitKeys.model_fields.items():
        value = getattr(keys, name)
        if value is not None:
            values[info.alias or name] = value
    return values, {key: (*path, key) for key in values}
