from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.index.catalog import Catalog
from assistant.ingestion.chunking import chunk_article
from assistant.types import Article, Chunk

Chunked = Callable[[Article], tuple[Article, list[Chunk]]]
NASTY = "Rain 👩‍👩‍👧‍👦 fell.\n\nCafe\u0301 🇮🇳 closed. Rain 👩‍👩‍👧‍👦 fell. " + "雨が降った。" * 30
RAIN = Article("rain", "Rain 🌧️", NASTY, "The Post", "A. Writer", "https://example.org/rain", date(2024, 3, 5))
SNOW = Article("a/snow", "Snow", "Snow fell.")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    yield catalog
    catalog.close()


@pytest.fixture
def chunked(count_tokens: Callable[[str], int]) -> Chunked:
    return lambda article: (article, chunk_article(article, count_tokens=count_tokens, chunk_tokens=20, overlap_tokens=5))


def test_articles_and_chunks_come_back_as_they_were(catalog: Catalog, chunked: Chunked) -> None:
    pairs = [chunked(RAIN), chunked(SNOW)]
    catalog.replace(pairs, ())
    assert catalog.articles(["rain", "a/snow", "nobody"]) == {"rain": RAIN, "a/snow": SNOW}
    assert catalog.article("nobody") is None
    chunks = {chunk.chunk_id: chunk for _, part in pairs for chunk in part}
    assert len(chunks) > 3
    assert catalog.chunks([*chunks, "nobody"]) == chunks
    assert catalog.chunk_ids() == chunks.keys()
    assert catalog.counts() == (2, len(chunks))
    assert catalog.article_ids() == ["a/snow", "rain"]
    assert catalog.content_hashes() == {"rain": RAIN.content_hash(), "a/snow": SNOW.content_hash()}


def test_the_articles_of_chunks_are_those_that_are_still_as_they_were_read(catalog: Catalog, chunked: Chunked) -> None:
    pairs = [chunked(RAIN), chunked(SNOW)]
    catalog.replace(pairs, ())
    chunks = [chunk for _, part in pairs for chunk in part]
    assert catalog.articles_of(chunks) == {"rain": RAIN, "a/snow": SNOW}
    catalog.replace([chunked(replace(RAIN, text=f"Much {NASTY}"))], ())
    assert catalog.articles_of(chunks) == {"a/snow": SNOW}
    catalog.replace([], ["a/snow"])
    assert catalog.articles_of(chunks) == {}


def test_the_days_of_publication_of_chunks(catalog: Catalog, chunked: Chunked) -> None:
    pairs = [chunked(RAIN), chunked(SNOW)]
    catalog.replace(pairs, ())
    chunk_ids = [chunk.chunk_id for _, part in pairs for chunk in part]
    dated = {chunk.chunk_id for chunk in pairs[0][1]}
    assert catalog.published([*chunk_ids, "nobody"]) == dict.fromkeys(dated, date(2024, 3, 5))
    assert catalog.published([]) == {}


def test_replacing_and_removing_take_the_chunks_along(catalog: Catalog, chunked: Chunked) -> None:
    catalog.replace([chunked(RAIN), chunked(SNOW)], ())
    thaw = Article("a/snow", "Thaw", "The snow is gone.")
    catalog.replace([chunked(thaw)], {"rain"})
    assert catalog.articles(["rain", "a/snow"]) == {"a/snow": thaw}
    assert catalog.chunk_ids() == {chunk.chunk_id for chunk in chunked(thaw)[1]}


def test_every_replacement_is_a_revision(catalog: Catalog, chunked: Chunked) -> None:
    assert catalog.revision() == 0
    catalog.replace([chunked(RAIN)], ())
    catalog.replace([], ["rain"])
    assert catalog.revision() == 2


def test_a_replacement_that_breaks_off_changes_nothing(catalog: Catalog, chunked: Chunked) -> None:
    catalog.replace([chunked(RAIN)], ())
    before = (catalog.content_hashes(), catalog.chunk_ids(), catalog.revision())

    def breaking_off() -> Iterator[tuple[Article, list[Chunk]]]:
        yield chunked(SNOW)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalog.replace(breaking_off(), ["rain"])
    assert (catalog.content_hashes(), catalog.chunk_ids(), catalog.revision()) == before


def test_a_second_connection_sees_the_old_articles_or_the_new(tmp_path: Path, catalog: Catalog, chunked: Chunked) -> None:
    catalog.replace([chunked(RAIN)], ())
    reader = Catalog(tmp_path / "catalog.sqlite")

    def watched() -> Iterator[tuple[Article, list[Chunk]]]:
        yield chunked(SNOW)
        assert reader.article_ids() == ["rain"]

    catalog.replace(watched(), ["rain"])
    assert reader.article_ids() == ["a/snow"]
    reader.close()


def test_facts(catalog: Catalog) -> None:
    assert catalog.fact("shape") is None
    catalog.set_fact("shape", "round")
    catalog.set_fact("shape", "square")
    assert catalog.fact("shape") == "square"


def test_the_range_of_dates(catalog: Catalog, chunked: Chunked) -> None:
    assert catalog.date_range() is None
    catalog.replace([chunked(SNOW)], ())
    assert catalog.date_range() is None
    later = Article("later", "Later", "Later.", published=date(2025, 2, 7))
    catalog.replace([chunked(RAIN), chunked(later)], ())
    assert catalog.date_range() == (date(2024, 3, 5), date(2025, 2, 7))


def test_more_ids_than_sqlite_takes_in_one_query(catalog: Catalog, chunked: Chunked) -> None:
    articles = [Article(f"a{number:04}", "Rain", f"Rain fell {number} times.") for number in range(1200)]
    catalog.replace([chunked(article) for article in articles], ())
    assert len(catalog.articles(catalog.article_ids())) == 1200
    assert len(catalog.chunks(sorted(catalog.chunk_ids()))) == 1200


def test_many_threads_may_read(catalog: Catalog, chunked: Chunked) -> None:
    catalog.replace([chunked(RAIN), chunked(SNOW)], ())
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: catalog.article("rain"), range(200)))
    assert found == [RAIN] * 200


def test_closing_twice_does_nothing_and_a_closed_catalog_answers_no_more(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    catalog.close()
    catalog.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        catalog.counts()


def test_the_chunks_of_an_article_in_their_order(catalog: Catalog, chunked: Chunked) -> None:
    pairs = [chunked(RAIN), chunked(SNOW)]
    catalog.replace(pairs, ())
    for article, chunks in pairs:
        assert catalog.chunk_ids_of(article.article_id) == [chunk.chunk_id for chunk in chunks]
    assert catalog.chunk_ids_of("nobody") == []


def test_each_chunk_has_the_one_with_which_its_article_begins(catalog: Catalog, chunked: Chunked) -> None:
    pairs = [chunked(RAIN), chunked(SNOW)]
    catalog.replace(pairs, ())
    expected = {chunk.chunk_id: chunks[0].chunk_id for _, chunks in pairs for chunk in chunks}
    assert catalog.beginnings([*expected, "nobody"]) == expected
    assert catalog.beginnings([]) == {}
