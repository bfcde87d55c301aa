"""The format's page and schema say what the reader does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from planner.protocol.errors import CODES
from planner.protocol.file_shape import ProtocolShape, RepeatShape, VisitEntry
from planner.protocol.library import PROTOCOLS, known_protocols
from planner.protocol.located_yaml import locate_yaml
from planner.protocol.schema import SCHEMA_FILE, schema_text
from planner.protocol.warnings import WARNING_CODES
from tests.protocol.small_protocols import SMALL

PAGE = (Path(__file__).parents[2] / "docs" / "protocol-format.md").read_text(encoding="utf-8")


def test_every_code_is_in_the_tables_with_its_meaning() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", PAGE[PAGE.index("## Errors") :], flags=re.MULTILINE)
    assert dict(rows) == CODES | WARNING_CODES
    assert len(rows) == len(CODES) + len(WARNING_CODES)


def test_every_key_is_named() -> None:
    for model in (ProtocolShape, VisitEntry, RepeatShape):
        for name, info in model.model_fields.items():
            assert re.search(rf"[`{{, ]{info.alias or name}[`:,]", PAGE), name


def test_the_examples_are_yaml_and_their_sections_fit_the_schema() -> None:
    schema = json.loads(schema_text())
    sections = 0
    for block in re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL):
        if re.match(r"(parameters|milestones|decisions|activities|checks|language):", block):
            sections += 1
            key, value = next(iter(locate_yaml(block, "page").data.items()))
            part = {**schema["properties"][key], "$defs": schema["$defs"]}
            jsonschema.validate(value, part)
    assert sections == 6


def test_the_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run: make schema"


def test_the_schema_is_printed_and_not_written() -> None:
    changed = SCHEMA_FILE.stat().st_mtime_ns
    printed = subprocess.run([sys.executable, "-m", "planner.protocol.schema"], cwd=SCHEMA_FILE.parents[1], capture_output=True, check=True)
    assert printed.stdout == SCHEMA_FILE.read_bytes()
    assert SCHEMA_FILE.stat().st_mtime_ns == changed


@pytest.mark.parametrize("name", [*known_protocols(), ""])
def test_the_schema_accepts_what_the_reader_accepts(name: str) -> None:
    text = (PROTOCOLS / f"{name}.yaml").read_text(encoding="utf-8") if name else SMALL
    jsonschema.validate(locate_yaml(text, "p.yaml").data, json.loads(schema_text()))


@pytest.mark.parametrize(
    "edit",
    [("redo: true", "redoo: true"), ("kind: reminder", "kind: reminders"), ("minutes: 240", "minutes: long"), ("    id: gap, ", "")],
)
def test_the_schema_refuses_faults_of_shape(edit: tuple[str, str]) -> None:
    old, new = edit
    text = SMALL.replace(old, new) if old in SMALL else SMALL.replace("{id: gap, ", "{")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(locate_yaml(text, "p.yaml").data, json.loads(schema_text()))


def properties(node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, list):
        return [found for item in node for found in properties(item)]
    if not isinstance(node, dict):
        return []
    own = [(key, value) for key, value in node.get("properties", {}).items() if isinstance(value, dict)]
    return own + [found for value in node.values() for found in properties(value)]


def test_every_key_of_the_schema_has_help() -> None:
    schema = json.loads(schema_text())
    without = [
        key for model in [schema, *schema["$defs"].values()] for key, value in model["properties"].items() if "description" not in value
    ]
    assert without == []
    assert len(properties(schema)) > 80


def test_a_plain_yaml_reader_agrees_where_it_can() -> None:
    document = locate_yaml(SMALL, "p.yaml").data
    plain = yaml.safe_load(SMALL)
    assert [visit["id"] for visit in document["visits"]] == [visit["id"] for visit in plain["visits"]]
    assert document["checks"] == plain["checks"]
