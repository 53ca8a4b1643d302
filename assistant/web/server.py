"""Starts the web chat: opens the index, serves the page, prints the address."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from assistant.errors import AssistantError, SettingsError
from assistant.settings import load_settings


def main() -> int:
    """Serves until interrupted.

    Returns:
        The exit code: 0 after Ctrl-C, else that of the error that kept it from starting.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        serve(console)
    except AssistantError as error:
        console.print(f"[red]error:[/] {escape(str(error))}")
        return error.exit_code
    except KeyboardInterrupt:
        console.print("Stopped.")
    return 0


def serve(console: Console) -> None:
    """Opens the assistant and serves its page until interrupted.

    Raises:
        AssistantError: the index cannot be opened, or the port is taken.
    """
    settings = load_settings()
    port = free_port(settings.host, settings.port)
    console.print("Loading the models…")

    from assistant.engine import Assistant
    from assistant.progress import slow_progress

    with slow_progress(console) as progress:
        assistant = Assistant.open(settings.corpus, settings.index, settings=settings, progress=progress)
    with assistant:
        from assistant.web.launch import launched

        with launched(assistant, Path(settings.index) / "conversations.sqlite", settings.host, port) as url:
            console.print(f"Ready: [bold]{url}[/]  (Ctrl-C stops it)")
            threading.Event().wait()


def free_port(host: str, port: int) -> int:
    """The port itself when it is free; with 0, any free one.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    try:
        with closing(socket.create_server((host, port))) as probe:
            return int(probe.getsockname()[1])
    except OSError as error:
        raise SettingsError(
            f"Cannot listen on {host}:{port}: {error.strerror}. Stop what uses it, or set ASSISTANT_PORT to another port."
        ) from error
