"""What the YAML parser says of a text that is none, as far as other languages can say it."""

from __future__ import annotations

from planner.protocol.said import said

_KNOWN = {
    text: text
    for text in (
        said("did not find expected ',' or '}}'"),
        said("did not find expected ',' or ']'"),
        said("did not find expected key"),
        said("did not find expected node content"),
        said("did not find expected '-' indicator"),
        said("did not find expected <document start>"),
        said("mapping values are not allowed in this context"),
        said("mapping keys are not allowed in this context"),
        said("block sequence entries are not allowed in this context"),
        said("could not find expected ':'"),
        said("found character that cannot start any token"),
        said("found unexpected end of stream"),
        said("found unexpected document indicator"),
        said("found unknown escape character"),
        said("found undefined tag handle"),
        said("while parsing a block mapping"),
        said("while parsing a block collection"),
        said("while parsing a flow mapping"),
        said("while parsing a flow sequence"),
        said("while parsing a node"),
        said("while scanning a simple key"),
        said("while scanning a quoted scalar"),
        said("while scanning a plain scalar"),
        said("while scanning a block scalar"),
        said("while scanning for the next token"),
    )
}


def parser_words(text: str) -> str:
    """``text``, a problem or a context that the parser names, in a form that can be said in other languages if it is a common one."""
    return _KNOWN.get(text, text)
