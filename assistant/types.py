"""The records that travel between the stages. Standard library only; all of them frozen.

Offsets count characters (Unicode code points) of `Article.text`, half-open: `text[start:end]`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

MAX_QUESTION_CHARACTERS = 2000

Role = Literal["user", "assistant"]
Verdict = Literal["supported", "corrected", "unsupported", "contradicted", "not found"]


@dataclass(frozen=True, slots=True)
class Article:
    """One news article. `text` is the body alone: no headline, no dateline."""

    article_id: str
    title: str
    text: str
    source: str | None = None
    author: str | None = None
    url: str | None = None
    published: date | None = None

    def content_hash(self) -> str:
        """SHA-256 over every field, in hex: two articles with the same hash are the same to the index."""
        return hashlib.sha256(json.dumps(_plain(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of an article: `article.text[start:end] == text`, always. Its id comes from the article and the offsets."""

    chunk_id: str
    article_id: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A chunk with the score that its `origin` gave it ("reader", or "search" where it was not read); rank counts from 1."""

    chunk: Chunk
    score: float
    rank: int
    origin: str


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which articles may be searched. Both dates are inclusive; an undated article never passes a date bound.

    newest_first: of the passages that answer, those of the newest article come first. It shuts out nothing.
    """

    published_after: date | None = None
    published_before: date | None = None
    sources: tuple[str, ...] = ()
    newest_first: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.sources, str):  # each of its letters would be an outlet
            raise TypeError(f"sources is {self.sources!r}; give a tuple of outlets.")

    @property
    def narrows(self) -> bool:
        """Whether it shuts out any article."""
        return bool(self.published_after or self.published_before or self.sources)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The words that support a sentence: `article.text[start:end] == quote`. `support` is in [0, 1]; 1 is word for word."""

    marker: int
    article_id: str
    title: str
    source: str | None
    published: date | None
    quote: str
    start: int
    end: int
    support: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that a sentence has, `text[claim_start:claim_end] == claimed`, and what the article has in its place,
    `article.text[start:end] == found`."""

    claimed: str
    claim_start: int
    claim_end: int
    article_id: str
    found: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, what the check of it found, and the citations.

    verdict: of an answer's sentence "supported", "corrected" (another passage than the cited one supports it) or "unsupported";
        of a text that is checked "supported", "contradicted" or "not found".
    differs: where it is contradicted, the values that are not the article's.
    """

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...]
    differs: tuple[Difference, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers; dates in ISO 8601."""
        plain: dict[str, Any] = _plain(self)
        return plain


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question, with everything that led to it.

    text: what is shown, with markers such as `[1]`; on an abstention, the words that say so.
    short_answer: the date, number, person or place asked for, as the article writes it; None where none was found.
    evidence: the passages that were read, best first.
    abstained, reason: whether no answer is given, and why not.
    confidence: calibrated probability in [0, 1] that the articles answer the question.
    searched_for: the question as searched; differs from `question` in a follow-up.
    signals: what the confidence was computed from, by name; `answering/confidence.json` says what each means.
    removed: sentences that were not shown because nothing supports them.
    raw_text: a chat model's reply before checking; None in extractive answers.
    timings_ms: milliseconds per stage.
    usage: requests to a chat model and tokens, by the model's own count; empty where none was asked.
    notice: what the reader should know about how the answer came about, such as a chat model that failed; None: nothing.
    """

    question: str
    text: str
    short_answer: str | None
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    evidence: tuple[ScoredChunk, ...]
    abstained: bool
    reason: str | None
    confidence: float
    searched_for: str
    signals: Mapping[str, float] = field(default_factory=dict)
    removed: tuple[Sentence, ...] = ()
    raw_text: str | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    usage: Mapping[str, int] = field(default_factory=dict)
    notice: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers; dates in ISO 8601. What `--json` prints."""
        plain: dict[str, Any] = _plain(self)
        return plain


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
