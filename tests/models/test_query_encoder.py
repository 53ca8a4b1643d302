from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from assistant.models.query_encoder import QueryEncoder
from assistant.models.weights import MINILM
from assistant.training.query_graph import write_query_graph

TEXTS = [
    "When was India moved to STA Tier-1?",
    "who?",
    "",
    "👍🏽 cafe\u0301",
    "Rain fell in Leeds on Monday and the streets were wet. " * 40,  # more than the 256 tokens that are read
]


@pytest.fixture(scope="module")
def encoder() -> QueryEncoder:
    return QueryEncoder()


@pytest.fixture(scope="module")
def theirs() -> SentenceTransformer:
    """The same weights, run by sentence-transformers in the same precision."""
    return SentenceTransformer(str(MINILM.locate()), device="cpu", model_kwargs={"dtype": torch.float32})


@pytest.mark.parametrize("text", TEXTS, ids=["question", "word", "empty", "symbols", "long"])
def test_the_vector_is_that_of_sentence_transformers(text: str, encoder: QueryEncoder, theirs: SentenceTransformer) -> None:
    expected = theirs.encode(text, normalize_embeddings=True, show_progress_bar=False)
    assert np.array(encoder.encode(text)) == pytest.approx(expected, abs=1e-5)


def test_who_changes_a_vector_changes_no_other(encoder: QueryEncoder) -> None:
    first = encoder.encode("Did rain fall?")
    first[0] = 2.0
    assert encoder.encode("Did rain fall?")[0] != 2.0


def test_the_graph_can_be_written_again(tmp_path: Path, encoder: QueryEncoder) -> None:
    graph = tmp_path / "graph.onnx"
    assert len(write_query_graph(graph)) == 64
    assert graph.stat().st_size < 1_000_000  # without weights
    for text in TEXTS:
        assert QueryEncoder(graph).encode(text) == pytest.approx(encoder.encode(text), abs=1e-5)
