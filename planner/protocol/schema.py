"""The JSON Schema of the protocol file, which editors complete and check from: ``python -m planner.protocol.schema``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from planner.protocol.file_shape import ProtocolShape

SCHEMA_FILE = Path(__file__).resolve().parents[2] / "docs" / "protocol.schema.json"


def schema_text() -> str:
    """The schema as it stands in ``docs/protocol.schema.json``."""
    schema = _plainer(ProtocolShape.model_json_schema(by_alias=True))
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Protocol file"}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _plainer(node: Any) -> Any:
    """Without what only pydantic needs: "or null" (an empty value is refused), empty defaults, titles made from names."""
    if isinstance(node, list):
        return [_plainer(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {
        key: value
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and not value)
    }
    options = node.get("anyOf")
    if options and {"type": "null"} in options:
        kept = [option for option in options if option != {"type": "null"}]
        node = {key: value for key, value in node.items() if key != "anyOf"}
        node = {**kept[0], **node} if len(kept) == 1 else {**node, "anyOf": kept}
    return {key: _plainer(value) for key, value in node.items()}


if __name__ == "__main__":
    sys.stdout.buffer.write(schema_text().encode("utf-8"))
