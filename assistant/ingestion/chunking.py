"""Cuts an article into chunks of whole sentences, with exact offsets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.errors import IndexingError
from assistant.ingestion.sentences import Span, sentence_spans
from assistant.types import Article, Chunk


def chunk_article(
    article: Article, *, count_tokens: Callable[[str], int], chunk_tokens: int = 160, overlap_tokens: int = 30
) -> list[Chunk]:
    """Chunks in reading order; together they hold every character of the text that is not white space.

    A chunk is a run of whole sentences of at most `chunk_tokens` tokens; a sentence longer than that is cut at a space, or
    where there is none between characters. It ends at the end of a paragraph when that leaves it more than half full, and
    repeats up to `overlap_tokens` tokens of whole sentences from the chunk before. Only a single character of more than
    `chunk_tokens` tokens makes a longer chunk.
    """

    def fits(first: int, last: int) -> bool:
        """Sentences together count otherwise than one by one."""
        return first == last or count_tokens(article.text[units[first][0] : units[last][1]]) <= chunk_tokens

    units = _units(article.text, count_tokens, chunk_tokens)
    content_hash = article.content_hash()
    chunks = []
    first = 0
    while first < len(units):
        last = _last_unit(article.text, units, first, chunk_tokens, fits)
        chunks.append(_chunk(article, content_hash, units[first][0], units[last][1]))
        if last + 1 == len(units):
            break
        following = last + 1
        overlap = 0
        while following - 1 > first and overlap + units[following - 1][2] <= overlap_tokens:
            following -= 1
            overlap += units[following][2]
        # The overlap must leave room for a sentence that is new.
        while following <= last and (overlap + units[last + 1][2] > chunk_tokens or not fits(following, last + 1)):
            overlap -= units[following][2]
            following += 1
        first = following
    return chunks


def _units(text: str, count_tokens: Callable[[str], int], chunk_tokens: int) -> list[tuple[int, int, int]]:
    """Sentences, or pieces of those that are too long, as (start, end, tokens)."""
    units = []
    for start, end in sentence_spans(text):
        tokens = count_tokens(text[start:end])
        if tokens <= chunk_tokens:
            units.append((start, end, tokens))
        else:
            pieces = _cut_long_sentence(text, start, end, count_tokens, chunk_tokens, chunk_tokens)
            units.extend((s, e, count_tokens(text[s:e])) for s, e in pieces)
    return units


def _cut_long_sentence(
    text: str, start: int, end: int, count_tokens: Callable[[str], int], chunk_tokens: int, size: int
) -> list[Span]:
    """Pieces of about `size` tokens; one that counts more than `chunk_tokens` after all is cut again, into smaller ones."""
    # With the separators kept, no overlap and no stripping, the splitter's pieces joined are its input: offsets by adding up.
    splitter = RecursiveCharacterTextSplitter(
        separators=["\n\n", "\n", "; ", ", ", " ", ""],
        chunk_size=size,
        chunk_overlap=0,
        length_function=count_tokens,
        keep_separator="end",
        strip_whitespace=False,
    )
    pieces = splitter.split_text(text[start:end])
    if "".join(pieces) != text[start:end]:
        raise IndexingError(f"A sentence of {end - start} characters could not be cut without loss; please report it.")
    spans = []
    for piece in pieces:
        inner = start + len(piece) - len(piece.lstrip())
        outer = start + len(piece.rstrip())
        if inner < outer and size > 1 and count_tokens(text[inner:outer]) > chunk_tokens:
            spans += _cut_long_sentence(text, inner, outer, count_tokens, chunk_tokens, size * 3 // 4)
        elif inner < outer:
            spans.append((inner, outer))
        start += len(piece)
    return spans


def _last_unit(
    text: str, units: list[tuple[int, int, int]], first: int, chunk_tokens: int, fits: Callable[[int, int], bool]
) -> int:
    last = first
    total = units[first][2]
    paragraph_end: int | None = None
    while last + 1 < len(units) and total + units[last + 1][2] <= chunk_tokens:
        if total * 2 > chunk_tokens and "\n\n" in text[units[last][1] : units[last + 1][0]]:
            paragraph_end = last
        last += 1
        total += units[last][2]
    while not fits(first, last):
        last -= 1
    at_end = last + 1 == len(units) or "\n\n" in text[units[last][1] : units[last + 1][0]]
    return last if at_end or paragraph_end is None else min(last, paragraph_end)


def _chunk(article: Article, content_hash: str, start: int, end: int) -> Chunk:
    chunk_id = hashlib.sha256(f"{content_hash}:{start}:{end}".encode()).hexdigest()[:16]
    return Chunk(chunk_id, article.article_id, article.text[start:end], start, end)
