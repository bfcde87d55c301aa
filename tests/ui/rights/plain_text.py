"""Whether what a person typed is shown as text, wherever a page shows it: no tag, no link, no formula, no colour."""

import re

from streamlit.testing.v1 import AppTest

from tests.ui.rights.everything import html_of

HURTFUL = "<script>alert(1)</script><img src=x onerror=alert(1)> **bold** [x](javascript:alert(1)) $x$ :red[x]"
TAGS = ("<script>alert", "<img src=x")
MARKS = (*TAGS, "**bold**", "](javascript", "$x$", ":red[")
IN_MARKDOWN = ("title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error", "toast")
LABELLED = (
    *("button", "download_button", "link_button", "page_link", "checkbox", "radio", "selectbox", "multiselect", "text_input"),
    *("text_area", "number_input", "date_input", "time_input", "file_uploader", "expander", "tab", "metric", "status"),
)


def html_shown(at: AppTest) -> str:
    """All HTML of the page: of tables with buttons, and without."""
    return "\n".join([html_of(at), *(str(getattr(each, "body", "") or each.proto.body) for each in at.get("html"))])


def markdown_shown(at: AppTest) -> list[str]:
    """All texts of the page in which marks mean something."""
    values = [str(each.value) for kind in IN_MARKDOWN for each in at.get(kind)]
    labels = [str(getattr(each, "label", "") or "") for kind in LABELLED for each in at.get(kind)]
    choices = [option for each in at.radio for option in each.options]
    titles = [str(block.proto.dialog.title) for block in at.get("dialog") if hasattr(block.proto, "dialog")]
    return [*values, *labels, *choices, *titles]


def found_marks(at: AppTest) -> list[str]:
    """What a browser would read as more than text; nothing, if all is well."""
    shown = html_shown(at)
    found = [tag for tag in TAGS if tag in shown]
    for text in markdown_shown(at):
        # What is escaped is text.
        bare = re.sub(r"\\.", "", text)
        found += [f"{mark} in {text[:200]}" for mark in MARKS if mark in bare]
    return found


def is_shown_as_text(at: AppTest) -> bool:
    """Whether it stands somewhere on the page, as text."""
    return "&lt;script&gt;alert" in html_shown(at) or any(r"\<script\>alert" in text for text in markdown_shown(at))
