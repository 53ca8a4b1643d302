"""The file of conversations refuses to be written, and then to be read: the reader sees it, whatever they do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conversations.sqlite"


@pytest.fixture
def url(shipped: Assistant, path: Path) -> Iterator[str]:
    with launched(Opening.of(shipped), Conversations(path, "f"), "127.0.0.1", free_port("127.0.0.1", 0)) as served:
        yield served.rstrip("/")


@pytest.fixture
def spoil(path: Path) -> Callable[[str], None]:
    """Does something to the file that another program might do."""

    def run(statement: str) -> None:
        with closing(sqlite3.connect(path)) as other:
            other.execute(statement)
            other.commit()

    return run


def test_what_is_not_kept_is_told_at_the_side_and_changes_nothing(open_page, ask, url: str, spoil: Callable[[str], None]):
    page = open_page(at=url)
    answer = ask(page, STA)
    for table in ("conversations", "exchanges"):
        spoil(f"CREATE TRIGGER full_{table} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")

    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.get_by_text("The thumb was not kept")).to_be_visible()

    page.get_by_role("button", name="Toggle Sidebar").click()
    page.get_by_label("Rename").fill("Licence tiers")
    page.get_by_label("Rename").press("Enter")
    told = page.get_by_text("Conversations cannot be read or kept now (the disk is full)")
    expect(told).to_have_count(1)
    page.get_by_role("button", name="Share link").click()
    expect(told).to_have_count(2)
    expect(answer).to_contain_text("30 July 2018")
    expect(page.locator("#conversations label", has_text=STA)).to_be_visible()


def test_what_cannot_be_read_is_told_where_it_would_stand(open_page, ask, url: str, spoil: Callable[[str], None]):
    page = open_page(at=url)
    ask(page, STA)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("#chat .bot-row")).to_have_count(0)
    spoil("ALTER TABLE exchanges RENAME TO moved")

    page.get_by_role("button", name="Toggle Sidebar").click()
    page.locator("#conversations label", has_text=STA).click()
    expect(page.locator("#chat .bot-row")).to_contain_text("Conversations cannot be read or kept now")
    box = page.get_by_label("Your question")
    box.fill(STA)
    box.press("Enter")
    expect(page.locator("#chat .user-row")).to_have_text([STA])
    expect(page.locator("#chat .bot-row")).to_contain_text("Conversations cannot be read or kept now")
    expect(box).to_have_value(STA)
    # Once the file is itself again, the conversation that was chosen goes on.
    spoil("ALTER TABLE moved RENAME TO exchanges")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    box.press("Enter")
    expect(page.locator("#chat .user-row")).to_have_text([STA, STA])
    expect(page.locator("#chat .bot-row").nth(1)).to_contain_text("30 July 2018")
