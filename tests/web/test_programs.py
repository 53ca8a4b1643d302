"""The endpoints and tools, used by the official clients over a real server."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Assistant, SearchFilter
from assistant.types import Sentence
from assistant.web.chat import Chat
from assistant.web.conversations import Conversations
from assistant.web.launch import launched
from assistant.web.opening import Opening
from assistant.web.server import free_port
from assistant.web.wording import in_plain_words

APP = Path(__file__).parents[2] / "app.py"
STA = "when was India moved to STA Tier-1?"

# The clients leave their own sockets and loops to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def url(shipped: Assistant) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, APP],
        cwd=shipped.index_folder.parents[1],
        env=os.environ | {"ASSISTANT_PORT": "0"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    with process.stderr as lines:
        found = next(found for line in lines if (found := re.search(r"Ready: (\S+)", line)))
        drain = threading.Thread(target=lambda: list(lines))
        drain.start()
        yield found[1]
        process.terminate()
        process.wait()
        drain.join()


def test_gradio_client_asks_searches_and_reads(url: str, shipped: Assistant):
    from gradio_client import Client

    client = Client(url, verbose=False)
    answer = client.predict(STA, api_name="/ask")
    expected = shipped.ask(STA).to_dict()
    assert answer["text"] == expected["text"]
    assert answer["citations"] == expected["citations"]

    found = client.predict("logistics agreement", 2, "", "2017-12-31", [], api_name="/search")
    assert 0 < len(found) <= 2
    for passage in found:
        article = client.predict(passage["article_id"], api_name="/articles")
        assert article["published"] <= "2017-12-31"
        assert article["text"][passage["start"] : passage["end"]] == passage["text"]

    sentences = client.predict("The fifth 2+2 Ministerial Dialogue took place in November 2023 in New Delhi.", api_name="/verify")
    assert [sentence["verdict"] for sentence in sentences] == ["supported"]
    assert sentences[0]["citations"]

    named = client.view_api(return_format="dict")["named_endpoints"]
    assert set(named) == {"/ask", "/search", "/verify", "/articles"}
    client.close()


@pytest.mark.parametrize(
    ("endpoint", "arguments", "words"),
    [
        ("/ask", [""], "empty"),
        ("/ask", ["x" * 3000], "3,000"),
        ("/ask", ["x", "soon"], "YYYY-MM-DD"),
        ("/verify", [" "], "nothing to check"),
        ("/verify", ["x" * 9000], "9,000"),
        ("/articles", ["nope"], "'nope'"),
        ("/ask", [None], "'question' is None; give a text."),
        ("/ask", ["x", 5], "5 is not a day; write it as YYYY-MM-DD."),
        ("/ask", ["x", "", "", "ANI"], "The outlets are 'ANI'; give a list of their names"),
        ("/ask", ["x", "", "", [], "no"], "'newest_first' is 'no'; give true or false."),
        ("/search", [7], "'query' is 7; give a text."),
        ("/search", ["x", None], "'limit' is None; give a whole number."),
        ("/search", ["x", 1, "", "", 5], "The outlets are 5; give a list of their names"),
        ("/verify", [7], "'text' is 7; give a text."),
        ("/articles", [None], "'article_id' is None; give a text."),
    ],
)
def test_what_is_wrong_reaches_the_program(url: str, endpoint: str, arguments: list[object], words: str):
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    client = Client(url, verbose=False)
    with pytest.raises(AppError, match=re.escape(words)):
        client.predict(*arguments, api_name=endpoint)
    client.close()


def test_mcp_client_finds_and_calls_the_tools_and_reads_json(url: str, shipped: Assistant):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def use() -> None:
        async with (
            streamable_http_client(f"{url}gradio_api/mcp/") as (receive, send, _),
            ClientSession(receive, send) as session,
        ):
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            assert set(tools) == {"ask_news", "search_news", "verify_text", "get_article"}
            assert list(tools["ask_news"].inputSchema["properties"]) == ["question", "after", "before", "sources", "newest_first"]

            async def call(tool: str, **arguments: object) -> Any:
                result = await session.call_tool(tool, arguments)
                assert not result.isError
                return json.loads(result.content[0].text)

            answer = await call("ask_news", question=STA)
            assert "30 July 2018" in answer["text"]
            assert answer["notice"] is None
            found = await call("search_news", query="logistics agreement", limit=2)
            assert len(found) == 2
            article = await call("get_article", article_id=found[0]["article_id"])
            assert article["text"] == shipped.article(found[0]["article_id"]).text
            (checked,) = await call("verify_text", text="The fifth 2+2 dialogue took place in Paris in 2023.")
            assert checked["verdict"] == "contradicted"
            missing = await session.call_tool("get_article", {"article_id": "nope"})
            assert missing.isError

    asyncio.run(use())


def test_twenty_parallel_askers_get_their_own_answers(shipped: Assistant, tmp_path: Path):
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    chat = Chat(Opening.of(shipped), kept)
    questions = [STA, "Where did the fifth 2+2 Ministerial Dialogue take place?", "When was the logistics agreement signed?"]

    def talk(n: int) -> list[str]:
        reader = f"reader {n}"
        asked = [questions[(n + turn) % len(questions)] for turn in range(2)]
        conversation = None
        for question in asked:
            *_, last = chat.reply(reader, conversation, question, SearchFilter())
            conversation = last.conversation
        exchanges = kept.exchanges(reader, conversation)
        assert [exchange.answer.question for exchange in exchanges] == asked
        return [exchange.answer.text for exchange in exchanges]

    with ThreadPoolExecutor(20) as pool:
        texts = list(pool.map(talk, range(20)))
    # Who asked the same questions was given the same answers, whoever else was asking.
    assert texts[0] == texts[3] == texts[18]
    kept.close()


def test_who_finds_the_queue_full_is_refused_and_the_others_are_answered(shipped: Assistant, tmp_path: Path):
    from gradio_client import Client
    from gradio_client.exceptions import AppError
    from gradio_client.utils import QueueError

    go = threading.Event()

    def open_assistant() -> Assistant:
        go.wait()
        return shipped

    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    with launched(Opening(open_assistant), kept, "127.0.0.1", free_port("127.0.0.1", 0), waiting=2) as url:
        client = Client(url, verbose=False)
        jobs = [client.submit(STA, api_name="/ask") for _ in range(8)]
        # Two run, two wait, and whoever came then has been told.
        wait([job.future for job in jobs], return_when="FIRST_EXCEPTION")
        go.set()
        outcomes = [job.exception() or job.result()["text"] for job in jobs]
        client.close()
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert 1 <= len(refused) <= 6
    assert all(isinstance(error, QueueError | AppError) and "full" in str(error) for error in refused)
    assert {outcome for outcome in outcomes if isinstance(outcome, str)} == {shipped.ask(STA).text}


class Writing:
    """An open assistant whose answers are written sentence by sentence, as a chat model's are."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.settings, self.counts = assistant.settings, assistant.counts
        self.closed = False

    def stream(self, question: str, history: object, search_filter: SearchFilter) -> Iterator[Sentence | Answer]:
        """The sentences of the real answer one by one, then the answer."""
        answer = self._assistant.ask(question, filter=search_filter)
        try:
            yield from answer.sentences
            yield answer
        finally:
            self.closed = True


