"""While the articles are being opened, and while others fill the queue: the page says so and loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant import Assistant
from assistant.web.conversations import Conversations
from assistant.web.launch import launched
from assistant.web.opening import Opening
from assistant.web.server import free_port

STA = "when was India moved to STA Tier-1?"

# The server runs in this process; it and the client leave their sockets and loops to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@dataclass(frozen=True)
class Held:
    """A server whose articles are opened when the test says so, and in whose queue one may wait."""

    url: str
    go: threading.Event


@pytest.fixture
def held(shipped: Assistant, tmp_path: Path) -> Iterator[Held]:
    go = threading.Event()

    def open_assistant() -> Assistant:
        go.wait()
        return shipped

    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    with launched(Opening(open_assistant), kept, "127.0.0.1", free_port("127.0.0.1", 0), waiting=1) as url:
        yield Held(url.rstrip("/"), go)
        go.set()


def test_a_question_asked_while_the_articles_are_opened_is_answered_as_soon_as_they_are(open_page, held: Held):
    page = open_page(at=held.url)
    expect(page.get_by_role("status").first).to_have_text("Opening the articles…")
    expect(page.get_by_role("button", name="Select example")).to_have_count(0)
    box = page.get_by_label("Your question")
    box.fill(STA)
    box.press("Enter")
    expect(page.locator("#chat .bot-row")).to_contain_text("Opening the articles…")
    held.go.set()
    expect(page.locator("#chat .bot-row")).to_contain_text("30 July 2018")
    expect(page.get_by_role("status").first).to_contain_text("57 articles")


def test_the_one_for_whom_there_is_no_place_is_told_and_keeps_the_question(open_page, held: Held):
    pages = [open_page(at=held.url) for _ in range(4)]
    for page in pages[:2]:  # two are answered at a time
        page.get_by_label("Your question").fill(STA)
        page.get_by_label("Your question").press("Enter")
        expect(page.locator("#chat .bot-row")).to_contain_text("Opening the articles…")
    third, fourth = pages[2:]
    with third.expect_response("**/queue/join*") as joined:
        third.get_by_label("Your question").fill(STA)
        third.get_by_label("Your question").press("Enter")
    assert joined.value.status == 200
    box = fourth.get_by_label("Your question")
    with fourth.expect_response("**/queue/join*") as refused:
        box.fill(STA)
        box.press("Enter")
    assert refused.value.status == 503
    expect(fourth.get_by_text("busy")).to_be_visible()
    expect(box).to_have_value(STA)
    held.go.set()
    for page in pages[:3]:
        expect(page.locator("#chat .bot-row")).to_contain_text("30 July 2018")
    expect(fourth.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    box.press("Enter")
    expect(fourth.locator("#chat .bot-row")).to_contain_text("30 July 2018")
