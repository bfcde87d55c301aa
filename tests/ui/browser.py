"""What browser tests ask of a page: that it has settled, and what axe-core finds wrong with it."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def wait_until_settled(page: Page) -> None:
    """Wait until the script behind the page has run and the page shows its result."""
    page.wait_for_selector(SETTLED, state="attached")
    page.wait_for_selector('[data-stale="true"]', state="detached")
    # Streamlit loads each kind of input when it is first needed, and shows a skeleton until then.
    page.wait_for_selector('[data-testid="stSkeleton"]', state="detached")


def accessibility_faults(page: Page) -> list[str]:
    """The faults against WCAG 2.2 AA that axe-core finds in the page, each with its rule and the elements concerned."""
    page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG_2_2_AA)
    return [f"{fault['id']}: {fault['help']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]]
