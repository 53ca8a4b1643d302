"""The command `assistant feedback export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from assistant.errors import SettingsError
from assistant.reporting import errors_reported

# In the index folder.
CONVERSATIONS = "conversations.sqlite"

_err = Console(stderr=True, highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    feedback = typer.Typer(help="What readers of the web chat said of its answers.", no_args_is_help=True)
    feedback.command("export")(export)
    # A callback keeps a single command from standing for the whole group.
    feedback.callback()(lambda: None)
    app.add_typer(feedback, name="feedback")


@errors_reported(_err, "Interrupted.")
def export(
    out: Annotated[Path, typer.Argument(help="The file to write, one JSON object a line.")],
    index: Annotated[Path, typer.Option(help="The folder of indexes that the web chat used.", envvar="ASSISTANT_INDEX")] = Path(
        ".index"
    ),
) -> None:
    """Write every rated answer as a line of a gold set; disliked ones are marked for review."""
    path = index / CONVERSATIONS
    if not path.is_file():
        raise SettingsError(f"No conversations are kept at {str(path)!r}; name the web chat's folder with --index.")

    from assistant.web.conversations import Conversations
    from assistant.web.feedback import gold_lines, write_lines

    kept = Conversations(path)
    try:
        lines = gold_lines(kept.ratings())
    finally:
        kept.close()
    write_lines(out, lines)
    disliked = sum(line["review"] is not None for line in lines)
    _err.print(f"{len(lines) - disliked:,} liked and {disliked:,} to review, in {escape(str(out))}")
