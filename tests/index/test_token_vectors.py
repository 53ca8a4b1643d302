from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from word_embeddings import WordTokens

from assistant.errors import IndexingError
from assistant.index.documents import SearchDocument
from assistant.index.token_vectors import TokenVectorIndex

RAIN = SearchDocument("rain", "Rain fell in Leeds", None, None)
SNOW = SearchDocument("snow", "Snow fell in York", None, None)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[TokenVectorIndex]:
    with closing(TokenVectorIndex(tmp_path / "tokens.sqlite", WordTokens())) as opened:
        opened.apply([RAIN, SNOW], ())
        yield opened


def test_it_holds_what_was_added(index: TokenVectorIndex) -> None:
    assert (index.ids(), index.count()) == ({"rain", "snow"}, 2)


def test_a_document_is_as_near_as_the_share_of_the_words_that_it_has(index: TokenVectorIndex) -> None:
    found = index.similarities("Rain fell again", ["rain", "snow"])
    assert found == {"rain": pytest.approx(2 / 3), "snow": pytest.approx(1 / 3)}


def test_what_its_article_begins_with_counts_for_a_document(index: TokenVectorIndex) -> None:
    alone = index.similarities("Rain in York", ["rain", "snow"])
    found = index.similarities("Rain in York", ["rain", "snow"], {"rain": "rain", "snow": "rain"})
    assert found["rain"] == alone["rain"]
    assert alone["snow"] == pytest.approx(2 / 3)
    assert alone["snow"] < found["snow"] < 1.0


def test_a_beginning_that_is_not_there_yet_counts_nothing(index: TokenVectorIndex) -> None:
    assert index.similarities("rain", ["snow"], {"snow": "nobody"}) == index.similarities("rain", ["snow"])


def test_a_document_that_is_not_there_has_no_similarity(index: TokenVectorIndex) -> None:
    assert index.similarities("rain", ["rain", "nobody"]).keys() == {"rain"}
    assert index.similarities("rain", []) == {}


def test_a_question_without_words_is_near_to_nothing(index: TokenVectorIndex) -> None:
    assert index.similarities("", ["rain"]) == {"rain": 0.0}


def test_what_is_removed_is_gone_and_what_is_added_again_is_replaced(index: TokenVectorIndex) -> None:
    index.apply([SearchDocument("snow", "Hail", None, None)], ["rain", "nobody"])
    assert index.ids() == {"snow"}
    assert index.similarities("hail", ["snow"]) == {"snow": pytest.approx(1.0)}


def test_more_documents_than_a_query_takes_are_all_scored(index: TokenVectorIndex) -> None:
    index.apply([SearchDocument(f"{number}", "Rain", None, None) for number in range(1200)], ())
    found = index.similarities("rain", [f"{number}" for number in range(1200)])
    assert list(found.values()) == pytest.approx([1.0] * 1200)


def test_what_was_written_is_there_when_the_file_is_opened_again(tmp_path: Path, index: TokenVectorIndex) -> None:
    before = index.similarities("Rain fell", ["rain", "snow"])
    index.close()
    with closing(TokenVectorIndex(tmp_path / "tokens.sqlite", WordTokens())) as again:
        assert again.similarities("Rain fell", ["rain", "snow"]) == before


def test_vectors_that_were_cut_short_are_damage(tmp_path: Path, index: TokenVectorIndex) -> None:
    with closing(sqlite3.connect(tmp_path / "tokens.sqlite")) as other, other:
        other.execute("UPDATE passages SET vectors = substr(vectors, 1, 100) WHERE document_id = 'rain'")
    with pytest.raises(IndexingError, match=r"is damaged \(.*; delete that folder"):
        index.similarities("rain", ["rain"])
