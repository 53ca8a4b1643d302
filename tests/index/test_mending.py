"""What is damaged is made again from the articles, and nothing else is."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from word_embeddings import WordEmbeddings, WordTokens

from assistant.engine import no_progress
from assistant.errors import IndexDamaged
from assistant.index.build import PARTS, Index
from assistant.index.mending import open_index
from assistant.settings import load_settings
from assistant.types import Article

CountTokens = Callable[[str], int]
Damage = Callable[[Path], None]
ARTICLES = [Article(f"a{number}", f"Report {number}", f"Rain fell {number} times in Leeds. " * 30) for number in range(8)]


class CountingWords(WordEmbeddings):
    """Counts the passages that are embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += len(texts)
        return super().embed_documents(texts)


@pytest.fixture
def opened(tmp_path: Path, count_tokens: CountTokens) -> Callable[..., Index]:
    def open_(embeddings: WordEmbeddings | None = None) -> Index:
        return open_index(
            tmp_path / "index",
            load_settings(),
            embeddings or WordEmbeddings(),
            tmp_path / "corpus",
            ARTICLES,
            count_tokens,
            no_progress,
            token_encoder=WordTokens(),
        )

    return open_


def assert_whole(index: Index) -> None:
    chunks = index.catalog.chunk_ids()
    assert list(index.catalog.articles(index.catalog.article_ids()).values()) == ARTICLES
    assert chunks == index.lexical.ids() == index.embedded.ids() == index.vectors.ids() == index.token_vectors.ids()
    assert index.whole_articles.ids() == set(index.catalog.article_ids_by_hash())
    assert index.catalog.fact("synced_revision") == str(index.catalog.revision())


def replaced(path: Path, content: bytes) -> None:
    # Not written over where it stands: what still has it open reads it as memory.
    path.unlink()
    path.write_bytes(content)


def garbage(path: Path) -> None:
    replaced(path, b"garbage" * 1000)


def half(path: Path) -> None:
    whole = path.read_bytes()
    replaced(path, whole[: len(whole) // 2])


def holed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 2] = b"\xff" * (len(content) // 2 - len(content) // 3)
    replaced(path, bytes(content))


def without_days(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE articles SET published = 'yesterday'")


def without_a_number(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE facts SET value = '[0.1' WHERE name = 'probe_vector'")


def a_file_in_its_place(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("Rain.", encoding="utf-8")


def without_terms(folder: Path) -> None:
    segments = list(folder.glob("*.term"))
    assert segments
    for path in segments:
        replaced(path, b"x")


DAMAGES = [
    *((damage, f"{name}.sqlite") for damage in (garbage, half) for name in ("catalog", "embedded", "token-vectors")),
    (holed, "catalog.sqlite"),
    *(
        (lambda folder, damage=damage: damage(folder / "meta.json"), name)
        for damage in (garbage, half)
        for name in ("lexical", "lexical-articles")
    ),
    (a_file_in_its_place, "lexical"),
    (without_terms, "lexical"),
    (without_days, "catalog.sqlite"),
    (without_a_number, "catalog.sqlite"),
]


@pytest.mark.parametrize(("damage", "part"), DAMAGES)
def test_a_damaged_part_is_made_again(
    opened: Callable[..., Index], tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Damage, part: str
) -> None:
    opened().close()
    damage(tmp_path / "index" / part)
    embeddings = CountingWords()
    index = opened(embeddings)
    assert_whole(index)
    assert (embeddings.embedded > 0) == (part == "embedded.sqlite")
    index.close()
    (warning,) = caplog.messages
    assert f"The index in {str(tmp_path / 'index')!r} is damaged ({part}: " in warning
    assert f"what was there is kept as '{part}.damaged'" in warning
    assert (tmp_path / "index" / f"{part}.damaged").exists()
    caplog.clear()
    index = opened(embeddings := CountingWords())
    assert_whole(index)
    assert not embeddings.embedded
    assert not caplog.messages
    index.close()


def test_what_is_damaged_a_second_time_takes_the_place_of_the_first(opened: Callable[..., Index], tmp_path: Path) -> None:
    opened().close()
    for content in (b"first" * 1000, b"second" * 1000):
        for part in ("catalog.sqlite", "lexical/meta.json"):
            replaced(tmp_path / "index" / part, content)
        index = opened()
        assert_whole(index)
        index.close()
        assert (tmp_path / "index" / "catalog.sqlite.damaged").read_bytes() == content
        assert (tmp_path / "index" / "lexical.damaged" / "meta.json").read_bytes() == content


def test_all_parts_may_be_damaged_at_once(opened: Callable[..., Index], tmp_path: Path) -> None:
    opened().close()
    for part in PARTS:
        path = tmp_path / "index" / part
        if path.is_dir():
            path.rename(path.with_name(f"{part}.gone"))
            path.write_bytes(b"garbage")
        else:
            garbage(path)
    index = opened()
    assert_whole(index)
    index.close()


def test_two_that_find_the_damage_at_once_mend_it_once(
    opened: Callable[..., Index], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    opened().close()
    garbage(tmp_path / "index" / "catalog.sqlite")
    both: list[Index] = []
    together = threading.Barrier(2)

    def one() -> None:
        together.wait()
        both.append(opened())

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(both) == 2
    for index in both:
        assert_whole(index)
        index.close()
    assert len(caplog.messages) == 1
    assert (tmp_path / "index" / "catalog.sqlite.damaged").read_bytes() == b"garbage" * 1000


class UnevenWords(WordEmbeddings):
    """Vectors of two sizes, which no index can hold."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [vector[: len(vector) - at % 2] for at, vector in enumerate(super().embed_documents(texts))]


def test_what_is_damaged_again_when_made_anew_is_told(opened: Callable[..., Index]) -> None:
    with pytest.raises(IndexDamaged, match=r"is damaged .*; delete that folder"):
        opened(UnevenWords())
