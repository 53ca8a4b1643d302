from __future__ import annotations

from pathlib import Path

import pytest
import torch

from assistant.errors import ModelUnavailable
from assistant.models.reader import FOLDER, OnnxReader
from assistant.models.weights import MS_MARCO
from assistant.training.examples import Example, epoch_examples
from assistant.training.loop import Plan
from assistant.training.network import ReaderNetwork, from_onnx
from assistant.training.reader import fit_early_score, train, weights_in
from assistant.training.squad import Question
from assistant.training.tokens import TokenStore, load_tokenizer

PASSAGE = "Rain fell in Leeds on 5 March 2024. The mayor, Ann Lee, closed the schools."
QUESTIONS = [Question(str(n), "file", "Leeds", "Leeds", PASSAGE, f"Where did it rain {n} times?", ((13, 18),)) for n in range(20)]


STORE = TokenStore.of([epoch_examples(QUESTIONS, {}, seed) for seed in (1, 2)], load_tokenizer())


def test_a_run_begins_with_the_weights_of_another_and_leaves_its_own(tmp_path: Path) -> None:
    torch.manual_seed(4)
    given = from_onnx(MS_MARCO.locate() / "model.onnx").state_dict()  # the span head is drawn by chance
    still = Plan(learning_rate=0.0, head_learning_rate=0.0)
    train(STORE, tmp_path, still, lambda step, steps, row: None, weights=given)
    left = weights_in(tmp_path)
    fitted = {"early.weight", "early.bias"}  # at the end of every run
    assert all(torch.allclose(left[name], given[name], atol=1e-6) for name in given.keys() - fitted)
    assert not torch.allclose(left["early.weight"], given["early.weight"], atol=1e-3)
    other = train(STORE, tmp_path, still, lambda step, steps, row: None)  # the checkpoint is at the end: nothing to do
    assert torch.equal(other.span.weight, left["span.weight"])


def test_a_few_steps_teach_where_it_rained_and_a_cut_run_ends_as_a_whole_one(tmp_path: Path) -> None:
    plan = Plan(batch_tokens=96, dropout=0.0, mean_over=0.2)
    store = TokenStore(STORE.tokens, STORE.bounds, STORE.epochs * 5)
    (tmp_path / "whole").mkdir()
    (tmp_path / "cut").mkdir()
    torch.manual_seed(4)
    given = from_onnx(MS_MARCO.locate() / "model.onnx").state_dict()
    whole = train(store, tmp_path / "whole", plan, lambda step, steps, row: None, weights=given)

    class Cut(Exception):
        pass

    def cut(step: int, steps: int, row: dict[str, float]) -> None:
        raise Cut

    with pytest.raises(Cut):
        train(store, tmp_path / "cut", plan, cut, weights=given, checkpoint_every=10)
    gone_on = train(store, tmp_path / "cut", plan, lambda step, steps, row: None, weights=given)
    batch = store.collate(store.epochs[0][:8])
    with torch.no_grad():
        one, other = (network(*batch[:3]) for network in (whole, gone_on))
        early = whole.early_score(whole.lower(*batch[:3]), batch.attention_mask, batch.token_type_ids)
    answered = batch.end > 0  # tricks are among the pairs too
    assert torch.allclose(one.answerable, other.answerable, atol=0.05)
    for heads in (one, other):
        assert heads.start.argmax(1)[answered].tolist() == batch.start[answered].tolist()
    assert torch.isfinite(early).all()


def test_half_a_pass_is_fitted_to_the_score_of_the_whole() -> None:
    network = ReaderNetwork()
    network.load_state_dict(dict(weights_in(FOLDER)))
    passages = [PASSAGE, "Lemon trees are pruned in early spring.", "The mayor of Leeds is Ann Lee.", "Snow fell in York in May."]
    asked = ["Where did rain fall?", "When are lemon trees pruned?", "Who is the mayor of Leeds?", "Who closed the schools?"]
    pairs = [(question, passage) for question in asked for passage in passages]
    store = TokenStore.of([[Example(question, "", passage, None) for question, passage in pairs]], load_tokenizer())
    torch.nn.init.zeros_(network.early.weight)
    fit_early_score(network.eval(), store, Plan())
    batch = store.collate(store.epochs[0])
    with torch.no_grad():
        early = network.early_score(network.lower(*batch[:3]), batch.attention_mask, batch.token_type_ids)
    scores = torch.tensor([reading.score for reading in OnnxReader(folder=FOLDER).read(pairs)])
    assert torch.corrcoef(torch.stack([early, scores]))[0, 1] > 0.9


def test_the_weights_of_a_reader_that_has_only_its_int8_model_are_read_back() -> None:
    tokenizer = load_tokenizer()
    network = ReaderNetwork()
    network.load_state_dict(dict(weights_in(FOLDER)))
    encoded = tokenizer.encode("Where did rain fall?", PASSAGE)
    rows = [torch.tensor([row]) for row in (encoded.ids, encoded.attention_mask, encoded.type_ids)]
    with torch.no_grad():
        heads = network.eval()(*rows)
    [reading] = OnnxReader(folder=FOLDER).read([("Where did rain fall?", PASSAGE)])
    assert heads.answerable.item() == pytest.approx(reading.answerable, abs=0.3)  # what int8 activations round away
    assert heads.relevance.item() == pytest.approx(reading.relevance, abs=0.3)
    span = slice(encoded.offsets[int(heads.start.argmax())][0], encoded.offsets[int(heads.end.argmax())][1])
    assert PASSAGE[span] == "Leeds"


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"There are no weights .*weights\.pt'; give the folder of a run"):
        weights_in(tmp_path)
