"""What is left when the process that writes an index is killed, at every point where it can be told to stop.

This file is also the program that gets killed: it writes an index, says when it has come to the point, and waits there.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from word_embeddings import WordEmbeddings, WordTokens

from assistant.index.build import Index, build_index
from assistant.models.tokens import token_counter
from assistant.settings import load_settings
from assistant.types import Article, SearchFilter

# More than one batch of 256 chunks, so that a kill can fall between two.
OLD = [Article(f"a{number:03}", f"Report {number}", f"Rain fell {number} times.") for number in range(300)]
NEW = [
    *OLD[:20],
    *(Article(article.article_id, article.title, f"Snow fell on day {number}.") for number, article in enumerate(OLD[20:290])),
    *(Article(f"b{number:03}", f"Note {number}", f"Hail fell {number} times.") for number in range(10)),
]


# A point is the task that was just reported, with how much of it was done, or the batch that is about to be embedded.
POINTS = [
    "Cutting articles into chunks 1",
    "Indexing words 256",
    "Embedding batch 1",
    "Embedding batch 2",
    "Embedding chunks all",
    "Encoding batch 2",
    "Embedding their words all",
    "Linking near chunks all",
]


def main(folder: Path, which: str, point: str) -> None:
    """Writes the index, and stops for good at the point."""

    def reached(here: str) -> None:
        if here == point:
            print("reached", flush=True)
            sys.stdin.read()

    def progress(task: str, done: int, total: int) -> None:
        reached(f"{task} {done}")
        if done == total:
            reached(f"{task} all")

    settings = load_settings()
    tokens = WordTokens(lambda call: reached(f"Encoding batch {call}"))
    index = Index(folder, settings, WordEmbeddings(lambda call: reached(f"Embedding batch {call}")), token_encoder=tokens)
    build_index(index, {"old": OLD, "new": NEW}[which], settings, token_counter(), progress)


def write_and_be_killed(folder: Path, which: str, point: str) -> None:
    """Runs `main` in a process of its own and kills it when it has come to the point."""
    command = [sys.executable, __file__, str(folder), which, point]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "reached\n"
        process.kill()
        assert process.wait() == -signal.SIGKILL


def build(folder: Path, articles: list[Article], count_tokens: Callable[[str], int]) -> bool:
    settings = load_settings()
    index = Index(folder, settings, WordEmbeddings(), token_encoder=WordTokens())
    try:
        return build_index(index, articles, settings, count_tokens, lambda task, done, total: None)
    finally:
        index.close()


def ids(folder: Path) -> tuple[set[str], ...]:
    index = Index(folder, load_settings(), WordEmbeddings(), token_encoder=WordTokens())
    try:
        parts = index.lexical, index.embedded, index.vectors, index.token_vectors
        return index.catalog.chunk_ids(), *(part.ids() for part in parts)
    finally:
        index.close()


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, count_tokens: Callable[[str], int]) -> dict[str, set[str]]:
    """The ids of indexes that were built in one go."""
    found = {}
    for which, articles in (("old", OLD), ("new", NEW)):
        folder = tmp_path_factory.mktemp(which)
        build(folder, articles, count_tokens)
        catalog, *others = ids(folder)
        assert others == [catalog] * 4
        found[which] = catalog
    return found


@pytest.mark.parametrize("point", ["Indexing words 256", "Embedding batch 2", "Embedding chunks all", "Encoding batch 2"])
def test_a_first_build_goes_on_where_it_was_killed(
    tmp_path: Path, point: str, clean: dict[str, set[str]], count_tokens: Callable[[str], int]
) -> None:
    write_and_be_killed(tmp_path, "old", point)
    assert build(tmp_path, OLD, count_tokens)
    assert ids(tmp_path) == (clean["old"],) * 5
    assert not build(tmp_path, OLD, count_tokens)


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_update_leaves_the_old_articles_or_the_new_and_can_go_on(
    tmp_path: Path, point: str, clean: dict[str, set[str]], count_tokens: Callable[[str], int]
) -> None:
    build(tmp_path, OLD, count_tokens)
    write_and_be_killed(tmp_path, "new", point)
    catalog, *_ = ids(tmp_path)
    assert catalog == clean["old" if point.startswith("Cutting") else "new"]
    index = Index(tmp_path, load_settings(), WordEmbeddings(), token_encoder=WordTokens())
    found = {name for name, _ in index.lexical.search("Report 7", 10, SearchFilter())}
    assert found & catalog
    index.close()
    changed = build(tmp_path, NEW, count_tokens)
    assert changed
    assert ids(tmp_path) == (clean["new"],) * 5


def test_a_killed_update_can_be_taken_back(
    tmp_path: Path, clean: dict[str, set[str]], count_tokens: Callable[[str], int]
) -> None:
    build(tmp_path, OLD, count_tokens)
    write_and_be_killed(tmp_path, "new", "Embedding batch 2")
    assert build(tmp_path, OLD, count_tokens)
    assert ids(tmp_path) == (clean["old"],) * 5


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
