"""The early score, fitted on a reader's lower layers: it follows the final score, and survives the export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.models.reader import FOLDER, OnnxReader
from assistant.training.early import fit_early_score
from assistant.training.export import export
from assistant.training.negatives import Mined
from assistant.training.network import ReaderNetwork
from assistant.training.reader import weights_in
from assistant.training.squad import Question

TOWNS = ["Leeds", "York", "Bath", "Hull", "Ripon", "Truro", "Wells", "Ely"]
PASSAGES = [f"Rain fell in {town} on {day} March 2024. The streets were wet." for day, town in enumerate(TOWNS, 3)]
QUESTIONS = [
    Question(
        town,
        "file",
        town,
        town,
        passage,
        f"When did rain fall in {town}?",
        ((passage.index(" on ") + 4, passage.index("."))),
    )
    for town, passage in zip(TOWNS, PASSAGES, strict=True)
]
MINED = {
    question.question_id: Mined(question.question_id, (PASSAGES[at - 1], "Lemon trees are pruned in spring."), None, None)
    for at, question in enumerate(QUESTIONS)
}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[float, Path]:
    network = ReaderNetwork()
    network.load_state_dict(dict(weights_in(FOLDER)))
    found = fit_early_score(network.eval(), QUESTIONS, MINED)
    folder = tmp_path_factory.mktemp("reader")
    export(network, folder)
    return found, folder


def test_it_follows_the_final_score_and_what_is_exported_says_the_same(fitted: tuple[float, Path]) -> None:
    correlation, folder = fitted
    pairs = [(q.text, p) for q in QUESTIONS for p in (q.passage, *MINED[q.question_id].negatives)]
    reader = OnnxReader(folder=folder)
    early, final = reader.early_scores(pairs), [reading.score for reading in reader.read(pairs)]
    assert 0.9 < correlation <= 1
    assert float(np.corrcoef(early, final)[0, 1]) == pytest.approx(correlation, abs=0.05)


def test_fitting_changes_nothing_else(fitted: tuple[float, Path]) -> None:
    before, after = dict(weights_in(FOLDER)), dict(weights_in(fitted[1]))
    assert {name for name in before if not np.allclose(before[name], after[name], atol=1e-6)} <= {"early.weight", "early.bias"}


def test_without_hard_negatives_there_is_nothing_to_fit_on() -> None:
    with pytest.raises(ValueError, match="no questions with hard negatives"):
        fit_early_score(ReaderNetwork(), QUESTIONS, {})
