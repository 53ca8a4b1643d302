from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.fingerprint import package_sha256

FILES = ["__init__.py", "answering/terms.py", "language/lexicon.json", "answering/confidence.json"]


def package(folder: Path, prompts: str) -> Path:
    """A package as it is laid out on disk, with its prompts beside or inside it."""
    for name in [
        *(f"assistant/{file}" for file in FILES),
        f"{prompts}/answer.md",
        "assistant/models/reader.onnx",
        "assistant/x.jsonl",
    ]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name.removeprefix("assistant/"), encoding="utf-8")
    return folder / "assistant"


@pytest.mark.parametrize("changed", [*(f"assistant/{file}" for file in FILES), "prompts/answer.md"])
def test_any_file_that_shapes_an_answer_changes_it(tmp_path: Path, changed: str) -> None:
    root = package(tmp_path, "prompts")
    before = package_sha256(root)
    assert package_sha256(root) == before
    (tmp_path / changed).write_text("something else", encoding="utf-8")
    assert package_sha256(root) != before


def test_a_new_file_and_a_new_name_change_it(tmp_path: Path) -> None:
    root = package(tmp_path, "prompts")
    before = package_sha256(root)
    (root / "new.py").touch()
    assert package_sha256(root) != before
    (root / "new.py").unlink()
    (root / FILES[1]).rename(root / "answering" / "renamed.py")
    assert package_sha256(root) != before


@pytest.mark.parametrize("file", ["models/reader.onnx", "x.jsonl"])
def test_weights_and_examples_do_not(tmp_path: Path, file: str) -> None:
    root = package(tmp_path, "prompts")
    before = package_sha256(root)
    (root / file).write_text("something else", encoding="utf-8")
    assert package_sha256(root) == before


def test_an_installed_package_has_that_of_its_checkout(tmp_path: Path) -> None:
    checkout, installed = package(tmp_path / "checkout", "prompts"), package(tmp_path / "site", "assistant/prompts")
    assert package_sha256(checkout) == package_sha256(installed)


def test_of_this_package_it_is_64_hexadecimal_digits() -> None:
    assert len(bytes.fromhex(package_sha256())) == 32
