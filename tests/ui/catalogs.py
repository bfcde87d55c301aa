"""The catalogs of the screens' second language, as their files have them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from planner.protocol.said import Said

FOLDER = Path(__file__).parents[2] / "planner" / "ui" / "locale" / "zh_CN"


def entries() -> Iterator[tuple[str, str, str]]:
    """(file, message, translation) of every entry that is no plural."""
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_CN"):
                if isinstance(message.id, str) and message.id:
                    yield path.name, message.id, str(message.string)


@cache
def translations() -> dict[str, str]:
    """Message to translation."""
    return {message: translation for _, message, translation in entries()}


def untranslated(text: str) -> Iterator[str]:
    """The templates in a sentence, and in the sentences in it, that no catalog has; a plain text is one."""
    if not isinstance(text, Said):
        yield f"plain text: {text}"
        return
    if text.template not in translations():
        yield text.template
    for value in text.values.values():
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Said):
                yield from untranslated(part)
