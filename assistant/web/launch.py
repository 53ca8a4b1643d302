"""Puts the page on an address."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from starlette.middleware import Middleware

from assistant.engine import Assistant
from assistant.web.chat import Chat
from assistant.web.conversations import Conversations
from assistant.web.guard import Guard, is_loopback
from assistant.web.look import HEAD, STYLE, THEME
from assistant.web.page import build_page
from assistant.web.readers import ReaderCookie

_WAITING = 64


@contextmanager
def launched(assistant: Assistant, conversations: Path, host: str, port: int) -> Iterator[str]:
    """Serves the page of an open assistant while the context lasts; gives its address.

    Args:
        assistant: what answers.
        conversations: the SQLite file that keeps them; made when it is missing.
        host: the address to listen on.
        port: a free port.
    """
    kept = Conversations(conversations, assistant.settings.index_fingerprint())
    page = build_page(Chat(assistant, kept))
    try:
        # Gradio announces its MCP server even when it is to be quiet.
        with redirect_stdout(io.StringIO()):
            _, url, _ = page.queue(max_size=_WAITING).launch(
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
        yield url
    finally:
        page.close(verbose=False)
        kept.close()
