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
        ({"id": 7}, "line 2: 'id' is 7"),
        ({"id": "\ud800"}, "line 2: 'id' is .*half a surrogate pair"),
        ({"passage": 7}, "line 2: 'passage' is 7"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, wrong: dict[str, object], message: str) -> None:
    with pytest.raises(GoldFormatError, match=message):
        load_claims(written(tmp_path, GOOD, GOOD | wrong), ARTICLES)


def test_a_line_separator_in_a_claim_ends_no_line(tmp_path: Path) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_text(json.dumps(GOOD | {"claim": "It\u2028rained."}, ensure_ascii=False) + "\n", encoding="utf-8")
    (claim,) = load_claims(file, ARTICLES)
    assert claim.claim == "It\u2028rained."


def test_a_file_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldFormatError, match=r"absent\.jsonl, line 1: cannot be read"):
        load_claims(tmp_path / "absent.jsonl", ARTICLES)
    (tmp_path / "claims.jsonl").write_bytes(b"\n\xff\n")
    with pytest.raises(GoldFormatError, match="line 2: not UTF-8"):
        load_claims(tmp_path / "claims.jsonl", ARTICLES)
