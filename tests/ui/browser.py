"""What browser tests do with every page: wait until a press is answered, pick from a list, take files along, ask axe-core what is wrong."""

import io
import re
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Download, Locator, Page, TimeoutError
from pypdf import PdfReader

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]

COUNTS_ANSWERS = """(() => {
    // What the page asked the server to run, and up to which of these the server has begun and has answered: for `wait_until_settled`.
    const runs = window.plannerRuns = {asked: 0, begun: 0, answered: 0};
    // The first byte of a message, and numbers of fields: BackMsg.proto and ForwardMsg.proto of Streamlit.
    const RUN_AGAIN = 0x5a, NEW_SESSION = 4, FINISHED = 6, STOPPED_TO_RUN_AGAIN = 2;
    const fields = bytes => {
        const found = {};
        let at = 0;
        const number = () => {
            let value = 0;
            for (let power = 1; ; power *= 128) {
                const byte = bytes[at++];
                value += (byte & 127) * power;
                if (!(byte & 128)) return value;
            }
        };
        while (at < bytes.length) {
            const tag = number(), value = number();
            found[Math.floor(tag / 8)] = value;
            if (tag % 8 === 2) at += value;
        }
        return found;
    };
    const heard = new WeakSet(), send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
        if (!heard.has(this)) {
            heard.add(this);
            this.addEventListener('message', ({data}) => {
                if (!(data instanceof ArrayBuffer)) return;
                const message = fields(new Uint8Array(data));
                if (NEW_SESSION in message) runs.begun = runs.asked;
                if (FINISHED in message && message[FINISHED] !== STOPPED_TO_RUN_AGAIN) runs.answered = runs.begun;
            });
        }
        if (data && data.length && data[0] === RUN_AGAIN) runs.asked++;
        return send.call(this, data);
    };
})()"""
"""To be run in each page before its own scripts."""

_SETTLED = """call => {
    const app = document.querySelector('[data-testid="stApp"]'), runs = window.plannerRuns;
    const settled = app?.dataset.testScriptState === 'notRunning'
        && app.dataset.testConnectionState === 'CONNECTED'
        && (!runs || runs.asked > 0 && runs.answered === runs.asked)
        // Streamlit loads each kind of input when it is first needed, and shows a skeleton until then.
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
    // Asked once in each frame: a press is sent one frame later at the latest, and what came is shown a few frames later.
    const quiet = window.plannerQuiet?.call === call ? window.plannerQuiet : window.plannerQuiet = {call, frames: 0};
    quiet.frames = settled ? quiet.frames + 1 : 0;
    return quiet.frames > 4;
}"""
_CALLS = count()
_IN_THE_MIDDLE = """async box => {
    box.scrollIntoView({block: 'center'});
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
}"""
_PRESSES, _PATIENCE = 4, 5_000
"""How often a list is opened, and for how many milliseconds its option is waited for each time."""
_NOTHING_MOVES = "document.getAnimations().every(each => each.playState !== 'running')"


def wait_until_settled(page: Page) -> None:
    """Wait until the server has answered all that was pressed, and the page shows its answer."""
    page.wait_for_function(_SETTLED, arg=next(_CALLS))


def choose(page: Page, label: str, option: str | re.Pattern[str], *, within: Page | Locator | None = None) -> None:
    """Pick one option of the list with this label."""
    box = (within or page).get_by_role("combobox", name=label, exact=True)
    choice = page.get_by_role("option", name=option, exact=True)
    # A list closes when what is around it scrolls or still grows, also a moment after it was opened: then it is opened again.
    for _ in range(_PRESSES):
        box.evaluate(_IN_THE_MIDDLE)
        if box.get_attribute("aria-expanded") != "true":
            box.click()
        try:
            choice.click(timeout=_PATIENCE)
        except TimeoutError:
            continue
        wait_until_settled(page)
        # A press that came while the page was drawn anew leaves the list open, and what is behind it out of reach.
        if box.get_attribute("aria-expanded") != "true":
            return
    raise AssertionError(f"The list {label!r} does not stay open, or has no {option!r}.")


def taken_along(page: Page, button: str | re.Pattern[str] | Locator) -> tuple[str, bytes]:
    """Press the button, or the one of this name, of a file: the file's name and what it holds."""
    # A file is made by the run that drew its button: a press while the next run draws it anew is not answered.
    wait_until_settled(page)
    pressed = button if isinstance(button, Locator) else page.get_by_role("button", name=button).first
    with page.expect_download() as download:
        pressed.click()
    return download.value.suggested_filename, content(download.value)


def content(download: Download) -> bytes:
    """What the file holds."""
    return Path(download.path()).read_bytes()


def printed_text(pdf: bytes) -> str:
    """All that stands on the pages of a print."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    scroll: int = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    return scroll


def accessibility_faults(page: Page) -> list[str]:
    """The faults against WCAG 2.2 AA that axe-core finds in the page, each with its rule and the elements concerned."""
    wait_until_settled(page)
    # What was faded while the script ran comes back by and by.
    page.wait_for_function(_NOTHING_MOVES)
    page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG_2_2_AA)
    return [f"{fault['id']}: {fault['help']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]]
