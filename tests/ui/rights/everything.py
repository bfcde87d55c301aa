"""All that a page sends to the browser, whatever kind of element it is in: nothing on it is overlooked."""

import json
from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest


def everything(at: AppTest) -> str:
    """Every element of the page, the menus and dialogs that are closed included, as one text."""
    return "\n".join(_texts(at._tree))


def _texts(node: Any) -> Iterator[str]:
    proto = getattr(node, "proto", None)
    if proto is not None:
        yield str(proto)
    for child in getattr(node, "children", {}).values():
        yield from _texts(child)


def html_of(at: AppTest) -> str:
    """The HTML of all tables with buttons and links."""
    found = (json.loads(element.proto.json) for element in at.get("bidi_component"))
    return "\n".join(str(data.get("html", "")) for data in found if isinstance(data, dict))


def refusals(at: AppTest) -> str:
    """What is refused, or said to be for others: errors, warnings and hints."""
    return "\n".join(str(element.value) for kind in (at.error, at.warning, at.info) for element in kind)
