"""The page on its address, whatever proxy the environment names."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from faulty_server import FaultyServer

from assistant import Assistant
from assistant.errors import IndexMissing
from assistant.web.conversations import Conversations
from assistant.web.launch import launched
from assistant.web.opening import Opening
from assistant.web.server import free_port

# The server runs in this process; it and the client leave their sockets and loops to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def no_articles() -> Assistant:
    raise IndexMissing("There are no articles here.")


async def ask_by_mcp(url: str) -> str:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async with streamable_http_client(f"{url}gradio_api/mcp/") as (receive, send, _), ClientSession(receive, send) as session:
        await session.initialize()
        result = await session.call_tool("ask_news", {"question": "When did it rain?"})
        return str(result.content[0])


def test_a_proxy_is_asked_neither_for_the_page_nor_by_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    with FaultyServer([503]) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base_url)
        monkeypatch.setenv("no_proxy", "a.example")
        with launched(Opening(no_articles), kept, "127.0.0.1", free_port("127.0.0.1", 0)) as url:
            assert httpx.get(url).status_code == 200
            assert "There are no articles here." in asyncio.run(ask_by_mcp(url))
        assert proxy.requests == []
        # The rest goes its old way.
        assert httpx.post("http://elsewhere.example", json={}).status_code == 503
    assert "a.example" in os.environ["no_proxy"].split(",")


def test_where_a_socks_proxy_is_set_gradio_can_be_imported() -> None:
    command = [sys.executable, "-c", "import gradio; print(gradio.__name__)"]
    run = subprocess.run(
        command, env=os.environ | {"ALL_PROXY": "socks5://127.0.0.1:9"}, capture_output=True, encoding="utf-8", check=False
    )
    assert run.stdout == "gradio\n", run.stderr
