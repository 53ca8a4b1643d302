from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import AsyncGeneratorType

import pytest
from faulty_server import REPLY, FaultyServer
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk

from assistant.errors import GenerationTimeout, ModelError
from assistant.models.chat_client import ChatClient, ReplyFacts, _loop
from assistant.models.chat_model import load_chat_model
from assistant.models.reply_cache import ReplyCache
from assistant.models.scripted import ScriptedChatModel

ASK = [("system", "Secret instructions."), ("user", "Did it rain?")]
KEY = "sk-very-secret"


def client(server: FaultyServer, **values: float) -> ChatClient:
    """The real OpenAI client of LangChain; it waits little between tries."""
    return ChatClient(load_chat_model("openai:fake", server.base_url), backoff_s=0.01, **values)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def test_a_reply_comes_in_pieces_with_its_tokens() -> None:
    facts = ReplyFacts()
    with FaultyServer(["ok"]) as server:
        pieces = list(client(server).stream(ASK, facts))
    assert "".join(pieces) == REPLY
    assert len(pieces) > 3
    assert facts.usage() == {"requests": 1, "input_tokens": 11, "output_tokens": 7}
    assert facts.first_token_ms
    assert server.requests[0]["messages"] == [
        {"role": "system", "content": "Secret instructions."},
        {"role": "user", "content": "Did it rain?"},
    ]


@pytest.mark.parametrize("plan", [[429, "ok"], [500, 503, "ok"], [408, "ok"]])
def test_what_may_succeed_is_tried_again(plan: Sequence[str | int]) -> None:
    facts = ReplyFacts()
    with FaultyServer(plan) as server:
        assert client(server).complete(ASK, facts) == REPLY
    assert facts.requests == len(server.requests) == len(plan)


@pytest.mark.parametrize(
    ("plan", "requests", "told"),
    [
        ([429], 3, r"after 3 tries: the server is busy or the quota is used up \(status 429\)"),
        ([500], 3, r"after 3 tries: the server answered with status 500"),
        ([401], 1, r"failed: the server refused the key \(status 401\)"),
        ([404], 1, r"failed: the server doesn't know that model \(status 404\)"),
        ([400], 1, r"failed: the server answered with status 400"),
        (["cut"], 1, "its reply broke off"),
        (["reset"], 1, "the connection or the reply failed"),
        (["garbage"], 1, "the connection or the reply failed"),
    ],
)
def test_a_failure_is_told_without_key_address_or_prompt(plan: list[str | int], requests: int, told: str) -> None:
    with FaultyServer(plan) as server, pytest.raises(ModelError, match=told) as caught:
        client(server).complete(ASK)
    assert len(server.requests) == requests
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert all(word not in str(caught.value) for word in (KEY, "127.0.0.1", "instructions", "rain", "secret"))


def test_a_server_that_is_not_there() -> None:
    with FaultyServer(["ok"]) as server:
        nobody = client(server, retries=1)
    facts = ReplyFacts()
    with pytest.raises(ModelError, match="after 2 tries: the connection or the reply failed"):
        nobody.complete(ASK, facts)


def test_words_that_were_passed_on_are_not_said_twice() -> None:
    with FaultyServer(["reset", "ok"]) as server, pytest.raises(ModelError):
        client(server).complete(ASK)
    assert len(server.requests) == 1


@pytest.mark.parametrize("plan", [["silent"], ["stalled"], ["endless"]])
def test_the_deadline_holds_for_the_whole_reply_and_ends_the_request(plan: list[str]) -> None:
    began = time.monotonic()
    with FaultyServer(plan) as server:
        with pytest.raises(GenerationTimeout, match=r"did not finish in 0\.4 seconds"):
            client(server, timeout_s=0.4).complete(ASK)
        assert time.monotonic() - began < 3
        assert server.left.wait(10)


def test_retries_end_with_the_deadline() -> None:
    with FaultyServer([503]) as server, pytest.raises(GenerationTimeout):
        ChatClient(load_chat_model("openai:fake", server.base_url), timeout_s=0.5, retries=9, backoff_s=5).complete(ASK)


@pytest.mark.parametrize("plan", [["endless"], ["stalled"]])
def test_closing_the_stream_ends_the_request(plan: list[str]) -> None:
    with FaultyServer(plan) as server:
        with closing(client(server).stream(ASK)) as pieces:
            assert next(pieces)
            assert not server.left.is_set()
        assert server.left.wait(10)


def test_a_model_has_so_many_requests_at_a_time() -> None:
    with FaultyServer(["stalled"]) as server:
        one = client(server, concurrency=1, timeout_s=2)
        with closing(one.stream(ASK)) as first:
            assert next(first)
            with pytest.raises(GenerationTimeout, match="was busy with other questions"):
                one.complete(ASK)
        assert len(server.requests) == 1
        with closing(one.stream(ASK)) as second:
            assert next(second)


