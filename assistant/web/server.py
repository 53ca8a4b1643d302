"""Starts the web chat: opens the index, serves the page, prints the address."""

from __future__ import annotations

import errno
import socket
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from assistant.errors import AssistantError, SettingsError
from assistant.settings import load_settings
from assistant.web.command import CONVERSATIONS
from assistant.web.wording import error_in_words

if TYPE_CHECKING:
    from assistant.engine import Assistant


def main() -> int:
    """Serves until interrupted.

    Returns:
        The exit code: 0 after Ctrl-C, else that of the error that kept it from starting.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        serve(console)
    except AssistantError as error:
        console.print(f"[red]error:[/] {escape(error_in_words(error))}")
        return error.exit_code
    except KeyboardInterrupt:
        console.print("Stopped.")
    return 0


def serve(console: Console) -> None:
    """Serves the page until interrupted; the articles are opened behind it.

    Raises:
        AssistantError: the index cannot be opened, or the port is taken.
    """
    settings = load_settings()
    port = free_port(settings.host, settings.port)
    console.print("Starting…")

    def open_assistant() -> Assistant:
        from assistant.engine import Assistant
        from assistant.progress import slow_progress

        with slow_progress(console) as progress:
            return Assistant.open(settings.corpus, settings.index, settings=settings, progress=progress)

    from assistant.web.conversations import Conversations
    from assistant.web.launch import launched
    from assistant.web.opening import Opening

    kept = Conversations(Path(settings.index) / CONVERSATIONS, settings.index_fingerprint())
    opening = Opening(open_assistant)
    try:
        with launched(opening, kept, settings.host, port) as url:
            console.print(f"Ready: [bold]{url}[/]  (Ctrl-C stops it)")
            opening.assistant()
            console.print("The articles are open.")
            threading.Event().wait()
    finally:
        opening.close()


def free_port(host: str, port: int) -> int:
    """The port itself when it is free; with 0, any free one.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    try:
        with closing(socket.create_server((host, port))) as probe:
            return int(probe.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            advice = "Stop what uses it, or set ASSISTANT_PORT to another port."
        elif isinstance(error, PermissionError):
            advice = "Set ASSISTANT_PORT to a port that you may use, such as 7860."
        else:
            advice = "Set ASSISTANT_HOST to an address of this machine, such as 127.0.0.1."
        reason = str(error.strerror).partition(" (while")[0]  # behind it Python repeats the address
        raise SettingsError(f"Cannot listen on {host}:{port}: {reason}. {advice}") from error
