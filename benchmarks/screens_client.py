"""A browser's side of a session with Streamlit, without the browser: what it sends, what comes back, and how long that took.

Deltas are kept by element, messages that the server may leave out the next time by their hash, and a dialog's inputs rerun its fragment
alone, as in a browser. Nothing is drawn, so seconds end where a browser would begin to draw the last of it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

SECONDS_TO_ANSWER = 60.0
_ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
"""How a run ends that no other one follows."""
_TRIGGERS = "$$STREAMLIT_INTERNAL_KEY_{component}__events"
"""Under which id a component says what was pressed in it."""


class ScreenError(Exception):
    """The screen answered with an error, or is not what was expected; the text says which."""


@dataclass(frozen=True, slots=True)
class Element:
    """Something on the page."""

    kind: str
    """As Streamlit calls it: ``selectbox``."""
    content: Any
    """The message of that kind."""
    fragment: str
    """The part of the page that is drawn by itself; "" for the whole page."""


@dataclass(slots=True)
class Answer:
    """What one press or one page took."""

    seconds: float = 0.0
    """Until all of it was there."""
    elements_after: dict[str, float] = field(default_factory=dict)
    """Until an element was there, by its id, or by its kind where it has none."""
    octets: int = 0

    def seconds_until(self, key: str) -> float:
        """Until the element with this key, or of this kind, was there. Raises ScreenError."""
        found = [seconds for name, seconds in self.elements_after.items() if name == key or _has_key(name, key)]
        if not found:
            raise ScreenError(f"{key} did not come")
        return found[0]


class Screen:
    """One session: ``async with Screen(address) as screen: await screen.visit("today")``."""

    def __init__(self, address: str) -> None:
        """For a server at ``address``, such as ``http://127.0.0.1:8501``."""
        self._address = address
        self._stream = f"ws://{urlsplit(address).netloc}/_stcore/stream"
        self._socket: ClientConnection | None = None
        self._elements: dict[tuple[int, ...], Element] = {}
        self._kept: dict[str, Delta] = {}
        self._pages: dict[str, str] = {}
        self._page = self._query = ""

    async def __aenter__(self) -> Self:
        """Connect."""
        self._socket = await connect(
            self._stream,
            origin=Origin(self._address),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            open_timeout=SECONDS_TO_ANSWER,
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave, as when a tab is closed."""
        assert self._socket is not None
        await self._socket.close()

    # --- what a person does ---

    async def visit(self, page: str = "", entries: Mapping[str, str] | None = None) -> Answer:
        """Open a page by its address (the first one of a session), or by the menu."""
        self._query = urlencode(entries or {})
        self._page = self._pages.get(page, "")
        return await self._run([], page_name="" if self._page else page)

    async def choose(self, key: str, text: str) -> Answer:
        """Choose a text in a list."""
        element = self.element(key)
        return await self._run([WidgetState(id=element.content.id, string_value=text)], element.fragment)

    async def press(self, key: str) -> Answer:
        """Press a button."""
        element = self.element(key)
        return await self._run([WidgetState(id=element.content.id, trigger_value=True)], element.fragment)

    async def press_in(self, key: str, what: str, value: str) -> Answer:
        """Press a button of a component's HTML."""
        element = self.element(key)
        events = json.dumps([{"event": "chosen", "value": f"{what}={value}"}])
        state = WidgetState(id=_TRIGGERS.format(component=element.content.id), json_trigger_value=events)
        return await self._run([state], element.fragment)

    async def close_dialog(self) -> Answer:
        """Close the dialog that is open, with Escape."""
        dialog = next(element.content.dialog.id for element in self._elements.values() if element.kind == "block.dialog")
        return await self._run([WidgetState(id=dialog, trigger_value=True)])

    # --- what a person sees ---

    def element(self, key: str) -> Element:
        """The input or component with this key. Raises ScreenError where there is none."""
        found = next((element for element in self._elements.values() if _has_key(getattr(element.content, "id", ""), key)), None)
        if found is None:
            raise ScreenError(f"there is no {key} on the page; {'; '.join(self.errors()) or 'no error is shown'}")
        return found

    def has(self, ending: str) -> str:
        """The first id on the page that ends so; "" where there is none."""
        ids = (str(getattr(element.content, "id", "")) for element in self._elements.values())
        return next((name for name in ids if name.endswith(ending)), "")

    def html(self, key: str) -> str:
        """The HTML that a component shows."""
        content = self.element(key).content
        data = json.loads(content.json or content.mixed.json)
        return str(data["html"])

    def errors(self) -> list[str]:
        """The red boxes of the page, and exceptions."""
        return list(self._errors())

    def _errors(self) -> Iterator[str]:
        for element in self._elements.values():
            if element.kind == "exception":
                yield f"{element.content.type}: {element.content.message}"
            elif element.kind == "alert" and element.content.format == element.content.ERROR:
                yield element.content.body

    # --- the protocol ---

    async def _run(self, states: list[WidgetState], fragment: str = "", page_name: str = "") -> Answer:
        assert self._socket is not None
        message = BackMsg()
        client = message.rerun_script
        client.query_string, client.page_script_hash, client.page_name, client.fragment_id = self._query, self._page, page_name, fragment
        # Only what has just changed: the server knows the other inputs from before.
        client.widget_states.widgets.extend(states)
        client.cached_message_hashes.extend(self._kept)
        client.context_info.timezone, client.context_info.locale = "UTC", "en-GB"
        client.context_info.url = f"{self._address}/"
        began, answer = perf_counter(), Answer()
        await self._socket.send(message.SerializeToString())
        while True:
            octets = await asyncio.wait_for(self._socket.recv(decode=False), SECONDS_TO_ANSWER)
            answer.octets += len(octets)
            if self._take(ForwardMsg.FromString(octets), perf_counter() - began, answer):
                answer.seconds = perf_counter() - began
                return answer

    def _take(self, message: ForwardMsg, seconds: float, answer: Answer) -> bool:
        """Take in a message; whether it is the last one."""
        match message.WhichOneof("type"):
            case "new_session":
                self._begin(message)
            case "navigation":
                self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
                self._pages[""] = next(page.page_script_hash for page in message.navigation.app_pages if page.is_default)
                self._page = message.navigation.page_script_hash or self._page
            case "page_info_changed":
                self._query = message.page_info_changed.query_string
            case "ref_hash":
                self._put(tuple(message.metadata.delta_path), self._kept[message.ref_hash], seconds, answer)
            case "delta":
                if message.metadata.cacheable:
                    self._kept[message.hash] = message.delta
                self._put(tuple(message.metadata.delta_path), message.delta, seconds, answer)
            case "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise ScreenError("the script could not be compiled")
                return message.script_finished in _ENDS
        return False

    def _begin(self, message: ForwardMsg) -> None:
        """What is drawn anew goes."""
        fragments = set(message.metadata.run.fragment_ids)
        if fragments:
            self._elements = {path: element for path, element in self._elements.items() if element.fragment not in fragments}
        else:
            self._elements.clear()
        self._page = message.new_session.page_script_hash or self._page

    def _put(self, path: tuple[int, ...], delta: Delta, seconds: float, answer: Answer) -> None:
        if delta.WhichOneof("type") == "add_block":
            block = delta.add_block
            self._elements[path] = Element(f"block.{block.WhichOneof('type')}", block, delta.fragment_id)
            return
        kind = str(delta.new_element.WhichOneof("type"))
        content = getattr(delta.new_element, kind, None)
        self._elements[path] = Element(kind, content, delta.fragment_id)
        answer.elements_after.setdefault(str(getattr(content, "id", "")) or kind, seconds)


def _has_key(name: str, key: str) -> bool:
    """Ids of elements that have a key end with it."""
    return name.endswith(f"-{key}")
