from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.token_encoder import DIMENSIONS, ColbertEncoder, best_matches, in_bytes, load_token_encoder
from assistant.training.token_graph import write_token_graph

SIGNED = "India and the United States signed the logistics agreement in Washington on 29 August 2016."
TITANIUM = "Titanium has been used to keep the weight of the gun to a little over four tonnes."


@pytest.fixture(scope="module")
def encoder() -> ColbertEncoder:
    return load_token_encoder()


@pytest.mark.parametrize("text", [SIGNED, "who?", "", "👍🏽 cafe\u0301", "Rain fell in Leeds. " * 400])
def test_each_token_has_a_vector_of_unit_length(encoder: ColbertEncoder, text: str) -> None:
    vectors = encoder.encode_question(text)
    assert 2 <= len(vectors) <= 512
    assert vectors.shape[1] == DIMENSIONS
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "nearer", "farther"),
    [
        ("When was the logistics pact signed?", SIGNED, TITANIUM),
        ("What makes the artillery piece so light?", TITANIUM, SIGNED),
    ],
)
def test_a_question_is_nearer_to_what_answers_it(encoder: ColbertEncoder, question: str, nearer: str, farther: str) -> None:
    asked = encoder.encode_question(question)
    first, second = best_matches(asked, encoder.encode_passages([nearer, farther])).mean(axis=1)
    assert first > second + 0.03


def test_a_text_is_nearest_to_itself(encoder: ColbertEncoder) -> None:
    passages = encoder.encode_passages([SIGNED])
    assert passages[0].dtype == np.int8
    assert best_matches(encoder.encode_question(SIGNED), passages).mean(axis=1) == pytest.approx([1.0], abs=0.01)


def test_vectors_do_not_depend_on_who_else_asks(encoder: ColbertEncoder) -> None:
    alone = ColbertEncoder(threads=1).encode_passages([SIGNED, TITANIUM] * 4)
    with ThreadPoolExecutor(4) as pool:
        for together in pool.map(lambda _: encoder.encode_passages([SIGNED, TITANIUM] * 4), range(4)):
            assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


def test_who_changes_a_vector_changes_no_other(encoder: ColbertEncoder) -> None:
    with pytest.raises(ValueError, match="read-only"):
        encoder.encode_question("Did rain fall?")[0, 0] = 2.0


rows_of_numbers = st.lists(
    st.lists(st.floats(-1, 1), min_size=8, max_size=8).filter(lambda row: np.linalg.norm(row) > 0.01), min_size=1, max_size=6
)
unit_vectors = rows_of_numbers.map(
    lambda rows: (np.array(rows) / np.linalg.norm(np.array(rows), axis=1, keepdims=True)).astype(np.float32)
)


@given(unit_vectors, st.lists(unit_vectors, max_size=4))
def test_a_match_is_the_best_cosine(question: np.ndarray, passages: list[np.ndarray]) -> None:
    found = best_matches(question, [in_bytes(passage) for passage in passages])
    assert found.shape == (len(passages), len(question))
    for row, passage in zip(found, passages, strict=True):
        assert row == pytest.approx((question @ passage.T).max(axis=1), abs=0.02)


def test_nothing_is_like_nothing() -> None:
    none, some = np.zeros((0, 8), dtype=np.float32), np.eye(8, dtype=np.float32)
    found = best_matches(some, [in_bytes(none), in_bytes(some), in_bytes(none)])
    assert found.mean(axis=1).tolist() == [0.0, 1.0, 0.0]
    assert best_matches(none, [in_bytes(some)]).shape == (1, 0)
    assert best_matches(some, []).shape == (0, 8)


def test_the_network_can_be_written_again(tmp_path: Path) -> None:
    file = tmp_path / "network.onnx"
    assert len(write_token_graph(file, [SIGNED, TITANIUM, "Rain fell in Leeds. " * 20])) == 64
    vectors = ColbertEncoder(file=file).encode_question(SIGNED)
    assert vectors.shape[1] == DIMENSIONS
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
