"""Fits the weights of `verification/support.json` on the dev half of the claims, and measures them.

    python -m assistant.training.support corpus tests/claims/claims.jsonl tests/claims/free.jsonl [--measure]

Besides the claims as they are, each true one is set against the article of another claim, and some of those about other news than
the corpus tells against what a search of the corpus finds for them: a sentence that is true elsewhere is not found here, and the
weights must say so. Wrong values count twice. A weight whose sign goes against its meaning is set
to nothing, and the others are fitted again. Nothing is random.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console

from assistant.engine import Assistant
from assistant.evaluation.claims import GoldClaim, load_claims
from assistant.evaluation.gold import Split
from assistant.ingestion.loading import load_articles
from assistant.models.reader import OnnxReader, Reader
from assistant.training.regression import signed_regression
from assistant.verification.analysis import analyse
from assistant.verification.check import verify_claim
from assistant.verification.comparison import Signals
from assistant.verification.nearest import compare_closely
from assistant.verification.passages import AnyPassage
from assistant.verification.support import WEIGHTS_FILE, read_weights

NAMES = [field.name for field in dataclasses.fields(Signals)]
_SIGNS = [1 if name == "logit" else -1 for name in NAMES]
_INVERSE_PENALTY = 0.1
_IMPORTANCE = {"true": 1.0, "value": 2.0, "relation": 1.0, "event": 0.15, "another article": 0.5, "other news": 1.0}
_OF_OTHER_NEWS, _MOST_OF_OTHER_NEWS = 3, 330  # one in so many of those claims, and at most so many
_STEP_TO_ANOTHER = 37  # how far down the file the claim stands whose article a true one is set against
_ROUNDS = 6
_WORDS = re.compile(r"(?<= )[a-z]{5,}\b(?!['’-])")
out = Console(highlight=False)

Candidates = list[NDArray[np.float64]]


def main(
    corpus: Path,
    claims: Annotated[list[Path], typer.Argument(help="Files of claims about its articles.")],
    index: Annotated[Path, typer.Option(help="Where the corpus's index is kept.")] = Path(".index"),
    measure: Annotated[bool, typer.Option("--measure", help="Only measure, on both halves.")] = False,
) -> None:
    """Fits on the dev halves and writes the weights, or measures the ones there are."""
    articles = {article.article_id: article for article in load_articles(corpus)}
    reader = OnnxReader()
    if not measure:
        fitted_on = [claim for file in claims for claim in load_claims(file, articles, "dev")]
        other_news = [claim for claim in fitted_on if claim.passage.article_id not in articles]
        with Assistant.open(corpus, index, reader=reader) as assistant:
            found = [(c.claim, assistant.passages_about(c.claim)) for c in other_news[::_OF_OTHER_NEWS][:_MOST_OF_OTHER_NEWS]]
        intercept, weights = fit(fitted_on, reader, found)
        _write(intercept, weights)
        out.print(
            {name: round(float(weight), 2) for name, weight in zip(NAMES, weights, strict=True)}, f"intercept {intercept:.2f}"
        )
    halves: tuple[Split, ...] = ("dev", "test")
    for file, split in product(claims, halves):
        for name, (right, count) in sorted(measured(load_claims(file, articles, split), reader).items()):
            out.print(f"{file.stem:10} {split:5} {name:28} {right:4}/{count:<4} {right / count:.3f}")


def measured(claims: Sequence[GoldClaim], reader: Reader) -> dict[str, tuple[int, int]]:
    """By group and by kind: how many claims were judged rightly, and of how many. A true one must be found supported, a false
    one must not; "kept" is the first and "caught" the second."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for claim in claims:
        supported = verify_claim(claim.claim, [claim.passage], reader=reader).verdict == "supported"
        names = {"true": "true kept", "value": "wrong value caught", "relation": "wrong relation caught"}
        for name in (names[claim.group], f"  {claim.kind}"):
            counts[name].append(supported == claim.is_true)
    return {name: (sum(right), len(right)) for name, right in counts.items()}


def fit(
    claims: Sequence[GoldClaim], reader: Reader, not_found: Sequence[tuple[str, Sequence[AnyPassage]]] = ()
) -> tuple[float, NDArray[np.float64]]:
    """Intercept and weights; `not_found` holds claims of which their passages say nothing.

    Of the sentences compared with a claim, the one that the weights of the round before find best
    stands for all of them, as it does when a claim is verified."""
    rows: list[tuple[Candidates, bool, float]] = []
    for index, claim in enumerate(claims):
        rows.append((_candidates(claim.claim, [claim.passage], reader), claim.is_true, _IMPORTANCE[claim.group]))
        other = claims[(index + _STEP_TO_ANOTHER) % len(claims)]
        if claim.is_true and (event := _another_event(claim, claims, index)):
            rows.append((_candidates(event.claim, [claim.passage], reader), False, _IMPORTANCE["event"]))
        if claim.is_true and other.passage != claim.passage:
            rows.append((_candidates(claim.claim, [other.passage], reader), False, _IMPORTANCE["another article"]))
    rows += [(_candidates(claim, passages, reader), False, _IMPORTANCE["other news"]) for claim, passages in not_found]
    rows = [row for row in rows if row[0]]
    labels = np.array([label for _, label, _ in rows])
    importance = np.array([weight for _, _, weight in rows])
    weights = np.array([json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))["signals"][name]["weight"] for name in NAMES])
    intercept = 0.0
    for _ in range(_ROUNDS):
        best = np.array([max(candidates, key=lambda row: float(row @ weights)) for candidates, _, _ in rows])
        intercept, weights = signed_regression(best, labels, importance, _SIGNS, inverse_penalty=_INVERSE_PENALTY)
    return intercept, weights


def _another_event(claim: GoldClaim, claims: Sequence[GoldClaim], index: int) -> GoldClaim | None:
    """The claim with one of its words, neither name nor number, in place of which another claim's word stands."""
    own = _WORDS.findall(claim.claim)
    others = [word for n in (5, 11, 17, 23) for word in _WORDS.findall(claims[(index + n) % len(claims)].claim)]
    fit = [word for word in others if word not in claim.passage.text.lower()]
    if not own or not fit:
        return None
    old = own[index % len(own)]
    text = re.sub(rf"(?<= ){old}\b", fit[index % len(fit)], claim.claim, count=1)
    return dataclasses.replace(claim, claim=text, is_true=False) if text != claim.claim else None


def _candidates(claim: str, passages: Sequence[AnyPassage], reader: Reader) -> Candidates:
    """The signals of the sentences that have all the claim's values; where none has them, no weight decides."""
    compared = compare_closely(analyse(claim), passages, reader)
    return [np.array([getattr(found.signals, name) for name in NAMES]) for found in compared if not found.absent]


def _write(intercept: float, weights: NDArray[np.float64]) -> None:
    model = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    model["intercept"] = round(intercept, 4)
    for name, weight in zip(NAMES, weights, strict=True):
        model["signals"][name]["weight"] = round(float(weight), 4)
    WEIGHTS_FILE.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    read_weights.cache_clear()


if __name__ == "__main__":
    typer.run(main)
