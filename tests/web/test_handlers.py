"""What the page becomes when the file of conversations cannot be read or written: every event says so, and none raises."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from starlette.requests import Request

from assistant import Assistant
from assistant.errors import CorpusError
from assistant.types import Answer, SearchFilter
from assistant.web.chat import Chat
from assistant.web.conversations import Conversations
from assistant.web.handlers import NOT_BEGUN, Handlers
from assistant.web.opening import Opening

READER = "a-reader-of-the-news-articles"
ANSWER = Answer("Did it rain?", "The articles don't say.", None, (), (), (), True, "no match", 0.1, "Did it rain?")
UNREADABLE = "Conversations cannot be read or kept now (no such table: exchanges); see that the disk has room"


def asked(query: bytes = b"") -> gr.Request:
    """A request of the reader's browser."""
    scope = {"type": "http", "headers": [(b"cookie", f"news_reader={READER}".encode())], "query_string": query}
    return gr.Request(Request(scope))


class Page:
    """The events of a page with one conversation kept, over a file that the test can spoil. Its articles cannot be opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.kept = Conversations(path, "f")
        self.conversation, _ = self.kept.add(f"cookie {READER}", None, ANSWER, SearchFilter())

        def open_assistant() -> Assistant:
            raise CorpusError("No articles.")

        opening = Opening(open_assistant)
        opening.start()
        self.on = Handlers(Chat(opening, self.kept))

    def spoil(self, statement: str) -> None:
        """Does something to the file that another program might do."""
        with closing(sqlite3.connect(self._path)) as other:
            other.execute(statement)
            other.commit()

    def cannot_be_read(self) -> None:
        """From now on nothing can be read or kept."""
        self.spoil("DROP TABLE exchanges")

    def cannot_be_written(self) -> None:
        """From now on what is kept stays as it is."""
        for change in ("UPDATE", "DELETE"):
            self.spoil(
                f"CREATE TRIGGER no_{change} BEFORE {change} ON conversations BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            )


@pytest.fixture
def page(tmp_path: Path):
    page = Page(tmp_path / "conversations.sqlite")
    yield page
    page.kept.close()


def shown(messages: Any) -> list[str]:
    """What stands in the chat, given as messages or as a component, which keeps each as a list of parts."""
    contents = [message["content"] for message in (messages.value if isinstance(messages, gr.Chatbot) else messages)]
    return [unescape(content if isinstance(content, str) else content[0]["text"]) for content in contents]


def test_a_conversation_that_cannot_be_read_is_open_and_says_why(page: Page):
    page.cannot_be_read()
    pending, _, messages, key, *_, current = page.on.open(page.conversation, asked())
    (words,) = shown(messages)
    assert UNREADABLE in words
    # Whatever is asked next belongs to the one that was chosen.
    assert (pending, key, current) == ("", "", page.conversation)


def test_a_new_chat_and_a_page_opened_anew_say_it_too(page: Page):
    page.cannot_be_read()
    _, _, messages, *_, current = page.on.new(asked())
    assert UNREADABLE in shown(messages)[0]
    assert current == NOT_BEGUN
    messages, key, *_ = page.on.restore(page.conversation, asked())
    assert UNREADABLE in shown(messages)[0]
    assert key == ""
    # While another's conversation is looked at, one's own stays apart, readable or not.
    messages, key, *_ = page.on.restore(page.conversation, asked(b"shared=k"))
    assert UNREADABLE in shown(messages)[0]
    assert key == "k"


def test_a_question_that_finds_the_file_unreadable_is_told_so_and_stays_in_the_box(page: Page):
    page.cannot_be_read()
    *_, last = page.on.reply("Is it dry?", page.conversation, "", None, None, None, False, asked())
    box, pending, _, messages, *_ = last
    question, words = shown(messages)
    assert (box.value, pending, question) == ("Is it dry?", "", "Is it dry?")
    assert UNREADABLE in words


def test_whoever_stops_then_has_the_question_and_the_reason(page: Page):
    page.cannot_be_read()
    box, pending, messages = page.on.stop("Is it dry?", "", page.conversation, "", asked())
    assert (box.value, pending) == ("Is it dry?", "")
    assert UNREADABLE in shown(messages)[0]


def test_a_message_whose_evidence_cannot_be_read_says_so_in_its_place(page: Page):
    page.cannot_be_read()
    clicked = gr.SelectData(None, {"index": 1, "value": ""})
    assert UNREADABLE in unescape(page.on.show_evidence(page.conversation, "", clicked, asked()))


@pytest.mark.parametrize(
    "event",
    [
        lambda on, conversation: on.copy_as("Text")(conversation, "", asked()),
        lambda on, conversation: on.export(conversation, "", "", asked()),
    ],
)
def test_what_reads_for_the_clipboard_or_a_file_is_refused_in_words(page: Page, event: Callable[[Handlers, str], object]):
    page.cannot_be_read()
    with pytest.warns(UserWarning, match="no such table"):  # which is what Gradio makes of it where no page listens
        assert event(page.on, page.conversation) == ""


@pytest.mark.parametrize(
    "event",
    [
        lambda on, conversation: on.rename(conversation, "", "Rain", asked()),
        lambda on, conversation: on.delete(conversation, "", asked()),
        lambda on, conversation: on.share(conversation, "", asked()),
    ],
)
def test_what_changes_a_conversation_is_refused_in_words_and_leaves_it(page: Page, event: Callable[[Handlers, str], object]):
    page.cannot_be_written()
    with pytest.warns(UserWarning, match="the disk is full"):
        assert event(page.on, page.conversation) in (gr.skip(), "")
    assert page.kept.titles(f"cookie {READER}") == [("Did it rain?", page.conversation)]
