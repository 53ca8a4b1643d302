"""Answers with a chat model: the model writes, the code decides sentence by sentence what may be shown."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, Protocol

from assistant.answering.context import pack_context
from assistant.answering.prompts import Prompt, load_prompt
from assistant.answering.screening import is_a_fragment, is_an_order, must_not_be_shown
from assistant.answering.sources import SourceSheet, as_data, source_sheet
from assistant.answering.stream_parser import ParsedSentence, StreamParser
from assistant.errors import ModelError
from assistant.models.chat_client import ChatClient, ReplyFacts
from assistant.settings import Settings
from assistant.types import Article, Citation, ScoredChunk, Sentence, Turn, Verdict
from assistant.verification.citations import is_exact
from assistant.verification.passages import Passage

ANSWER_VARIABLES = frozenset({"question", "conversation", "sources", "mark", "decline"})
DECLINE = "NOT IN THE SOURCES"
_DECLINES = re.compile(
    r"\bnot in the sources\b|\b(?:the|these|those) (?:provided |given )?sources? (?:do|does) ?(?:not|n['’]t)\b"
    r"|^(?:i['’]?m )?(?:sorry|i cannot|i can['’]?t|i['’]?m unable|i am unable|as an ai)\b",
    re.IGNORECASE,
)
_CHARACTERS_PER_TOKEN = 8
# Beyond these it is no answer but a copy of the sources, or a model that goes round in circles.
_MOST_SHOWN = 6
_MOST_REMOVED = 20
_MOST_REPEATED = 3


class SentenceChecker(Protocol):
    """Decides whether passages support a sentence: `verification.check_sentence`."""

    def __call__(
        self, text: str, cited: Sequence[Passage], all_passages: Sequence[Passage]
    ) -> tuple[Literal["supported", "corrected", "unsupported"], tuple[Citation, ...]]:
        """The verdict on a sentence that cites some of the passages, and citations with the supporting quotes.

        "corrected": not the cited passages but others support it; the citations are to those.
        """
        ...


@dataclass(frozen=True)
class Reply:
    """What became of a model's reply.

    sentences: those that may be shown, their citations numbered from 1 in the order of appearance.
    failure: why the articles' own sentences should be shown instead, as a sentence; None where the reply will do.
    usage: requests and tokens. timings_ms: making the prompt, to the model's first token, all of the model's time, and the
        checks' (of the first sentence, and of all).
    """

    sentences: tuple[Sentence, ...] = ()
    removed: tuple[Sentence, ...] = ()
    raw_text: str = ""
    failure: str | None = None
    usage: Mapping[str, int] = field(default_factory=dict)
    timings_ms: Mapping[str, float] = field(default_factory=dict)


class GenerativeAnswerer:
    """Asks a chat model and lets through what its sources support."""

    def __init__(
        self,
        client: ChatClient,
        check: SentenceChecker,
        settings: Settings,
        count_tokens: Callable[[str], int],
        *,
        prompt: Prompt | None = None,
        secret: bytes | None = None,
    ) -> None:
        """`count_tokens` is used where the model has no counter of its own; `secret` draws the marks and keys."""
        self._client = client
        self._check = check
        self._settings = settings
        # The same passages come again and again, and a model's own counter may be a request.
        self._count_tokens = lru_cache(maxsize=4096)(client.count_tokens or count_tokens)
        self._prompt = prompt or load_prompt("answer", ANSWER_VARIABLES)
        self._secret = secret or client.secret or secrets.token_bytes(32)

    def stream(
        self, question: str, history: Sequence[Turn], evidence: Sequence[ScoredChunk], articles: Mapping[str, Article]
    ) -> Generator[Sentence, None, Reply]:
        """Yields each sentence as soon as it is checked and may be shown; returns the whole reply.

        `evidence` is best first. Closing the generator ends the request. A model that fails, says nothing or says nothing that
        is supported is no error: `Reply.failure` tells.
        """
        log = _Log(question)
        failure = None
        try:
            # Counting tokens may be a request, which may fail.
            context = pack_context([one.chunk for one in evidence], history, articles, self._count_tokens, self._room(question))
            sheet = source_sheet(context.passages, articles, self._secret, question)
            messages = self._prompt.render(
                {
                    "question": as_data(question),
                    "conversation": _conversation(context.history),
                    "sources": sheet.text,
                    "mark": sheet.mark,
                    "decline": DECLINE,
                }
            )
            log.prompt_is_made()
            with closing(self._client.stream(messages, log.facts)) as pieces:
                passages = [Passage(articles[chunk.article_id], chunk.start, chunk.end) for chunk in context.passages]
                yield from self._sentences(pieces, passages, sheet, log)
        except ModelError as error:
            failure = str(error)  # made to be shown: it holds no key, no address and no prompt
        return log.reply(failure)

    def answer(
        self, question: str, history: Sequence[Turn], evidence: Sequence[ScoredChunk], articles: Mapping[str, Article]
    ) -> Reply:
        """The whole reply at once."""
        stream = self.stream(question, history, evidence, articles)
        while True:
            try:
                next(stream)
            except StopIteration as end:
                reply: Reply = end.value
                return reply

    def _sentences(
        self,
        pieces: Generator[str, None, None],
        passages: Sequence[Passage],
        sheet: SourceSheet,
        log: _Log,
    ) -> Generator[Sentence, None, None]:
        parser = StreamParser(sheet.keys, longest_reply=self._settings.chat_max_tokens * _CHARACTERS_PER_TOKEN)
        for piece in pieces:
            log.raw.append(piece)
            for parsed in parser.feed(piece):
                if log.note(self._verdict(parsed, passages, sheet, log)):
                    yield log.shown[-1]
            if parser.full or log.is_enough():
                return
        for parsed in parser.finish():
            # A reply that was cut ends in the middle of a sentence, which then says something else.
            if parsed.complete or not log.facts.cut:
                if log.note(self._verdict(parsed, passages, sheet, log)):
                    yield log.shown[-1]
            else:
                log.note(Sentence(parsed.text, "unsupported", ()))

    def _verdict(
        self,
        parsed: ParsedSentence,
        passages: Sequence[Passage],
        sheet: SourceSheet,
        log: _Log,
    ) -> Sentence:
        began = time.perf_counter()
        cited = [passages[number - 1] for number in parsed.sources]
        allowed = [passage.article.text[passage.start : passage.end] for passage in cited or passages]
        hidden = [sheet.mark, *sheet.keys]
        verdict: Verdict = "unsupported"
        citations: tuple[Citation, ...] = ()
        declines = bool(_DECLINES.search(parsed.text))
        log.declined |= declines
        refused = declines or is_a_fragment(parsed.text, log.question)
        if not refused and not must_not_be_shown(parsed.text, allowed, hidden, self._prompt.instructions):
            verdict, citations = self._check(parsed.text, cited, passages)
            known = {passage.article.article_id: passage.article for passage in passages}
            if not all(is_exact(one, known) for one in citations) or any(is_an_order(one.quote) for one in citations):
                verdict, citations = "unsupported", ()
            if verdict == "supported" and parsed.unknown:
                verdict = "corrected"  # one of its sources does not exist, and is left out
        log.check_ms += (time.perf_counter() - began) * 1000
        if log.checked_first_ms is None:
            log.checked_first_ms = log.check_ms
        return Sentence(parsed.text, verdict, citations)

    def _room(self, question: str) -> int:
        empty = dict.fromkeys(ANSWER_VARIABLES, "") | {"question": question}
        told = sum(self._count_tokens(text) for _, text in self._prompt.render(empty))
        # The template of the chat and the marks in the instructions come on top.
        return max(0, self._settings.chat_context_tokens - self._settings.chat_max_tokens - told - 100)


class _Log:
    """What is known of a reply so far."""

    def __init__(self, question: str) -> None:
        self.question = question
        self.facts = ReplyFacts()
        self._own_ms = 0.0
        self.raw: list[str] = []
        self.shown: list[Sentence] = []
        self.removed: list[Sentence] = []
        self.declined = False
        self.check_ms = 0.0
        self.checked_first_ms: float | None = None
        self.repeated = 0
        self._markers: dict[tuple[str, int, int], int] = {}

    def prompt_is_made(self) -> None:
        """What went by until now was not the model's time."""
        now = time.perf_counter()
        self._own_ms, self.facts.began = (now - self.facts.began) * 1000, now

    def note(self, sentence: Sentence) -> bool:
        """Keeps a sentence with its citations numbered, once; whether it is a new one that may be shown."""
        if any(sentence.text == other.text for other in (*self.shown, *self.removed)):
            self.repeated += 1
            return False
        if sentence.verdict == "unsupported" or not sentence.citations:
            self.removed.append(replace(sentence, verdict="unsupported"))
            return False
        self.shown.append(replace(sentence, citations=tuple(self._numbered(one) for one in sentence.citations)))
        return True

    def is_enough(self) -> bool:
        """Whether nothing better can come."""
        return len(self.shown) >= _MOST_SHOWN or len(self.removed) >= _MOST_REMOVED or self.repeated >= _MOST_REPEATED

    def _numbered(self, citation: Citation) -> Citation:
        place = citation.article_id, citation.start, citation.end
        return replace(citation, marker=self._markers.setdefault(place, len(self._markers) + 1))

    def reply(self, failure: str | None) -> Reply:
        raw = "".join(self.raw)
        if failure is None and not self.shown:
            if not raw.strip():
                failure = "The chat model said nothing."
            elif self.declined:
                failure = "The chat model found no answer in the articles."
            else:
                failure = "Nothing that the chat model said is in the articles."
        total = (time.perf_counter() - self.facts.began) * 1000
        timings = {"chat_prompt": self._own_ms, "chat_model": total - self.check_ms, "check": self.check_ms}
        timings["check_first"] = self.checked_first_ms or 0.0
        if self.facts.first_token_ms is not None:
            timings["chat_first_token"] = self.facts.first_token_ms
        usage = self.facts.usage()
        return Reply(tuple(self.shown), tuple(self.removed), raw, failure, usage, timings)


def _conversation(history: Sequence[Turn]) -> str:
    if not history:
        return ""
    turns = "\n".join(f"{'Reader' if turn.role == 'user' else 'You'}: {as_data(turn.content)}" for turn in history)
    return f"The conversation so far:\n{turns}"
