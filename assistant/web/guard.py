"""What the server refuses, and the headers that tell the browser to refuse the rest."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 1_000_000

# Gradio's own page needs inline scripts and compiles its event handlers; nothing may come from, or go to, another server.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# The chat takes no files and fetches none for anybody.
_CLOSED = ("/upload", "/proxy=")


class Guard:
    """ASGI middleware around the whole server."""

    def __init__(self, app: ASGIApp, *, only_loopback: bool) -> None:
        """With `only_loopback`, answers only to requests that name this machine: a foreign name that resolves here is refused."""
        self._app = app
        self._only_loopback = only_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses a request, or passes it on and adds the headers to its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        refusal = self._refusal(scope)
        await (PlainTextResponse(refusal[1] + "\n", refusal[0]) if refusal else self._app)(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._only_loopback and not is_loopback(_address(f"//{host}").hostname or ""):
            return 421, f"This server answers on this machine only, not as {host!r}."
        if any(part in scope["path"] for part in _CLOSED):
            return 403, "Files are neither taken nor fetched here."
        if scope["method"] in _SAFE_METHODS:
            return None
        origin = headers.get("origin")
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"} or (origin and _address(origin).netloc != host):
            return 403, "A page of another site may not send anything here."
        return _too_long(headers)


def _too_long(headers: Headers) -> tuple[int, str] | None:
    if "transfer-encoding" in headers:
        return 411, "The request must say how long it is."
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MAX_BODY_BYTES:
        return 413, f"The request is larger than {MAX_BODY_BYTES:,} bytes."
    return None


def _address(text: str) -> SplitResult:
    """The parts of an address; of one that is none, no parts."""
    try:
        parts = urlsplit(text)
        _ = parts.hostname
    except ValueError:
        return urlsplit("")
    return parts


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
