"""What is left of the graph of vectors when whoever writes it is killed, or finds no room, or when its files are lost.

This file is also the program that writes. Chroma writes its graph to the disk after every 1,000 additions.
"""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from numbered_articles import not_found, numbered_articles, opened

from assistant.engine import no_progress
from assistant.errors import IndexingError
from assistant.index.build import build_index
from assistant.models.tokens import token_counter
from assistant.settings import load_settings
from assistant.types import Article

BEFORE, AFTER = 1100, 2300
ARTICLES = numbered_articles(AFTER)


def build(folder: Path, articles: Sequence[Article]) -> bool:
    with opened(folder) as index:
        return build_index(index, articles, load_settings(), token_counter(), no_progress)


def missing(folder: Path, articles: Sequence[Article]) -> list[str]:
    with opened(folder) as index:
        return not_found(index, articles)


def main(folder: Path, most_bytes: int) -> None:
    """Updates the index; no file may grow past so many bytes once the graph is written."""

    def progress(task: str, done: int, total: int) -> None:
        if task == "Embedding their words" and done == total:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))

    with opened(folder) as index:
        build_index(index, ARTICLES, load_settings(), token_counter(), progress)


def writer(folder: Path, most_bytes: int = 2**40) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, __file__, str(folder), str(most_bytes)], stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the first articles, not to be written to."""
    folder = tmp_path_factory.mktemp("built") / "index"
    build(folder, ARTICLES[:BEFORE])
    return folder


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(built, tmp_path / "index")


def graph_files(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in (folder / "vectors").glob("*/*/*.bin")}


@pytest.mark.parametrize("changes", [1, 2, 4])
def test_a_kill_while_the_graph_is_written_leaves_the_old_one_and_the_update_goes_on(index: Path, changes: int) -> None:
    known = graph_files(index)
    with writer(index) as process:
        while changes and process.poll() is None:
            now = graph_files(index)
            changes -= now != known
            known = now
        process.kill()
    assert not changes
    assert process.returncode == -signal.SIGKILL
    assert missing(index, ARTICLES[:BEFORE:40]) == []
    assert build(index, ARTICLES)
    assert missing(index, ARTICLES[::40]) == []
    assert not build(index, ARTICLES)


@pytest.mark.parametrize("most_bytes", [1000, 400_000])
def test_a_full_disk_while_the_graph_is_written_leaves_the_old_one(index: Path, most_bytes: int) -> None:
    with writer(index, most_bytes) as process:
        _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "IndexingError" in told
    assert "make room" in told
    assert missing(index, ARTICLES[:BEFORE:40]) == []
    assert build(index, ARTICLES)
    assert missing(index, ARTICLES[::40]) == []


@pytest.mark.parametrize("name", ["index_metadata.pickle", "data_level0.bin", "header.bin", "length.bin", "link_lists.bin"])
@pytest.mark.parametrize("lost", [True, False], ids=["lost", "changed"])
def test_a_graph_whose_files_are_lost_or_changed_is_made_again(index: Path, name: str, lost: bool) -> None:
    assert not build(index, ARTICLES[:BEFORE])
    (path,) = (index / "vectors").glob(f"*/*/{name}")
    content = bytearray(path.read_bytes())
    path.unlink()
    if not lost:
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    assert build(index, ARTICLES[:BEFORE])
    assert missing(index, ARTICLES[:BEFORE:40]) == []
    assert not build(index, ARTICLES[:BEFORE])


@pytest.mark.parametrize(
    "held", ["", "garbage", "[]", "{}", '{"generation": "x"}', '{"generation": 1, "sha256": 7}', "\x00" * 90]
)
def test_when_the_file_that_names_the_graph_is_damaged_it_is_made_again(tmp_path: Path, held: str) -> None:
    build(tmp_path, ARTICLES[:20])
    (tmp_path / "vectors" / "current.json").write_text(held, encoding="utf-8")
    assert build(tmp_path, ARTICLES[:20])
    assert missing(tmp_path, ARTICLES[:20]) == []
    assert not build(tmp_path, ARTICLES[:20])


def test_what_is_open_is_found_while_updates_go_on(tmp_path: Path) -> None:
    build(tmp_path, ARTICLES[:10])
    with opened(tmp_path) as reading:
        for more in range(11, 15):
            build(tmp_path, ARTICLES[:more])
            assert reading.vectors.count() == more
    numbered = [path.name for path in (tmp_path / "vectors").iterdir() if path.is_dir()]
    assert len(numbered) == 2  # the one that counts, and the one before for whoever still reads it


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_text("Rain.", encoding="utf-8")
    with pytest.raises(IndexingError, match="is damaged"):
        build(tmp_path, ARTICLES[:5])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
