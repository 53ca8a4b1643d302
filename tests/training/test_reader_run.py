"""The reader is trained, cut and gone on with, exported, and read by the reader."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from typer.testing import CliRunner

from assistant.cli import app
from assistant.models.reader import FOLDER, LOWER_FILE, READER_FILE, SHA256, OnnxReader
from assistant.models.weights import DEBERTA
from assistant.training.examples import claim_examples, epoch_examples
from assistant.training.export import export
from assistant.training.loop import Plan
from assistant.training.measure import measure_claims
from assistant.training.network import ReaderNetwork, from_onnx, from_published
from assistant.training.reader import FINISHED, train
from assistant.training.squad import Question
from assistant.training.tokens import TokenStore, load_tokenizer
from assistant.training.vocabulary import TOKENIZER
from assistant.training.written import Claim

PASSAGE = "Rain fell in Leeds on 5 March 2024. The mayor, Ann Lee, closed the schools."
QUESTIONS = [Question(str(n), "file", "Leeds", "Leeds", PASSAGE, f"Where did it rain {n} times?", ((13, 18),)) for n in range(8)]
CLAIMS = [
    Claim("Leeds shut its classrooms.", PASSAGE, "Leeds", True, "reworded"),
    Claim("Nobody closed a school in Leeds.", PASSAGE, "Leeds", False, "negation"),
    Claim("It was Ann Lee who shut the schools.", PASSAGE, "Leeds", True, "reworded"),
    Claim("Ann Lee was closed by the schools of Leeds.", PASSAGE, "Leeds", False, "roles"),
]
STORE = TokenStore.of([epoch_examples(QUESTIONS, {}, seed) + claim_examples(CLAIMS * 3) for seed in (1, 2)], load_tokenizer())
PAIRS = [(claim.text, claim.passage) for claim in CLAIMS] + [
    ("Where did rain fall?", PASSAGE),
    ("Who closed the schools?", PASSAGE),
]


def no_report(step: int, steps: int, row: dict[str, float]) -> None:
    pass


@pytest.fixture(scope="module")
def published() -> ReaderNetwork:
    folder = DEBERTA.locate()
    torch.manual_seed(4)  # the span head is drawn by chance
    return from_published(folder / "policy_nli_int8.onnx", Tokenizer.from_file(str(folder / TOKENIZER)), load_tokenizer()).eval()


def logits_of(network: ReaderNetwork, pairs: list[tuple[str, str]]) -> list[tuple[float, float]]:
    """Of answerability and entailment."""
    tokenizer, found = load_tokenizer(), []
    for text, passage in pairs:
        with torch.no_grad():
            heads = network(torch.tensor([tokenizer.encode(passage, text).ids]))
        found.append((heads.answerable.item(), heads.entailed.item()))
    return found


def test_the_published_weights_tell_what_follows_before_any_training(published: ReaderNetwork) -> None:
    said, denied = (
        entailed for _, entailed in logits_of(published, [("Rain fell in Leeds.", PASSAGE), ("It was dry in Leeds.", PASSAGE)])
    )
    assert said > denied + 1
    assert logits_of(published, PAIRS)[0][0] == logits_of(published, PAIRS)[0][1]  # both judges begin as one


def test_a_batch_is_read_as_its_pairs_are_alone(published: ReaderNetwork) -> None:
    store = TokenStore.of([claim_examples([*CLAIMS, Claim("Rain fell.", "Rain fell.", "", True)])], load_tokenizer())
    batch = store.collate(store.epochs[0])
    with torch.no_grad():
        together = published(batch.input_ids, batch.attention_mask).entailed.tolist()
        alone = [
            published(row[: int(mask.sum())][None]).entailed.item()
            for row, mask in zip(batch.input_ids, batch.attention_mask, strict=True)
        ]
    assert together == pytest.approx(alone, abs=1e-4)


def test_some_steps_teach_and_a_cut_run_ends_as_a_whole_one(tmp_path: Path, published: ReaderNetwork) -> None:
    plan = Plan(batch_tokens=256, mean_over=0.2, learning_rate=3e-4, head_learning_rate=2e-3)
    store = TokenStore(STORE.tokens, STORE.bounds, STORE.epochs * 7)
    (tmp_path / "whole").mkdir()
    (tmp_path / "cut").mkdir()
    whole = train(copy.deepcopy(published), store, tmp_path / "whole", plan, no_report)

    class Cut(Exception):
        pass

    def cut(step: int, steps: int, row: dict[str, float]) -> None:
        assert set(row) == {"start", "end", "answerable", "claims", "seconds"}
        raise Cut

    with pytest.raises(Cut):
        train(copy.deepcopy(published), store, tmp_path / "cut", plan, cut, checkpoint_every=25)
    gone_on = train(copy.deepcopy(published), store, tmp_path / "cut", plan, no_report)
    assert np.allclose(logits_of(whole, PAIRS), logits_of(gone_on, PAIRS), atol=0.2)
    batch = store.collate(store.epochs[0][:8])
    answered = batch.end > 0  # tricks are among the pairs too
    for network in (whole, gone_on):
        with torch.no_grad():
            heads = network(batch.input_ids, batch.attention_mask)
        assert heads.start.argmax(1)[answered].tolist() == batch.start[answered].tolist()
        true, false, also_true, also_false = (entailed for _, entailed in logits_of(network, PAIRS[:4]))
        assert min(true, also_true) > max(false, also_false) + 1
    kept = torch.load(tmp_path / "whole" / FINISHED, weights_only=True)
    assert torch.equal(kept["span.weight"], whole.span.weight)
    assert torch.equal(kept["words.weight"], published.words.weight)  # words stay as they are


def test_a_reader_is_exported_as_it_was_read_back(tmp_path: Path, reader: OnnxReader) -> None:
    network = from_onnx(FOLDER / READER_FILE).eval()
    told = [(reading.answerable, reading.entailed) for reading in reader.read(PAIRS)]
    assert np.allclose(logits_of(network, PAIRS), told, atol=0.5)  # what int8 activations round away
    export(network, tmp_path)
    assert (tmp_path / READER_FILE).stat().st_size < 40_000_000
    for name in SHA256.keys() - {READER_FILE}:
        shutil.copy(FOLDER / name, tmp_path)
    again = OnnxReader(folder=tmp_path)
    assert np.allclose([(reading.answerable, reading.entailed) for reading in again.read(PAIRS)], told, atol=0.5)
    (reading,) = again.read([("Where did rain fall?", PASSAGE)])
    assert reading.best_span() == (13, 18)


def test_claims_are_measured_by_the_way_in_which_they_are_false(reader: OnnxReader) -> None:
    figures = measure_claims(reader, CLAIMS)
    assert set(figures) == {"claims all", "claims negation", "claims roles"}
    assert all(0 <= value <= 1 for value in figures.values())


def test_a_lacking_weight_is_named() -> None:
    with pytest.raises(KeyError, match=r"words\.weight"):
        from_onnx(FOLDER / LOWER_FILE)


def test_a_folder_without_a_reader_is_named_before_anything_is_drawn(tmp_path: Path) -> None:
    data = tmp_path / "squad.json"
    data.write_text('{"data": []}')
    wrong = tmp_path / READER_FILE
    begins = ["train-reader", str(data), "--folder", str(tmp_path / "run"), "--start", str(tmp_path)]
    told = CliRunner().invoke(app, begins)
    assert told.exit_code == 1
    assert f"There is no '{wrong}'; give the folder of a reader." in told.stderr
    for file in (b"no network", (FOLDER / LOWER_FILE).read_bytes()):
        wrong.write_bytes(file)
        told = CliRunner().invoke(app, begins)
        assert told.exit_code == 1
        assert f"'{wrong}' is not a reader (" in told.stderr
    assert not (tmp_path / "run").exists()
