"""The layers that judge claims: trained on a reader's lower layers, cut and gone on with, exported, and read by the reader."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from assistant.models.reader import FOLDER, OnnxReader
from assistant.training.claims import ClaimPlan, ReadClaims, train_claims
from assistant.training.export import export_claims
from assistant.training.measure import measure_claims
from assistant.training.network import ClaimNetwork, ReaderNetwork
from assistant.training.reader import weights_in
from assistant.training.written import Claim

PASSAGE = "Rain fell in Leeds on 5 March 2024. The mayor, Ann Lee, closed the schools."
CLAIMS = [
    Claim("Leeds shut its classrooms.", PASSAGE, "Leeds", True, "reworded"),
    Claim("Nobody closed a school in Leeds.", PASSAGE, "Leeds", False, "negation"),
    Claim("It was Ann Lee who shut the schools.", PASSAGE, "Leeds", True, "reworded"),
    Claim("Ann Lee was closed by the schools of Leeds.", PASSAGE, "Leeds", False, "roles"),
]


@pytest.fixture(scope="module")
def packaged_network() -> ReaderNetwork:
    network = ReaderNetwork()
    network.load_state_dict(dict(weights_in(FOLDER)))
    return network.eval()


def logits_of(network: ClaimNetwork, reader: ReaderNetwork) -> list[float]:
    read = ReadClaims(CLAIMS, reader)
    with torch.no_grad():
        return read.logits(network, read.store.epochs[0]).tolist()


def test_a_few_epochs_teach_four_claims_and_a_cut_run_ends_as_a_whole_one(
    tmp_path: Path, packaged_network: ReaderNetwork
) -> None:
    (tmp_path / "cut").mkdir()
    (tmp_path / "whole").mkdir()
    losses: list[float] = []
    whole = train_claims(
        CLAIMS, packaged_network, tmp_path / "whole", ClaimPlan(6, dropout=0.0), lambda epoch, loss: losses.append(loss)
    )
    assert losses[-1] < losses[0] - 0.1

    class Cut(Exception):
        pass

    def cut_after_the_third(epoch: int, loss: float) -> None:
        if epoch == 4:
            raise Cut

    with pytest.raises(Cut):
        train_claims(CLAIMS, packaged_network, tmp_path / "cut", ClaimPlan(6, dropout=0.0), cut_after_the_third)
    again: list[int] = []
    cut = train_claims(
        CLAIMS, packaged_network, tmp_path / "cut", ClaimPlan(6, dropout=0.0), lambda epoch, loss: again.append(epoch)
    )
    assert again == [4, 5, 6]
    assert logits_of(cut, packaged_network) == pytest.approx(logits_of(whole, packaged_network), abs=0.1)


def test_before_training_a_claim_is_judged_as_a_question_is(packaged_network: ReaderNetwork, tmp_path: Path) -> None:
    for name in ("lower.onnx", "upper.onnx", "tokenizer.json"):
        shutil.copy(FOLDER / name, tmp_path)
    export_claims(ClaimNetwork(packaged_network).eval(), tmp_path)
    reader = OnnxReader(folder=tmp_path)
    pairs = [(claim.text, claim.passage) for claim in CLAIMS]
    answerable = [reading.answerable for reading in reader.read(pairs)]
    assert reader.entailed(pairs) == pytest.approx(answerable, abs=0.15)  # what int8 activations round away
    assert logits_of(ClaimNetwork(packaged_network), packaged_network) == pytest.approx(answerable, abs=0.4)  # and bfloat16


def test_claims_are_measured_by_the_way_in_which_they_are_false(reader: OnnxReader) -> None:
    figures = measure_claims(reader, CLAIMS)
    assert set(figures) == {"claims all", "claims negation", "claims roles"}
    assert all(0 <= value <= 1 for value in figures.values())
