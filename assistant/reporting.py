"""What the command line says when something goes wrong, and how it prints what others wrote."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EPIPE
from io import TextIOWrapper
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from assistant.errors import AssistantError

# The first ones command the terminal: move its cursor, erase lines. The others turn the direction of writing round.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|[\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Words of an article, a model or a user for a console: no markup, and each control character shown as U+FFFD.

    Line breaks and tabs stay.
    """
    return escape(_UNPRINTABLE.sub("\ufffd", text))


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
        console.print(printable(interrupted))
        raise typer.Exit(130) from interrupt


@contextmanager
def output_checked() -> Iterator[None]:
    """Around a whole command: ends it with one message where standard output is closed or full, and without one where whoever
    read it has gone. What its encoding lacks is written as an escape."""
    if sys.stdout is None:
        _end("Standard output is closed; there is nowhere to write to.")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        if error.filename is not None:  # another file's
            raise
        # What waits to be written would be tried once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if error.errno == EPIPE:
            raise SystemExit(1) from error
        _end(f"Standard output cannot be written ({error.strerror}); make room, or send it elsewhere.")


def _end(message: str) -> NoReturn:
    report(Console(stderr=True, highlight=False, soft_wrap=True), message)
    raise SystemExit(1)


def report(console: Console, message: str) -> None:
    """Prints an error message."""
    console.print(f"[red]error:[/] {printable(message)}")
