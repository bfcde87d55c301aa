"""The options that commands on the records share, each with its help text."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Account = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="ACCOUNT", help="The account that asks (PLANNER_ACCOUNT, else your login name, if not given).", show_default=False
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and write nothing.")]
Seen = Annotated[
    int | None,
    typer.Option(
        "--seen",
        metavar="N",
        help="The revision you looked at (`subject show` tells it): refused if somebody wrote since.",
        show_default=False,
        min=0,
    ),
]
Reason = Annotated[
    str | None, typer.Option("--reason", metavar="CODE", help="Why, from the list that `reasons` shows.", show_default=False)
]
Note = Annotated[
    str | None,
    typer.Option("--note", metavar="TEXT", help="A note; it never leaves in feeds or in exports meant for others.", show_default=False),
]
Subject = Annotated[
    str, typer.Argument(metavar="SUBJECT", help="STUDY/NUMBER, or the number alone where one study has it.", show_default=False)
]
Visit = Annotated[str, typer.Argument(metavar="VISIT", help="The visit's id, such as C3D1.", show_default=False)]
Site = Annotated[str | None, typer.Option("--site", metavar="CODE", help="Only this site.", show_default=False)]
Study = Annotated[str | None, typer.Option("--study", metavar="CODE", help="Only this study.", show_default=False)]
Stream = Annotated[
    str | None, typer.Option("--stream", metavar="NAME", help="One dose, such as pd1; all drugs if not given.", show_default=False)
]
HappenedOn = Annotated[str, typer.Option("--on", metavar="DATE", help="The day it happened, as YYYY-MM-DD.", show_default=False)]
ListFormat = Literal["table", "csv", "xlsx", "json"]
Format = Annotated[
    ListFormat | None,
    typer.Option("--format", help="The form of the answer (a table on a terminal, else csv).", show_default=False),
]
