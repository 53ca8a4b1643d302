from __future__ import annotations

from pathlib import Path

import pytest

from assistant.index.generations import Generations


def published(generations: Generations, content: str) -> Path:
    folder = generations.begin()
    (folder / "sealed").write_text(content, encoding="utf-8")
    (folder / "open").write_text(content, encoding="utf-8")
    generations.publish(folder, [folder / "sealed"])
    return folder


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "root")


def test_at_first_none_counts(generations: Generations) -> None:
    assert generations.current() is None


def test_the_last_that_was_published_counts_and_the_one_before_stays(generations: Generations) -> None:
    first, second, third = (published(generations, content) for content in "abc")
    assert generations.current() == third
    assert (third / "sealed").read_text(encoding="utf-8") == "c"
    assert second.is_dir()
    assert not first.exists()


def test_what_was_begun_and_not_published_counts_for_nothing_and_goes(generations: Generations) -> None:
    first = published(generations, "a")
    begun = generations.begin()
    assert generations.current() == first
    again = generations.begin()
    assert not begun.exists()
    assert again not in (first, begun)
    assert list(again.iterdir()) == []


@pytest.mark.parametrize("name", ["sealed", ""], ids=["a sealed file", "the folder"])
def test_what_is_not_as_it_was_published_counts_no_longer(tmp_path: Path, generations: Generations, name: str) -> None:
    folder = published(generations, "a")
    (folder / "open").write_text("changed", encoding="utf-8")
    assert Generations(tmp_path / "root").current() == folder
    if name:
        (folder / name).write_text("b", encoding="utf-8")
    else:
        folder.rename(tmp_path / "elsewhere")
    assert Generations(tmp_path / "root").current() is None


def test_what_its_owner_finds_broken_counts_no_longer(tmp_path: Path, generations: Generations) -> None:
    published(generations, "a")
    assert Generations(tmp_path / "root", lambda folder: (folder / "open").read_text() == "b").current() is None


def test_no_number_comes_again_even_when_the_file_that_names_it_is_lost(tmp_path: Path, generations: Generations) -> None:
    seen = [published(generations, "a")]
    for damage in ("", "{}", '{"generation": 1, "sha256": {"sealed": "0"}}'):
        (tmp_path / "root" / "current.json").write_text(damage, encoding="utf-8")
        folder = published(generations, "b")
        assert folder not in seen
        assert generations.current() == folder
        seen.append(folder)


def test_another_process_s_is_seen(tmp_path: Path, generations: Generations) -> None:
    published(generations, "a")
    other = Generations(tmp_path / "root")
    assert other.current() == generations.current()
    second = published(generations, "b")
    assert other.current() == second