def test_identical_requests_are_made_once_when_there_is_a_cache(tmp_path: Path) -> None:
    model = ScriptedChatModel(lines=["First.", "Second.", "Third."])
    path = tmp_path / "replies.sqlite"
    kept = ChatClient(model, cache=ReplyCache(path))
    facts = ReplyFacts()
    assert [kept.complete(ASK), kept.complete(ASK, facts)] == ["First.", "First."]
    assert facts.cached
    assert kept.complete([("user", "Something else?")]) == "Second."
    assert ChatClient(model, cache=ReplyCache(path)).complete(ASK) == "First."
    assert ChatClient(model).complete(ASK) == "Third."
    assert b"rain" not in path.read_bytes()


class HostedModel(ScriptedChatModel):
    """A model that says nothing of itself but what LangChain asks of every class, as many do."""

    model: str = "small"
    temperature: float = 0.0
    max_tokens: int = 400
    base_url: str | None = None


class OtherModel(HostedModel):
    pass


@pytest.mark.parametrize(
    "other",
    [
        HostedModel(lines=["Second."], model="large"),
        HostedModel(lines=["Second."], temperature=0.7),
        HostedModel(lines=["Second."], max_tokens=40),
        HostedModel(lines=["Second."], base_url="http://elsewhere/v1"),
        OtherModel(lines=["Second."]),
    ],
)
def test_a_reply_is_kept_for_its_own_model_alone(tmp_path: Path, other: HostedModel) -> None:
    cache = ReplyCache(tmp_path / "replies.sqlite")
    assert ChatClient(HostedModel(lines=["First."]), cache=cache).complete(ASK) == "First."
    assert ChatClient(HostedModel(lines=["Third."]), cache=cache).complete(ASK) == "First."
    assert ChatClient(other, cache=cache).complete(ASK) == "Second."


def test_two_servers_may_call_two_models_alike(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path / "replies.sqlite")
    with FaultyServer(["First."]) as one, FaultyServer(["Second."]) as other:
        replies = [ChatClient(load_chat_model("openai:x", each.base_url), cache=cache).complete(ASK) for each in (one, other)]
    assert replies == ["First.", "Second."]


class EndingModel(ScriptedChatModel):
    """Says why its reply ended."""

    reason: dict[str, str]

    def _chunks(self, messages: list[BaseMessage]) -> Iterator[ChatGenerationChunk]:
        yield from super()._chunks(messages)
        yield ChatGenerationChunk(message=AIMessageChunk(content="", response_metadata=self.reason))


@pytest.mark.parametrize(
    ("reason", "cut"),
    [
        ({"finish_reason": "length"}, True),
        ({"stop_reason": "max_tokens"}, True),
        ({"stopReason": "max_tokens"}, True),
        ({"finish_reason": "MAX_TOKENS"}, True),
        ({"finish_reason": "FinishReason.MAX_TOKENS"}, True),
        ({"done_reason": "length"}, True),
        ({"finish_reason": "stop"}, False),
        ({"finish_reason": "FinishReason.STOP"}, False),
        ({"stop_reason": "end_turn"}, False),
        ({}, False),
    ],
)
def test_a_reply_that_was_cut_is_not_kept(tmp_path: Path, reason: dict[str, str], cut: bool) -> None:
    kept = ChatClient(EndingModel(lines=["First.", "Second."], reason=reason), cache=ReplyCache(tmp_path / "replies.sqlite"))
    facts = ReplyFacts()
    assert kept.complete(ASK, facts) == "First."
    assert facts.cut is cut
    assert kept.complete(ASK) == ("Second." if cut else "First.")


def test_a_cache_that_fails_is_logged_and_the_model_asked(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = ReplyCache(tmp_path / "replies.sqlite")
    kept = ChatClient(ScriptedChatModel(lines=["First.", "Second."]), cache=cache)
    cache.close()
    assert [kept.complete(ASK), kept.complete(ASK)] == ["First.", "Second."]
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 4
    assert "chat_cache cannot be read" in caplog.text
    assert "chat_cache cannot be written" in caplog.text
    assert all(word not in caplog.text for word in ("rain", "instructions", "First"))


def test_a_reply_that_failed_is_not_kept(tmp_path: Path) -> None:
    model = ScriptedChatModel(lines=[ValueError("no"), "Fine."])
    kept = ChatClient(model, cache=ReplyCache(tmp_path / "replies.sqlite"))
    with pytest.raises(ModelError):
        kept.complete(ASK)
    assert kept.complete(ASK) == "Fine."


async def every_request_ended() -> None:
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)


@pytest.mark.parametrize("plan", ["endless", "garbage"])
def test_a_reply_left_early_leaves_no_generator_open(plan: str) -> None:
    def suspended() -> set[int]:
        # By type: asking some lazy objects for their class wakes them up.
        return {id(each) for each in gc.get_objects() if type(each) is AsyncGeneratorType and each.ag_frame is not None}

    before = suspended()
    gc.disable()
    try:
        with FaultyServer([plan]) as server:
            client = ChatClient(load_chat_model("openai:fake", server.base_url), timeout_s=10, retries=0)
            with closing(client.stream([("user", "Was anybody hurt?")])) as pieces, suppress(ModelError):
                for _ in range(4):
                    next(pieces)
            asyncio.run_coroutine_threadsafe(every_request_ended(), _loop()).result(20)
            assert suspended() <= before
    finally:
        gc.enable()
