"""Fits sources and conversation into a model's window, counted in tokens."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.ingestion.sentences import sentence_spans
from assistant.types import Article, Chunk, Turn

logger = logging.getLogger(__name__)
# Sources matter most: the conversation gets at most this share of the room.
_SHARE_OF_HISTORY = 0.25
# The title, the marks and the keys around a source.
_AROUND_A_SOURCE = 60
# A few words of a passage say nothing.
_LEAST_PASSAGE = 20


@dataclass(frozen=True, slots=True)
class Context:
    """What goes into the prompt: passages best first, turns oldest first."""

    passages: tuple[Chunk, ...]
    history: tuple[Turn, ...]


def pack_context(
    chunks: Sequence[Chunk],
    history: Sequence[Turn],
    articles: Mapping[str, Article],
    count_tokens: Callable[[str], int],
    room: int,
) -> Context:
    """As much as fits into `room` tokens.

    The newest turns that fit into a quarter of the room are kept. Then passages, best first (`chunks` is in that order): those
    that touch or overlap in an article become one, in the place of the better; the first that does not fit is cut at the end
    of a sentence, and nothing follows it.
    """
    kept = _newest(history, count_tokens, int(room * _SHARE_OF_HISTORY))
    left = room - sum(count_tokens(turn.content) for turn in kept)
    chosen: list[Chunk] = []
    for chunk in chunks:
        trial = _merged([*chosen, chunk], articles)
        if _size(trial, count_tokens) <= left:
            chosen = trial
            continue
        part = _beginning(chunk, left - _size(chosen, count_tokens) - _AROUND_A_SOURCE, count_tokens)
        if part is not None:
            chosen = _merged([*chosen, part], articles)
        break
    logger.info(
        "context: %d of %d tokens, %d of %d passages in %d sources, %d of %d turns",
        room - left + _size(chosen, count_tokens),
        room,
        sum(any(_covers(one, chunk) for one in chosen) for chunk in chunks),
        len(chunks),
        len(chosen),
        len(kept),
        len(history),
    )
    return Context(tuple(chosen), kept)


def _newest(history: Sequence[Turn], count_tokens: Callable[[str], int], room: int) -> tuple[Turn, ...]:
    kept: list[Turn] = []
    for turn in reversed(history):
        room -= count_tokens(turn.content)
        if room < 0:
            break
        kept.insert(0, turn)
    return tuple(kept)


def _size(chunks: Sequence[Chunk], count_tokens: Callable[[str], int]) -> int:
    return sum(count_tokens(chunk.text) + _AROUND_A_SOURCE for chunk in chunks)


def _covers(one: Chunk, other: Chunk) -> bool:
    return one.article_id == other.article_id and one.start <= other.start and other.end <= one.end


def _merged(chunks: Sequence[Chunk], articles: Mapping[str, Article]) -> list[Chunk]:
    """Passages of an article with nothing but white space between them become one, in the place of the first."""
    merged: list[Chunk] = []
    for chunk in chunks:
        text = articles[chunk.article_id].text
        neighbours = [one for one in merged if one.article_id == chunk.article_id and _touch(one, chunk, text)]
        if not neighbours:
            merged.append(chunk)
            continue
        start = min(one.start for one in (*neighbours, chunk))
        end = max(one.end for one in (*neighbours, chunk))
        at = merged.index(neighbours[0])
        merged[at] = _part(chunk.article_id, text, start, end)
        merged = [one for one in merged if one not in neighbours[1:]]
    return merged


def _touch(one: Chunk, other: Chunk, text: str) -> bool:
    first, second = sorted((one, other), key=lambda chunk: chunk.start)
    return second.start <= first.end or text[first.end : second.start].isspace()


def _beginning(chunk: Chunk, room: int, count_tokens: Callable[[str], int]) -> Chunk | None:
    """The first sentences of a passage that fit; None where that is next to nothing."""
    ends = [end for _, end in sentence_spans(chunk.text)]
    fitting = [end for end in ends if count_tokens(chunk.text[:end]) <= room]
    if not fitting or count_tokens(chunk.text[: fitting[-1]]) < _LEAST_PASSAGE:
        return None
    return _part(chunk.article_id, chunk.text, 0, fitting[-1], chunk.start)


def _part(article_id: str, text: str, start: int, end: int, offset: int = 0) -> Chunk:
    """A passage of one's own making; `offset` is where `text` begins in its article."""
    place = f"{article_id}:{start + offset}:{end + offset}"
    return Chunk(hashlib.sha256(place.encode()).hexdigest()[:16], article_id, text[start:end], start + offset, end + offset)