def test_the_page_grows_by_whole_sentences(shipped: Assistant, tmp_path: Path):
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    chat = Chat(Opening.of(Writing(shipped)), kept)
    steps = list(chat.reply("reader", None, "Who co-chairs the 2+2 Ministerial Dialogue?", SearchFilter()))
    texts = [str(step.messages[-1]["content"]) for step in steps]
    assert "Searching" in texts[0]
    (exchange,) = kept.exchanges("reader", steps[-1].conversation)
    assert len(steps) == 3 + len(exchange.answer.sentences)
    assert [len(text) for text in texts[1:-2]] == sorted(len(text) for text in texts[1:-2])
    assert texts[-2] == texts[-1]
    assert steps[-1].exchange == exchange
    assert all(step.exchange is None for step in steps[:-1])
    kept.close()


def test_giving_up_ends_the_work_and_keeps_nothing(shipped: Assistant, tmp_path: Path):
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    writing = Writing(shipped)
    replying = Chat(Opening.of(writing), kept).reply(
        "reader", None, "Who co-chairs the 2+2 Ministerial Dialogue?", SearchFilter()
    )
    next(replying)
    next(replying)
    replying.close()
    assert writing.closed
    assert kept.titles("reader") == []
    kept.close()


def test_who_gives_up_while_the_answer_is_sought_keeps_nothing(shipped: Assistant, tmp_path: Path):
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    replying = Chat(Opening.of(shipped), kept).reply("reader", None, STA, SearchFilter())
    assert "Searching" in str(next(replying).messages[-1]["content"])
    assert "30 July 2018" in str(next(replying).messages[-1]["content"])
    replying.close()
    assert kept.titles("reader") == []
    kept.close()


