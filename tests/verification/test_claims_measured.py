"""The verifier measured on the dev half of the claims, with the packaged reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from shipped import CORPUS

from assistant.evaluation.claims import load_claims
from assistant.ingestion.loading import load_articles
from assistant.models.reader import OnnxReader
from assistant.training.support import measured

CLAIMS = Path(__file__).parents[1] / "claims" / "claims.jsonl"


@pytest.fixture(scope="module")
def found(reader: OnnxReader) -> dict[str, tuple[int, int]]:
    articles = {article.article_id: article for article in load_articles(CORPUS)}
    return measured(load_claims(CLAIMS, articles, "dev"), reader)


@pytest.mark.parametrize(
    ("measure", "floor"), [("true kept", 0.85), ("wrong value caught", 0.97), ("wrong relation caught", 0.85)]
)
def test_dev_half(found: dict[str, tuple[int, int]], measure: str, floor: float) -> None:
    right, count = found[measure]
    assert right / count >= floor
