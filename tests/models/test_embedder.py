from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelUnavailable
from assistant.models.embedder import SentenceTransformerEmbeddings
from assistant.models.weights import MINILM

TEXTS = [
    "Rain fell in Leeds on Monday and the streets were wet. " * 8,
    "Drones.",
    "",
    "India was moved into Tier-1 of the Strategic Trade Authorization licence exception.",
    "👍🏽 cafe\u0301",
    "Drones.",
]


def test_vectors_have_unit_length(embeddings: SentenceTransformerEmbeddings) -> None:
    vectors = np.array(embeddings.embed_documents(TEXTS))
    assert vectors.shape == (len(TEXTS), 384)
    # bfloat16 has eight bits of precision.
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=0.01)


def test_vectors_come_in_the_order_of_the_texts(embeddings: SentenceTransformerEmbeddings) -> None:
    together = np.array(embeddings.embed_documents(TEXTS))
    alone = np.array([embeddings.embed_documents([text])[0] for text in TEXTS])
    cosines = together @ alone.T
    assert np.diag(cosines) == pytest.approx(1, abs=0.02)
    different = [(i, j) for i in range(5) for j in range(5) if i != j]
    assert max(cosines[i, j] for i, j in different) < 0.9


def test_no_texts_no_vectors(embeddings: SentenceTransformerEmbeddings) -> None:
    assert embeddings.embed_documents([]) == []


def test_a_question_is_nearest_to_its_answer(embeddings: SentenceTransformerEmbeddings) -> None:
    question = np.array(embeddings.embed_query("When was India moved to STA Tier-1?"))
    cosines = np.array(embeddings.embed_documents(TEXTS)) @ question
    assert int(cosines.argmax()) == 3


def test_the_same_question_has_the_same_vector(embeddings: SentenceTransformerEmbeddings) -> None:
    assert embeddings.embed_query("Did rain fall?") == embeddings.embed_query("Did rain fall?")


def test_a_local_folder_is_a_model_too(embeddings: SentenceTransformerEmbeddings) -> None:
    local = SentenceTransformerEmbeddings(str(MINILM.locate()))
    # In bfloat16, where the packaged one has float32 for questions.
    assert np.dot(local.embed_query("Did rain fall?"), embeddings.embed_query("Did rain fall?")) == pytest.approx(1, abs=0.02)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"The embedding model '.*' cannot be loaded .* local folder or a hub id"):
        SentenceTransformerEmbeddings(str(tmp_path))
