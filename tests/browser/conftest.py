"""A real browser, and the real page over the shipped corpus, served by `python app.py`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from assistant import Assistant

CHROMIUM = "/usr/bin/chromium"
APP = Path(__file__).parents[2] / "app.py"
UNPLUGGED = """
import runpy, sys, pytest_socket
pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
runpy.run_path(sys.argv[1], run_name="__main__")
"""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

OpenPage = Callable[..., Page]
Ask = Callable[[Page, str], Locator]
Serve = Callable[..., AbstractContextManager["Site"]]

expect.set_options(timeout=30_000)


@dataclass(frozen=True)
class Site:
    """A running server."""

    url: str
    process: subprocess.Popen[str]


@contextmanager
def served(folder: Path, port: int = 0) -> Iterator[Site]:
    """Runs `python app.py` in a folder, with no network but loopback, until the context ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", UNPLUGGED, str(APP)],
        cwd=folder,
        env=os.environ | {"ASSISTANT_PORT": str(port)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    said: list[str] = []
    with process.stderr as lines:
        for line in lines:
            said.append(line)
            if ready := re.search(r"Ready: (\S+)", line):
                break
        else:
            pytest.fail(f"The server ended with {process.wait()} before it was ready:\n{''.join(said)}")
        # Whatever it says later is read, so that it never waits for a reader.
        drain = threading.Thread(target=lambda: said.extend(lines))
        drain.start()
        try:
            yield Site(ready[1].rstrip("/"), process)
        finally:
            process.terminate()
            process.wait()
            drain.join()
            sys.stderr.writelines(said)  # pytest shows it where a test failed
    assert "SocketConnectBlocked" not in "".join(said), "the server tried to reach another machine"


@pytest.fixture(scope="session")
def serve() -> Serve:
    return served


@pytest.fixture(scope="session")
def site(shipped: Assistant) -> Iterator[str]:
    """The address of a server where the shipped corpus and its index lie."""
    with served(shipped.index_folder.parents[1]) as running:
        yield running.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Of a module and not of the session: Playwright's event loop counts as running in this thread while it is open.
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Opens the page in a fresh profile; afterwards, checks that it asked nothing of another machine and raised no error."""
    contexts, strangers, errors = [], [], []

    def requested(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            strangers.append(url)

    def open_(path: str = "", *, at: str = site, **profile: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **profile})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requested(request.url))
        page.on("websocket", lambda socket: requested(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(at + path)
        expect(page.get_by_label("Your question")).to_be_enabled()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not strangers
    assert not errors


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Types a question, waits for the whole answer, and gives it."""

    def ask_(page: Page, question: str) -> Locator:
        box = page.get_by_label("Your question")
        answers = page.locator("#chat .bot-row")
        before = answers.count()
        box.fill(question)
        box.press("Enter")
        expect(answers).to_have_count(before + 1)
        expect(answers.nth(before)).not_to_contain_text(re.compile("Searching|Opening"))
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
        return answers.nth(before)

    return ask_
