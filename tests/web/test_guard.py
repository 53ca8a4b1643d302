"""What the server refuses, on a real socket's worth of ASGI."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from assistant.web.guard import MAX_BODY_BYTES, Guard, is_loopback


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(f"reached {Request(scope).url.path}")(scope, receive, send)


def request(method: str, path: str, only_loopback: bool = True, **headers: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(Guard(behind, only_loopback=only_loopback))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:7860") as client:
            return await client.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return asyncio.run(send())


@pytest.mark.parametrize("headers", [{"host": "["}, {"host": "127.0.0.1:7860", "origin": "http://["}])
def test_an_address_that_is_none_is_refused(headers):
    assert request("POST", "/gradio_api/queue/join", **headers).status_code in {403, 421}


def test_a_request_that_doesnt_say_its_length_is_refused():
    assert request("POST", "/gradio_api/queue/join", transfer_encoding="chunked").status_code == 411
    assert request("GET", "/", transfer_encoding="chunked").status_code == 200


def test_ordinary_requests_pass_and_carry_the_policy():
    reply = request("GET", "/")
    assert reply.text == "reached /"
    policy = reply.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert reply.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
def test_other_sites_may_not_post(headers):
    assert request("POST", "/gradio_api/queue/join", **headers).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"origin": "http://127.0.0.1:7860", "sec_fetch_site": "same-origin"}])
def test_the_page_itself_and_programs_may(headers):
    assert request("POST", "/gradio_api/queue/join", **headers).status_code == 200


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/upload?x=1", "/gradio_api/proxy=https://evil.example/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_files_are_neither_taken_nor_fetched(method, path):
    assert request(method, path).status_code == 403


def test_a_foreign_name_for_this_machine_is_refused_only_where_it_listens_to_itself():
    assert request("GET", "/", host="evil.example:7860").status_code == 421
    assert request("GET", "/", only_loopback=False, host="news.example").status_code == 200


@pytest.mark.parametrize("size", [str(MAX_BODY_BYTES + 1), "many"])
def test_large_requests_are_refused(size):
    assert request("POST", "/gradio_api/queue/join", content_length=size).status_code == 413


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("", False),
        ("example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_loopback(host, own):
    assert is_loopback(host) is own
