"""Fits the numbers of `answering/confidence.json` on the dev split of gold sets.

    python -m assistant.training.calibration runs tests/gold:corpus [OTHER.jsonl:CORPUS[:all] …] [--sample N] [--far SQUAD.json …]

The weights are shared by all sets; each set has an intercept of its own, because how many of its questions can't be answered
is a property of the set. The intercept of the first set is the one that ships; sets about another corpus count for a fifth.
Questions about other things, in SQuAD's format, are asked of the first set's corpus, which answers none of them. What was asked
is kept in the folder given first, so that a run that was cut off goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, cast

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from assistant.answering.confidence import WEIGHTS_FILE
from assistant.engine import Assistant
from assistant.evaluation.gold import GoldExample, Split, load_gold, select
from assistant.evaluation.text import contains_answer
from assistant.settings import load_settings
from assistant.training.regression import signed_regression
from assistant.training.squad import read_squad

_INVERSE_PENALTY = 0.5
# What a question asks for may make it likelier to be answered or less; all others speak against an answer.
_SIGNS = {"answerable": 1, "margin": 1, "entailed": 1, "second": 1, "nearness": 1, "open_question": 0}
_IMPORTANCE_OF_ANOTHER_CORPUS = 0.2
_FAR, _IMPORTANCE_OF_FAR = 500, 0.1
err = Console(stderr=True)


def main(
    folder: Path,
    sets: Annotated[list[str], typer.Argument(help="GOLD:CORPUS, the shipped set first; with :all behind, both splits.")],
    index: Path = Path(".index"),
    sample: Annotated[int | None, typer.Option(help="At most so many questions of each set but the first.")] = None,
    far: Annotated[list[Path] | None, typer.Option(help="Questions about other things, in SQuAD's format.")] = None,
) -> None:
    """Asks every dev question, fits the weights on those that no rule refuses, and writes them."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    corpora = []
    for number, each in enumerate(sets):
        gold, corpus, split = [*each.split(":"), "dev"][:3]
        examples = select(load_gold(Path(gold)), cast(Split, split), sample if number else None, seed=1)
        rows.append(_ask(examples, Path(corpus), index, folder / f"{Path(gold).stem}-{Path(corpus).name}.jsonl"))
        corpora.append(corpus)
    names = list(json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))["signals"])
    importance = [1.0 if corpus == corpora[0] else _IMPORTANCE_OF_ANOTHER_CORPUS for corpus in corpora]
    others = _ask(_about_other_things(far or []), Path(corpora[0]), index, folder / "far.jsonl")
    intercept, weights = fit(names, rows, importance, others)
    _write(intercept, dict(zip(names, weights.tolist(), strict=True)))
    err.print(f"{sum(map(len, rows))} questions; intercept {intercept:.3f}, {dict(zip(names, weights.round(3), strict=True))}")


def fit(
    names: list[str],
    sets: list[list[dict[str, float]]],
    importance: Sequence[float] | None = None,
    far: Sequence[dict[str, float]] = (),
) -> tuple[float, NDArray[np.float64]]:
    """Logistic regression of `is_answerable` on the named signals; each set's rows count for its `importance`, None for 1 each,
    and the intercept is the first set's. So is that of questions about other things, `far`."""
    weight = [1.0] * len(sets) if importance is None else importance
    rows = [(number, weight[number], row) for number, rows in enumerate(sets) for row in rows]
    rows += [(0, _IMPORTANCE_OF_FAR, row) for row in far]
    values = np.array([[row[name] for name in names] for *_, row in rows])
    others = np.array([[float(number == other) for other in range(1, len(sets))] for number, *_ in rows])
    answerable = np.array([row["is_answerable"] for *_, row in rows])
    counts = np.array([count for _, count, _ in rows])
    signs = [*(_SIGNS.get(name, -1) for name in names), *[0] * others.shape[1]]
    intercept, weights = signed_regression(
        np.hstack([values, others]), answerable, counts, signs, inverse_penalty=_INVERSE_PENALTY
    )
    return intercept, weights[: len(names)]


def _about_other_things(files: Sequence[Path]) -> list[GoldExample]:
    questions = sorted(
        (question for file in files for question in read_squad(file)), key=lambda q: sha256(q.question_id.encode()).digest()
    )
    return [GoldExample(q.question_id, q.text, (), (), answerable=False) for q in questions[:_FAR]]


def _ask(examples: list[GoldExample], corpus: Path, index: Path, file: Path) -> list[dict[str, float]]:
    done = {row["id"]: row for row in map(json.loads, file.read_text().splitlines())} if file.exists() else {}
    settings = load_settings(abstain_below=0)  # every question gets its best sentences
    with Assistant.open(corpus, index, settings=settings) as assistant, file.open("a") as out:
        for example in track([e for e in examples if e.id not in done], console=err):
            answer = assistant.ask(example.question, example.history)
            right = example.answerable and contains_answer(answer.text, example.answers)
            labels = {"id": example.id, "is_answerable": float(example.answerable), "right": float(right)}
            labels["by_rule"] = float(not answer.confidence)
            done[example.id] = labels | dict(answer.signals)
            out.write(json.dumps(done[example.id]) + "\n")
            out.flush()
    asked = [done[example.id] for example in examples]
    return [row for row in asked if not row["by_rule"]]  # what is refused whatever the reader says teaches nothing about it


def _write(intercept: float, weights: dict[str, float]) -> None:
    model = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    model["intercept"] = round(intercept, 4)
    for name, weight in weights.items():
        model["signals"][name]["weight"] = round(weight, 4)
    WEIGHTS_FILE.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
