"""One chat model with a deadline, retries, a limit on requests at a time, and an end to a request that nobody waits for.

The requests run on an event loop in a thread of its own, because only there can a request that hangs be ended at once.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import weakref
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from concurrent.futures import Future
from contextlib import aclosing, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from types import AsyncGeneratorType
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_messages
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from assistant.errors import GenerationTimeout, ModelError
from assistant.models.chat_errors import describe, provider_errors, worth_retrying
from assistant.models.reply_cache import ReplyCache

Message = tuple[str, str]  # role, text
_REASONS = ("finish_reason", "stop_reason", "stopReason", "done_reason")
# How providers call the end of a whole reply; they have more words for one that was cut than anybody can list.
_WHOLE = {"stop", "end_turn", "stop_sequence", "eos", "eos_token", "complete", "completed"}
# Where a model's class keeps what runs it: the file of a local one, whose address is new each time, or the server's address.
_PLACES = ("file", "base_url", "openai_api_base", "anthropic_api_url", "azure_endpoint", "endpoint_url")
# Providers that always say why a reply ended: without that it was cut.
_TELL_THE_END = {"openai", "anthropic", "ollama"}
# The asynchronous generators that the request at hand has begun, its own and those of the provider's client.
_GENERATORS: ContextVar[list[weakref.ref[AsyncGenerator[Any, Any]]] | None] = ContextVar("generators", default=None)


@dataclass
class ReplyFacts:
    """What is known of a reply once it has ended. Tokens are the provider's count; 0 where it gives none."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    first_token_ms: float | None = None
    finish_reason: str | None = None
    provider: str | None = None
    cached: bool = False
    began: float = field(default_factory=time.perf_counter)

    @property
    def cut(self) -> bool:
        """Whether the provider says that the reply ended before it was whole, as one that ran out of room does."""
        # Some say "STOP", and some libraries "FinishReason.STOP".
        return self.finish_reason is not None and self.finish_reason.rpartition(".")[2].lower() not in _WHOLE

    def usage(self) -> dict[str, int]:
        """The counts alone."""
        return {"requests": self.requests, "input_tokens": self.input_tokens, "output_tokens": self.output_tokens}


