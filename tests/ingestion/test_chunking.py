from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shipped import CORPUS

from assistant.ingestion.chunking import chunk_article
from assistant.ingestion.loading import load_articles, normalise
from assistant.ingestion.sentences import sentence_spans
from assistant.types import Article, Chunk

CountTokens = Callable[[str], int]

PIECES = [
    "Rain fell in Leeds on Monday. ",
    "Rain fell in Leeds on Monday.\n\n",
    "The minister said, \"We shall see; we shall hear, and then we shall say no more about it.\" ",
    "A headline\n\n",
    "word " * 60,
    "x" * 150,
    "1234567890" * 12,
    "👩‍👩‍👧‍👦🇮🇳👍🏽",
    "e\u0301\u0323\u0316",
    "\u0301" * 25,
    "雨が降った。",
    "नमस्ते दुनिया। ",
    ".",
    "?! ",
    "\u200b",
    "\u2028",
    "\r\n",
    "\r",
    "\n",
    "\t",
]  # fmt: skip
nasty_text = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), min_size=1, max_size=40).map("".join)


def article_of(text: str) -> Article:
    return Article("a", "A title", text)


def check(article: Article, chunks: list[Chunk]) -> None:
    """What holds of the chunks of any article."""
    text = article.text
    covered = 0
    for before, chunk in zip([None, *chunks], chunks, strict=False):
        assert chunk.article_id == article.article_id
        assert chunk.text == text[chunk.start : chunk.end]
        assert chunk.text == chunk.text.strip() != ""
        if before:
            assert before.start < chunk.start
            assert before.end < chunk.end
        assert not text[covered : chunk.start].strip()
        covered = chunk.end
    assert not text[covered:].strip()
    assert len({chunk.chunk_id for chunk in chunks}) == len(chunks)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(nasty_text, st.sampled_from([(20, 0), (20, 10), (40, 15), (200, 30)]))
def test_chunks_are_exact_in_order_complete_and_never_too_long(
    count_tokens: CountTokens, text: str, sizes: tuple[int, int]
) -> None:
    chunk_tokens, overlap_tokens = sizes
    article = article_of(text)
    chunks = chunk_article(article, count_tokens=count_tokens, chunk_tokens=chunk_tokens, overlap_tokens=overlap_tokens)
    check(article, chunks)
    for chunk in chunks:
        assert count_tokens(chunk.text) <= chunk_tokens
    again = chunk_article(article, count_tokens=count_tokens, chunk_tokens=chunk_tokens, overlap_tokens=overlap_tokens)
    assert again == chunks


SHORT_SENTENCES = ["Rain fell.", "Snow fell in Leeds on Monday.", "It was a cold day, and it was a wet day too."]


@given(st.lists(st.sampled_from(SHORT_SENTENCES), min_size=1, max_size=40), st.sampled_from([" ", "\n\n"]))
@settings(deadline=None, max_examples=50)
def test_what_a_chunk_repeats_is_whole_sentences_and_bounded(
    count_tokens: CountTokens, sentences: list[str], separator: str
) -> None:
    text = separator.join(sentences)
    chunks = chunk_article(article_of(text), count_tokens=count_tokens, chunk_tokens=40, overlap_tokens=20)
    spans = sentence_spans(text)
    for before, chunk in pairwise(chunks):
        repeated = [(start, end) for start, end in spans if chunk.start <= start < before.end]
        assert chunk.start in {start for start, _ in spans}
        assert sum(count_tokens(text[start:end]) for start, end in repeated) <= 20


def test_a_chunk_repeats_the_last_sentences_of_the_one_before(count_tokens: CountTokens) -> None:
    text = " ".join(f"Rain fell in Leeds on day {day}." for day in range(1, 11))
    first, second = chunk_article(article_of(text), count_tokens=count_tokens, chunk_tokens=60, overlap_tokens=20)
    assert first.text.endswith("Rain fell in Leeds on day 6.")
    assert second.text.startswith("Rain fell in Leeds on day 5. Rain fell in Leeds on day 6. Rain fell in Leeds on day 7.")


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "word " * 20_000,
        "Rain fell; " * 9_091,
        "é👍" * 50_000,
        "0123456789" * 10_000,
        "Rain fell in Leeds. " * 5_000,
        ". " * 50_000,
    ],
    ids=["one letter", "one word", "clauses", "emoji", "digits", "one sentence", "full stops"],
)
def test_a_line_of_100_000_characters(count_tokens: CountTokens, text: str) -> None:
    article = article_of(text)
    chunks = chunk_article(article, count_tokens=count_tokens)
    check(article, chunks)
    assert len(chunks) > 1
    assert max(count_tokens(chunk.text) for chunk in chunks) <= 2 * 200


def test_a_short_article_is_one_chunk(count_tokens: CountTokens) -> None:
    (chunk,) = chunk_article(article_of("Rain fell.\n\nIt was wet."), count_tokens=count_tokens)
    assert (chunk.start, chunk.end, chunk.text) == (0, 23, "Rain fell.\n\nIt was wet.")


def test_a_chunk_ends_with_its_paragraph_where_it_can(count_tokens: CountTokens) -> None:
    paragraph = "Rain fell in Leeds on Monday. " * 5
    text = normalise("\n\n".join([paragraph] * 4))
    chunks = chunk_article(article_of(text), count_tokens=count_tokens, chunk_tokens=50, overlap_tokens=0)
    assert [chunk.text for chunk in chunks] == [paragraph.strip()] * 4


def test_repeated_paragraphs_have_ids_of_their_own(count_tokens: CountTokens) -> None:
    text = "\n\n".join(["Rain fell in Leeds on Monday."] * 50)
    chunks = chunk_article(article_of(text), count_tokens=count_tokens, chunk_tokens=20, overlap_tokens=0)
    assert len({chunk.text for chunk in chunks}) == 1 < len(chunks) == len({chunk.chunk_id for chunk in chunks})


def test_ids_come_from_the_content(count_tokens: CountTokens) -> None:
    def ids(article: Article) -> set[str]:
        return {chunk.chunk_id for chunk in chunk_article(article, count_tokens=count_tokens)}

    article = article_of("Rain fell.")
    others = [
        Article("b", "A title", "Rain fell."),
        Article("a", "Another title", "Rain fell."),
        Article("a", "A title", "Snow fell."),
        Article("a", "A title", "Rain fell.", source="The Post"),
        Article("a", "A title", "Rain fell.", published=date(2024, 3, 5)),
    ]
    assert ids(article) == ids(article_of("Rain fell."))
    assert all(ids(article).isdisjoint(ids(other)) for other in others)


def test_an_id_is_the_same_on_every_machine(count_tokens: CountTokens) -> None:
    article = Article("rain", "Rain", "Rain fell in Leeds.", "The Post", None, None, date(2024, 3, 5))
    (chunk,) = chunk_article(article, count_tokens=count_tokens)
    assert chunk.chunk_id == "3f136e06e73085bd"


def test_the_shipped_articles(count_tokens: CountTokens) -> None:
    for article in load_articles(CORPUS):
        chunks = chunk_article(article, count_tokens=count_tokens)
        check(article, chunks)
        starts = {start for start, _ in sentence_spans(article.text)}
        ends = {end for _, end in sentence_spans(article.text)}
        assert all(chunk.start in starts and chunk.end in ends for chunk in chunks)
