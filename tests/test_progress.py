from __future__ import annotations

import io
from threading import Event

from rich.console import Console

from assistant.progress import slow_progress


def printed(wait_seconds: float) -> str:
    screen = io.StringIO()
    with slow_progress(Console(file=screen, width=100)) as progress:
        progress("Embedding chunks", 1, 3)
        Event().wait(wait_seconds)
        progress("Embedding chunks", 3, 3)
    return screen.getvalue()


def test_quick_work_shows_nothing() -> None:
    assert printed(0) == ""


def test_work_of_more_than_a_second_shows_a_bar() -> None:
    shown = printed(1.1)
    assert "Embedding chunks" in shown
    assert "3/3" in shown


def test_what_ended_with_an_error_leaves_the_terminal_alone() -> None:
    screen = io.StringIO()
    console = Console(file=screen, width=100, force_terminal=True)
    try:
        with slow_progress(console) as progress:
            progress("Embedding chunks", 1, 3)
            Event().wait(1.1)
            progress("Embedding chunks", 2, 3)
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        console.print("after")
    shown = screen.getvalue()
    show_cursor = "\x1b[?25h"
    assert shown.rindex(show_cursor) < shown.index("after")
