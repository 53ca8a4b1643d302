"""What one process adds to an index, another that has it open finds, and does not lose.

This file is also the program that adds.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from numbered_articles import not_found, numbered_articles, opened

from assistant.errors import IndexingError
from assistant.index.build import Index, build_index
from assistant.models.tokens import token_counter
from assistant.settings import load_settings
from assistant.types import Article

PROCESSES, NEW_INDEXES = 4, 15
# Chroma writes its graph to the disk after every 1,000 additions; only then can an old graph replace a newer one.
BEFORE, ADDED, ALL = 100, 2100, 2110
ARTICLES = numbered_articles(ALL)


def build(index: Index, articles: Sequence[Article]) -> None:
    build_index(index, articles, load_settings(), token_counter(), lambda task, done, total: None)


def build_in_another_process(folder: Path) -> None:
    subprocess.run([sys.executable, __file__, str(folder)], check=True)


def test_what_another_process_adds_is_found(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        build(index, ARTICLES[:BEFORE])
        assert not_found(index, ARTICLES[:BEFORE]) == []
        build_in_another_process(tmp_path)
        assert not_found(index, ARTICLES[:ADDED:40]) == []


@pytest.mark.parametrize("opened_again", [False, True])
def test_what_another_process_added_is_kept_when_more_is_added(tmp_path: Path, opened_again: bool) -> None:
    with opened(tmp_path) as index:
        build(index, ARTICLES[:BEFORE])
        assert not_found(index, ARTICLES[:BEFORE]) == []
        build_in_another_process(tmp_path)
        if opened_again:
            with opened(tmp_path) as second:
                build(second, ARTICLES)
        else:
            build(index, ARTICLES)
    with opened(tmp_path) as index:
        assert not_found(index, ARTICLES[::40]) == []


def open_new_indexes(folder: Path, together: Barrier) -> None:
    """Opens so many new indexes, each at the same moment as the other processes, and leaves what failed in a file."""
    failures = []
    for number in range(NEW_INDEXES):
        together.wait()
        try:
            with opened(folder / str(number)):
                pass
        except IndexingError as error:
            failures.append(str(error))
    (folder / f"{os.getpid()}.txt").write_text("\n".join(failures), encoding="utf-8")


def test_processes_may_open_a_new_index_at_once(tmp_path: Path) -> None:
    spawning = multiprocessing.get_context("spawn")
    together = spawning.Barrier(PROCESSES, timeout=120)
    processes = [spawning.Process(target=open_new_indexes, args=(tmp_path, together)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    told = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.txt")]
    assert told == [""] * PROCESSES


def test_one_index_stays_usable_when_another_of_the_same_folder_is_closed(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        build(index, ARTICLES[:5])
        with opened(tmp_path) as second:
            build(second, ARTICLES[:9])
        second.close()
        assert not_found(index, ARTICLES[:9]) == []


if __name__ == "__main__":
    with opened(Path(sys.argv[1])) as other:
        build(other, ARTICLES[:ADDED])
