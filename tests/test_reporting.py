"""What went wrong is one message and an exit code."""

from __future__ import annotations

from io import StringIO

import pytest
import typer
from rich.console import Console

from assistant.errors import CorpusError, IndexLocked
from assistant.reporting import errors_reported, printable


def reported(error: BaseException) -> tuple[str, int]:
    console = Console(file=StringIO(), soft_wrap=True)

    @errors_reported(console, "Interrupted; nothing is lost.")
    def command() -> None:
        raise error

    with pytest.raises(typer.Exit) as left:
        command()
    return console.file.getvalue(), left.value.exit_code


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CorpusError("No articles in [x]."), ("error: No articles in [x].\n", 2)),
        (IndexLocked("Wait."), ("error: Wait.\n", 1)),
        (KeyboardInterrupt(), ("Interrupted; nothing is lost.\n", 130)),
    ],
)
def test_an_error_raised_on_purpose_and_ctrl_c_are_told(error: BaseException, expected: tuple[str, int]):
    assert reported(error) == expected


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Rain\x1b[1A\x1b[2Ksupported", "Rain\ufffd[1A\ufffd[2Ksupported"),
        ("\x9b2J\x07\r\x7f", "\ufffd2J\ufffd\ufffd\ufffd"),
        ("\u202eniar\u202c \u2066x\u2069", "\ufffdniar\ufffd \ufffdx\ufffd"),
        ("[red]Pluie[/] à\n\tLeeds, ガ 🌧", "[red]Pluie[/] à\n\tLeeds, ガ 🌧"),
    ],
)
def test_words_of_others_never_command_the_terminal(text: str, printed: str) -> None:
    console = Console(file=StringIO(), soft_wrap=True, force_terminal=True, color_system=None, highlight=False)
    console.print(printable(text))
    # A console shows a tab as spaces.
    assert console.file.getvalue().expandtabs(8) == f"{printed}\n".expandtabs(8)


def test_an_error_of_our_own_making_is_not_hidden():
    with pytest.raises(ZeroDivisionError), errors_reported(Console(file=StringIO()), ""):
        _ = 1 / 0


def test_a_command_can_be_run_more_than_once():
    console = Console(file=StringIO())
    done = []

    @errors_reported(console, "")
    def command(words: str) -> None:
        done.append(words)

    command("one")
    command("two")
    assert done == ["one", "two"]