class ChatClient:
    """Streams the replies of a LangChain chat model. Safe to use from several threads."""

    def __init__(
        self,
        model: BaseChatModel,
        *,
        timeout_s: float = 60.0,
        retries: int = 2,
        concurrency: int = 4,
        backoff_s: float = 0.5,
        cache: ReplyCache | None = None,
    ) -> None:
        """`timeout_s` is for the whole reply, waiting and retries included; `backoff_s` is doubled after each try."""
        self.model = model
        self.timeout_s = timeout_s
        self._retries = retries
        self._backoff_s = backoff_s
        self._turns = threading.BoundedSemaphore(concurrency)
        self._cache = cache

    @property
    def secret(self) -> bytes | None:
        """What the cache keeps to draw the same marks for the same request; None without a cache."""
        return self._cache.secret if self._cache is not None else None

    def close(self) -> None:
        """Releases the cache's file."""
        if self._cache is not None:
            self._cache.close()

    @property
    def count_tokens(self) -> Callable[[str], int] | None:
        """The model's own counter; None where it has none that works without the network."""
        return self.model.get_num_tokens if self.model.custom_get_token_ids is not None else None

    def stream(self, messages: Sequence[Message], facts: ReplyFacts | None = None) -> Generator[str, None, None]:
        """The pieces of a reply as they come; `facts` is filled in along the way. Closing the generator ends the request.

        Raises:
            GenerationTimeout: the reply was not complete in time.
            ModelError: the model failed, also when tried again; the message holds no key, no address and no prompt.
        """
        facts = facts or ReplyFacts()
        deadline = time.monotonic() + self.timeout_s
        name = _identity(self.model)
        if self._cache is not None and (kept := self._cache.get(name, messages)) is not None:
            facts.cached = True
            yield kept
            return
        if not self._turns.acquire(timeout=self.timeout_s):
            raise GenerationTimeout(f"The chat model was busy with other questions for {self.timeout_s:g} seconds; ask again.")
        pieces: list[str] = []
        try:
            for piece in self._request(convert_to_messages(list(messages)), deadline, facts):
                pieces.append(piece)
                yield piece
        finally:
            self._turns.release()
        # What is kept doesn't tell why it ended.
        if self._cache is not None and not facts.cut:
            self._cache.put(name, messages, "".join(pieces))

    def complete(self, messages: Sequence[Message], facts: ReplyFacts | None = None) -> str:
        """The whole reply at once. Raises what `stream` raises."""
        return "".join(self.stream(messages, facts))

    def _request(self, messages: list[BaseMessage], deadline: float, facts: ReplyFacts) -> Generator[str, None, None]:
        arrived: SimpleQueue[AIMessageChunk | None] = SimpleQueue()
        running: list[asyncio.Task[Any]] = []
        work = self._produce(messages, arrived.put, facts, running)
        future: Future[None] = asyncio.run_coroutine_threadsafe(work, _loop())
        future.add_done_callback(lambda _: arrived.put(None))
        try:
            while (chunk := arrived.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
                if time.monotonic() > deadline:
                    raise Empty
                _note(facts, chunk)
                if chunk.text:
                    if facts.first_token_ms is None:
                        facts.first_token_ms = (time.perf_counter() - facts.began) * 1000
                    yield chunk.text
            future.result()
        except Empty:
            raise GenerationTimeout(f"The chat model did not finish in {self.timeout_s:g} seconds.") from None
        # What the provider raised may quote the key, the address or the prompt: it is not passed on.
        except provider_errors() as error:
            tries = f" after {facts.requests} tries" if facts.requests > 1 else ""
            raise ModelError(f"The chat model failed{tries}: {describe(error)}.") from None
        finally:
            future.cancel()
            asyncio.run_coroutine_threadsafe(_end(running), _loop())
        if facts.finish_reason is None and facts.provider in _TELL_THE_END:
            raise ModelError("The chat model failed: its reply broke off.")
        if facts.finish_reason in {"content_filter", "refusal"}:
            raise ModelError("The chat model failed: its provider withheld the reply.")

    async def _produce(
        self,
        messages: list[BaseMessage],
        put: Callable[[AIMessageChunk], None],
        facts: ReplyFacts,
        running: list[asyncio.Task[Any]],
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.append(task)
        generators: list[weakref.ref[AsyncGenerator[Any, Any]]] = []
        _GENERATORS.set(generators)
        begun = False

        def again(error: BaseException) -> bool:
            # Once words were passed on, a second try would say them twice.
            return not begun and worth_retrying(error)

        attempts = AsyncRetrying(
            retry=retry_if_exception(again),
            stop=stop_after_attempt(self._retries + 1),
            wait=wait_random_exponential(multiplier=self._backoff_s, max=10.0),
            reraise=True,
        )
        try:
            async for attempt in attempts:
                with attempt:
                    facts.requests += 1
                    stream: Any = self.model.astream(messages)
                    async with aclosing(stream) as chunks:
                        async for chunk in chunks:
                            begun = begun or bool(chunk.text)
                            put(chunk)
                            # A flood of words that have already arrived would leave the loop no moment to end this.
                            await asyncio.sleep(0)
                            if task.cancelling():
                                raise asyncio.CancelledError
        finally:
            await _close(generators)


async def _close(generators: list[weakref.ref[AsyncGenerator[Any, Any]]]) -> None:
    """Closes what the provider's client left open, the outermost first.

    A reply that isn't read to its end leaves the client's own generators suspended, some of them in reference cycles. Left to
    the garbage collector, they may be finalised by another thread while this loop is closing them, which Python reports as
    "async generator already executing".
    """
    for reference in generators:
        generator = reference()
        if isinstance(generator, AsyncGeneratorType) and generator.ag_frame is not None:
            # A failure to close says nothing about the reply.
            with suppress(Exception):
                await generator.aclose()


async def _end(running: list[asyncio.Task[Any]]) -> None:
    """Cancels until it is done: the timers of Python 3.11 can swallow a cancellation that comes as they end."""
    for task in running:
        for _ in range(20):
            if task.done():
                break
            task.cancel()
            await asyncio.wait([task], timeout=0.25)


def _note(facts: ReplyFacts, chunk: AIMessageChunk) -> None:
    about = chunk.response_metadata
    facts.provider = about.get("model_provider", facts.provider)
    facts.finish_reason = next((str(about[name]) for name in _REASONS if about.get(name)), facts.finish_reason)
    if chunk.usage_metadata:
        facts.input_tokens += chunk.usage_metadata["input_tokens"]
        facts.output_tokens += chunk.usage_metadata["output_tokens"]


def _identity(model: BaseChatModel) -> str:
    """What shapes the model's replies: its class, its parameters, and what runs it."""
    place = next((str(found) for name in _PLACES if (found := getattr(model, name, None))), "")
    # Many classes leave the identifying parameters empty; those for LangSmith name the model, its temperature and its room.
    parameters = {**model._identifying_params, **model._get_ls_params()}
    return f"{type(model).__module__}.{type(model).__qualname__} {sorted(parameters.items(), key=str)} {place}"


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop that all chat models share; clients keep connections, and those belong to a loop."""
    loop = asyncio.new_event_loop()
    loop.call_soon(_note_generators)
    threading.Thread(target=loop.run_forever, name="chat-models", daemon=True).start()
    return loop


def _note_generators() -> None:
    """From now on each asynchronous generator that is begun in this thread is noted for the request that began it."""
    hooks = sys.get_asyncgen_hooks()

    def first_iteration(generator: AsyncGenerator[Any, Any]) -> None:
        if hooks.firstiter is not None:
            hooks.firstiter(generator)
        if (generators := _GENERATORS.get()) is not None:
            generators.append(weakref.ref(generator))

    sys.set_asyncgen_hooks(firstiter=first_iteration)