def test_an_answer_that_cannot_be_kept_is_shown_and_says_so(shipped: Assistant, tmp_path: Path):
    path = tmp_path / "conversations.sqlite"
    kept = Conversations(path, "f")
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON exchanges BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    *_, last = Chat(Opening.of(shipped), kept).reply("reader", None, STA, SearchFilter())
    shown = unescape(str(last.messages[-1]["content"]))
    assert "30 July 2018" in shown
    assert "Conversations cannot be read or kept now (the disk is full)" in shown
    assert last.exchange
    assert last.exchange.answer.short_answer == "30 July 2018"
    kept.close()


def test_two_answers_in_one_conversation_are_each_shown_with_their_own_evidence(shipped: Assistant, tmp_path: Path):
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    chat = Chat(Opening.of(shipped), kept)
    *_, first = chat.reply("reader", None, STA, SearchFilter())
    here = chat.reply("reader", first.conversation, "Who signed COMCASA?", SearchFilter())
    for _ in range(2):
        next(here)
    *_, there = chat.reply("reader", first.conversation, "When was BECA signed?", SearchFilter())
    *_, here_last = here
    assert there.exchange
    assert here_last.exchange
    assert (there.exchange.turn, here_last.exchange.turn) == (1, 2)
    assert here_last.exchange.answer.question == "Who signed COMCASA?"
    asked = [unescape(str(message["content"])) for message in here_last.messages if message["role"] == "user"]
    assert asked == [STA, "When was BECA signed?", "Who signed COMCASA?"]
    kept.close()


def test_a_question_asked_while_the_articles_are_opened_waits_for_them(shipped: Assistant, tmp_path: Path):
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    opening = Opening(lambda: shipped)
    replying = Chat(opening, kept).reply("reader", None, STA, SearchFilter())
    assert "Opening the articles" in str(next(replying).messages[-1]["content"])
    opening.start()
    assert "Searching" in str(next(replying).messages[-1]["content"])
    *_, last = replying
    assert "30 July 2018" in str(last.messages[-1]["content"])
    kept.close()


def test_a_question_asked_again_is_asked_after_what_came_before_it(shipped: Assistant, tmp_path: Path):
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    chat = Chat(Opening.of(shipped), kept)
    conversation = None
    for question in ("When was the logistics agreement signed?", "and where?"):
        *_, last = chat.reply("reader", conversation, question, SearchFilter())
        conversation = last.conversation
    first, second = kept.exchanges("reader", conversation)
    *_, repeated = chat.reply("reader", conversation, "and where?", SearchFilter(), turn=1)
    again = kept.exchanges("reader", conversation)
    assert [exchange.answer.question for exchange in again] == [first.answer.question, "and where?"]
    assert repeated.exchange == again[1]
    assert again[1].answer.searched_for == second.answer.searched_for
    assert again[1].answer.text == second.answer.text
    kept.close()


@pytest.mark.parametrize(
    "questions",
    [
        ("When was the logistics agreement signed?", "and BECA?"),
        ("When was the logistics agreement signed?", "and where?"),
        ("When was India moved to STA Tier-1?", "who welcomed it?"),
        ("Who co-chairs the 2+2 Ministerial Dialogue?", "Who were the hosts?"),
        ("What is the current value of defence trade between India and the US?", "and how much was it before?", "who said so?"),
    ],
)
def test_what_was_searched_for_finds_the_same_when_it_is_sent_as_it_is(
    shipped: Assistant, tmp_path: Path, questions: tuple[str, ...]
):
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    chat = Chat(Opening.of(shipped), kept)
    conversation = None
    for question in questions:
        *_, last = chat.reply("reader", conversation, question, SearchFilter())
        conversation = last.conversation
    assert last.exchange
    meant = last.exchange.answer
    for _ in range(2):
        *_, last = chat.reply("reader", conversation, in_plain_words(meant), SearchFilter())
        assert last.exchange
        assert last.exchange.answer.question == in_plain_words(meant)
        assert last.exchange.answer.searched_for == meant.searched_for
        assert last.exchange.answer.text == meant.text
    kept.close()


def test_what_is_asked_of_a_shared_conversation_follows_what_was_said_there(shipped: Assistant, tmp_path: Path):
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    chat = Chat(Opening.of(shipped), kept)
    *_, first = chat.reply("owner", None, "When was the logistics agreement signed?", SearchFilter())
    key = kept.share("owner", first.conversation)
    *_, last = chat.reply("guest", None, "and COMCASA?", SearchFilter(), shared=key)
    assert last.exchange
    assert last.exchange.answer.searched_for == "When was COMCASA signed?"
    assert [e.answer.question for e in kept.exchanges("guest", last.conversation)] == [
        "When was the logistics agreement signed?",
        "and COMCASA?",
    ]
    assert len(kept.exchanges("owner", first.conversation)) == 1
    kept.close()
