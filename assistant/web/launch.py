"""Puts the page on an address."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from urllib.request import getproxies

from starlette.middleware import Middleware

from assistant.web.chat import Chat
from assistant.web.conversations import Conversations
from assistant.web.guard import Guard, is_loopback
from assistant.web.look import HEAD, STYLE, THEME
from assistant.web.opening import Opening
from assistant.web.page import build_page
from assistant.web.readers import ReaderCookie

WAITING = 64
_PLACES_EVERY = 1  # seconds; told after each answer, the places of all who wait would be sent eight times a second


@contextmanager
def launched(opening: Opening, kept: Conversations, host: str, port: int, waiting: int = WAITING) -> Iterator[str]:
    """Serves the page while the context lasts, and opens the articles meanwhile; gives its address.

    Args:
        opening: what answers, as soon as it is open; started here, once the page is there.
        kept: the conversations; closed here.
        host: the address to listen on.
        port: a free port.
        waiting: how many may wait in the queue; whoever comes then is asked to try again.

    Raises:
        OSError: the port was taken meanwhile.
    """
    _reach_directly(host)
    page = build_page(Chat(opening, kept))
    try:
        # Gradio announces its MCP server even when it is to be quiet.
        with redirect_stdout(io.StringIO()):
            _, url, _ = page.queue(max_size=waiting, status_update_rate=_PLACES_EVERY).launch(
                server_name=host,
                server_port=port,
                prevent_thread_lock=True,
                quiet=True,
                share=False,
                ssr_mode=False,
                run_history=False,
                mcp_server=True,
                footer_links=["api"],
                allowed_paths=[],
                theme=THEME,
                css=STYLE,
                head=HEAD,
                app_kwargs={"middleware": [Middleware(Guard, only_loopback=is_loopback(host)), Middleware(ReaderCookie)]},
            )
        opening.start()
        yield url
    finally:
        page.close(verbose=False)
        kept.close()


def _reach_directly(host: str) -> None:
    """Where a proxy is set, keeps requests to this machine from it until the process ends.

    Gradio asks for its own page, and its MCP server for the endpoints, through httpx, which makes no exception for loopback.
    """
    proxies = getproxies()
    if proxies:
        proxies["no"] = ",".join(["127.0.0.1", "localhost", "::1", host, proxies.get("no", "")])
        # In lower case, which counts before upper case; all of them, as macOS's own don't count once the environment has one.
        os.environ.update({f"{kind}_proxy": address for kind, address in proxies.items()})
