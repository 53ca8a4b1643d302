"""Who reads: a browser is known by a cookie that scripts cannot see and that other sites can send only by a link to the page."""

from __future__ import annotations

import re
import secrets

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "news_reader"
_VALUE = re.compile(r"[\w-]{20,64}")
_A_YEAR = 365 * 24 * 3600


class ReaderCookie:
    """ASGI middleware: gives a browser that opens the page a cookie of its own, and renews it at each visit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the cookie to the page's response: the one that came with the request, or a new one."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        had = Request(scope).cookies.get(COOKIE, "")
        value = had if _VALUE.fullmatch(had) else secrets.token_urlsafe(24)
        # Lax, not Strict: whoever followed a link to a shared conversation from another site would come without the cookie, and
        # the new one would take the place of theirs.
        cookie = f"{COOKIE}={value}; Max-Age={_A_YEAR}; Path=/; HttpOnly; SameSite=Lax"

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, with_cookie)


def reader_of(request: gr.Request) -> str:
    """The reader that a request comes from; a browser without cookies is a new reader each time it opens the page."""
    cookie = request.cookies.get(COOKIE)
    return f"cookie {cookie}" if cookie else f"session {request.session_hash}"
