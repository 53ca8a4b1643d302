"""Claims with a known truth, for measuring a verifier.

A line is one claim about an article of the corpus, or about a passage of its own:

    {"id": "v-001", "claim": "…", "article_id": "…", "passage_quote": "…", "label": "true", "kind": "paraphrase"}
    {"id": "v-400", "claim": "…", "passage": "…", "label": "false", "kind": "number", "title": "…", "published": "2024-03-07"}

A passage's title and date may be left out. `passage_quote` is the sentence that decides, word for word; it is for people and
for tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from assistant.errors import GoldFormatError
from assistant.evaluation.gold import GoldExample, Split, split_of
from assistant.evaluation.json_lines import records, text_of
from assistant.types import Article

Group = Literal["true", "value", "relation"]

_VALUE_KINDS = frozenset({"value", "date", "number", "amount", "name", "place", "other-source"})


@dataclass(frozen=True, slots=True)
class GoldClaim:
    """A claim, whether it is true, in which way it was reworded or falsified, and the text that decides."""

    id: str
    claim: str
    passage: Article
    is_true: bool
    kind: str
    quote: str | None = None

    @property
    def group(self) -> Group:
        """What the claim tests: that true ones are kept, that wrong values are caught, or that wrong relations are."""
        if self.is_true:
            return "true"
        return "value" if self.kind in _VALUE_KINDS else "relation"


def load_claims(file: Path, articles: Mapping[str, Article], split: Split = "all") -> list[GoldClaim]:
    """The claims of a split, in the order of the file; the halves are made from the ids as those of the gold questions are.

    Raises:
        GoldFormatError: the file cannot be read, or a line is wrong; the message names the file and the line.
    """
    claims = []
    for place, row in records(file):
        claim = _claim(place, row, articles)
        if claim.quote is not None and claim.quote not in claim.passage.text:
            raise GoldFormatError(f"{place}: the quote {claim.quote!r} does not stand in {claim.passage.article_id!r}.")
        if split in ("all", split_of(GoldExample(claim.id, claim.claim, (), (), True))):
            claims.append(claim)
    return claims


def _claim(place: str, row: Mapping[str, Any], articles: Mapping[str, Article]) -> GoldClaim:
    claim_id, claim, kind = (text_of(place, key, row.get(key)) for key in ("id", "claim", "kind"))
    quote = None if row.get("passage_quote") is None else text_of(place, "passage_quote", row["passage_quote"])
    try:
        passage = _passage(place, row) if "passage" in row else articles[row["article_id"]]
        is_true = {"true": True, "false": False}[row["label"]]
    except (KeyError, TypeError, ValueError) as error:
        raise GoldFormatError(
            f"{place}: not a claim ({error!r}); it needs id, claim, label and kind, and article_id or passage."
        ) from error
    return GoldClaim(claim_id, claim, passage, is_true, kind, quote)


def _passage(place: str, row: Mapping[str, Any]) -> Article:
    published = date.fromisoformat(row["published"]) if "published" in row else None
    return Article(row["id"], row.get("title", ""), text_of(place, "passage", row["passage"]), published=published)
