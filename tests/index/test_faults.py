"""A full disk and a damaged file are told apart, and both say what to do."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from word_embeddings import WordEmbeddings, WordTokens

from assistant.engine import no_progress
from assistant.errors import IndexingError
from assistant.index.build import Index, build_index
from assistant.index.catalog import Catalog
from assistant.index.documents import SearchDocument
from assistant.index.embedded import EmbeddedPassages
from assistant.index.lexical import LexicalIndex
from assistant.index.token_vectors import TokenVectorIndex
from assistant.settings import load_settings
from assistant.types import Article

# Gives what writes, and what closes.
Open = Callable[[Path], tuple[Callable[[], object], Callable[[], None]]]
ARTICLES = [Article(f"a{number:03}", f"Report {number}", f"Rain fell {number} times. " * 20) for number in range(200)]
DOCUMENTS = [SearchDocument(article.article_id, article.text, None, None) for article in ARTICLES]


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow past 1,000 bytes, as if there were no room for more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def catalog(folder: Path) -> tuple[Callable[[], object], Callable[[], None]]:
    opened = Catalog(folder / "catalog.sqlite")
    return lambda: opened.replace([(article, ()) for article in ARTICLES], ()), opened.close


def words(folder: Path) -> tuple[Callable[[], object], Callable[[], None]]:
    opened = LexicalIndex(folder / "lexical")
    return lambda: opened.apply(DOCUMENTS, ()), lambda: None


def tokens(folder: Path) -> tuple[Callable[[], object], Callable[[], None]]:
    opened = TokenVectorIndex(folder / "token-vectors.sqlite", WordTokens())
    return lambda: opened.apply(DOCUMENTS, ()), opened.close


def embedded(folder: Path) -> tuple[Callable[[], object], Callable[[], None]]:
    opened = EmbeddedPassages(folder / "embedded.sqlite", WordEmbeddings())
    return lambda: opened.apply(DOCUMENTS, ()), opened.close


def assert_told(error: IndexingError, folder: Path) -> None:
    assert str(error).startswith(f"The index in {str(folder)!r} cannot be written or read (")
    assert "make room" in str(error)
    assert "delete" not in str(error)


@pytest.mark.parametrize("part", [catalog, words, tokens, embedded])
def test_an_index_that_cannot_be_opened_for_want_of_room_is_not_damaged(tmp_path: Path, part: Open) -> None:
    with full_disk(), pytest.raises(IndexingError) as caught:
        part(tmp_path)
    assert_told(caught.value, tmp_path)


@pytest.mark.parametrize("part", [catalog, words, tokens, embedded])
def test_what_found_no_room_can_be_written_again(tmp_path: Path, part: Open) -> None:
    write, close = part(tmp_path)
    with full_disk(), pytest.raises(IndexingError) as caught:
        write()
    assert_told(caught.value, tmp_path)
    write()
    close()


def opened(folder: Path) -> Index:
    return Index(folder, load_settings(), WordEmbeddings(), token_encoder=WordTokens())


def built(folder: Path, count_tokens: Callable[[str], int]) -> None:
    index = opened(folder)
    try:
        build_index(index, ARTICLES, load_settings(), count_tokens, no_progress)
    finally:
        index.close()


def test_an_update_that_found_no_room_can_be_done_again(tmp_path: Path, count_tokens: Callable[[str], int]) -> None:
    index = opened(tmp_path)
    with full_disk(), pytest.raises(IndexingError, match="cannot be written or read"):
        build_index(index, ARTICLES, load_settings(), count_tokens, no_progress)
    assert build_index(index, ARTICLES, load_settings(), count_tokens, no_progress)
    assert index.catalog.chunk_ids() == index.lexical.ids() == index.vectors.ids() == index.token_vectors.ids()
    index.close()


def test_garbage_in_the_middle_of_the_catalog_is_damage(tmp_path: Path, count_tokens: Callable[[str], int]) -> None:
    built(tmp_path, count_tokens)
    path = tmp_path / "catalog.sqlite"
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 2] = b"\xff" * (len(content) // 2 - len(content) // 3)
    path.write_bytes(content)
    with pytest.raises(IndexingError, match=r"is damaged \(.*; delete that folder"):
        built(tmp_path, count_tokens)


def test_half_a_character_from_a_caller_is_not_damage(tmp_path: Path) -> None:
    index = opened(tmp_path)
    with pytest.raises(UnicodeEncodeError):
        index.catalog.article("\ud800")
    index.close()


def test_a_file_where_a_folder_belongs_is_damage(tmp_path: Path) -> None:
    (tmp_path / "lexical").write_text("Rain.", encoding="utf-8")
    with pytest.raises(IndexingError, match="is damaged"):
        opened(tmp_path)


def test_a_failure_of_the_embedder_is_not_the_index_s(tmp_path: Path, count_tokens: Callable[[str], int]) -> None:
    def fail(call: int) -> None:
        raise ConnectionError("no route")

    index = Index(tmp_path, load_settings(), WordEmbeddings(before=fail))
    with pytest.raises(ConnectionError, match="no route"):
        build_index(index, ARTICLES, load_settings(), count_tokens, no_progress)
    index.close()
