"""What the command line says when something goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.markup import escape

from assistant.errors import AssistantError


@contextmanager
def errors_reported(console: Console, interrupted: str) -> Iterator[None]:
    """Turns the errors raised on purpose, and Ctrl-C, into one message and an exit code; never a traceback for bad input.

    Serves around a block as well as a decorator of a command.

    Args:
        console: where the message goes.
        interrupted: what Ctrl-C says: what is kept, and how to go on.
    """
    try:
        yield
    except AssistantError as error:
        report(console, str(error))
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as interrupt:
        console.print(escape(interrupted))
        raise typer.Exit(130) from interrupt


def report(console: Console, message: str) -> None:
    """Prints an error message."""
    console.print(f"[red]error:[/] {escape(message)}")
