from __future__ import annotations

import json
from pathlib import Path

import pytest
from shipped import CORPUS

from assistant.errors import GoldFormatError
from assistant.evaluation.claims import load_claims
from assistant.ingestion.loading import load_articles
from assistant.types import Article

CLAIMS = Path(__file__).parents[1] / "claims" / "claims.jsonl"
ARTICLES = {"rain": Article("rain", "Rain", "Rain fell in Leeds.")}
GOOD = {"id": "c1", "claim": "It rained.", "article_id": "rain", "label": "true", "kind": "paraphrase"}


def written(folder: Path, *rows: object) -> Path:
    file = folder / "claims.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return file


def test_the_shipped_claims_are_as_many_and_as_varied_as_the_measure_needs() -> None:
    articles = {article.article_id: article for article in load_articles(CORPUS)}
    claims = load_claims(CLAIMS, articles)
    assert len({claim.id for claim in claims}) == len(claims) >= 320
    assert len({claim.claim for claim in claims}) == len(claims)
    groups = [claim.group for claim in claims]
    assert all(groups.count(group) >= minimum for group, minimum in (("true", 160), ("value", 100), ("relation", 60)))
    dev, test = load_claims(CLAIMS, articles, "dev"), load_claims(CLAIMS, articles, "test")
    assert {claim.id for claim in dev}.isdisjoint(claim.id for claim in test)
    assert len(dev) + len(test) == len(claims)


def test_a_claim_brings_its_article_or_its_own_passage(tmp_path: Path) -> None:
    own = {"id": "c2", "claim": "It snowed.", "passage": "Rain fell in York.", "label": "false", "kind": "number"}
    first, second = load_claims(written(tmp_path, GOOD, own), ARTICLES)
    assert (first.passage, first.is_true, first.group) == (ARTICLES["rain"], True, "true")
    assert (second.passage.text, second.is_true, second.group) == ("Rain fell in York.", False, "value")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"label": "maybe"}, "line 2"),
        ({"article_id": "snow"}, "snow"),
        ({"kind": None, "label": None}, "line 2"),
        ({"passage_quote": "Snow fell."}, "does not stand in 'rain'"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, wrong: dict[str, str], message: str) -> None:
    with pytest.raises(GoldFormatError, match=message):
        load_claims(written(tmp_path, GOOD, GOOD | wrong), ARTICLES)
