"""What browser tests do with every page: wait until it has settled, pick from a list, and ask axe-core what is wrong with it."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def wait_until_settled(page: Page) -> None:
    """Wait until the script behind the page has run and the page shows its result."""
    page.wait_for_selector(SETTLED, state="attached")
    page.wait_for_selector('[data-stale="true"]', state="detached")
    # Streamlit loads each kind of input when it is first needed, and shows a skeleton until then.
    page.wait_for_selector('[data-testid="stSkeleton"]', state="detached")


def choose(page: Page, label: str, option: str | re.Pattern[str], *, within: Page | Locator | None = None) -> None:
    """Pick one option of the list with this label."""
    box = (within or page).get_by_role("combobox", name=label, exact=True)
    # A list closes when what is around it scrolls, and the browser tells of a scroll one frame later: scroll first, then open it.
    box.evaluate(
        """async box => {
            box.scrollIntoView({block: 'center'});
            for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
        }"""
    )
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    wait_until_settled(page)


def accessibility_faults(page: Page) -> list[str]:
    """The faults against WCAG 2.2 AA that axe-core finds in the page, each with its rule and the elements concerned."""
    page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG_2_2_AA)
    return [f"{fault['id']}: {fault['help']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]]
