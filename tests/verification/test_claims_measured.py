"""The verifier measured on the dev half of the claims, with the packaged reranker."""

from __future__ import annotations

from pathlib import Path

import pytest
from shipped import CORPUS

from assistant.evaluation.claims import load_claims
from assistant.ingestion.loading import load_articles
from assistant.models.reranker import OnnxReranker
from assistant.training.support import measured

CLAIMS = Path(__file__).parents[1] / "claims" / "claims.jsonl"


@pytest.fixture(scope="module")
def found(reranker: OnnxReranker) -> dict[str, tuple[int, int]]:
    articles = {article.article_id: article for article in load_articles(CORPUS)}
    return measured(load_claims(CLAIMS, articles, "dev"), reranker)


@pytest.mark.parametrize(
    ("measure", "floor"), [("true kept", 0.89), ("wrong value caught", 0.95), ("wrong relation caught", 0.77)]
)
def test_dev_half(found: dict[str, tuple[int, int]], measure: str, floor: float) -> None:
    right, count = found[measure]
    assert right / count >= floor
