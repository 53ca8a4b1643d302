"""How well a reader reads: the figures of the model card, on subjects that training never saw."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np

from assistant.evaluation.statistics import auroc
from assistant.evaluation.text import exact_match, token_f1
from assistant.models.reader import Reader
from assistant.models.reading import Reading
from assistant.training.squad import Question
from assistant.training.written import Claim


def measure(reader: Reader, questions: Sequence[Question], seed: int = 1) -> dict[str, float]:
    """Figures in [0, 1] by name, for each file of the questions.

    f1, em: the best span against all accepted answers, the right passage given, over answerable questions; `_one`: against
    the first accepted answer only. other_passage: AUROC of `Reading.score` for the right passage against another one of
    the same subject. adversarial: AUROC for answerable against unanswerable questions.
    """
    chance = random.Random(seed)
    figures: dict[str, float] = {}
    for file in sorted({q.file for q in questions}):
        asked = [q for q in questions if q.file == file]
        own = _read(reader, [(q.text, q.passage) for q in asked])
        fair = [(q, r) for q, r in zip(asked, own, strict=True) if q.answers]
        answers = [(_words(q.passage, r), [q.passage[a:b] for a, b in q.answers]) for q, r in fair]
        figures[f"{file} f1"] = float(np.mean([token_f1(found, accepted) for found, accepted in answers]))
        figures[f"{file} em"] = float(np.mean([exact_match(found, accepted) for found, accepted in answers]))
        figures[f"{file} f1_one"] = float(np.mean([token_f1(found, accepted[:1]) for found, accepted in answers]))
        figures[f"{file} em_one"] = float(np.mean([exact_match(found, accepted[:1]) for found, accepted in answers]))
        by_subject: dict[str, list[str]] = {}
        for q in asked:
            by_subject.setdefault(q.subject if q.title else q.file, []).append(q.passage)
        others = []
        for q, _ in fair:
            pool = [p for p in dict.fromkeys(by_subject[q.subject if q.title else q.file]) if p != q.passage]
            if pool:  # a part of a large file may hold one passage of a subject
                others.append((q.text, chance.choice(pool)))
        right = [reading for _, reading in fair]
        figures[f"{file} other_passage"] = _auroc(right, _read(reader, others), lambda r: r.score)
        trick = [r for q, r in zip(asked, own, strict=True) if not q.answers]
        if trick:
            figures[f"{file} adversarial"] = _auroc(right, trick)
            figures[f"{file} adversarial (answerable alone)"] = _auroc(right, trick, lambda r: r.answerable)
            figures[f"{file} adversarial (margin alone)"] = _auroc(right, trick, lambda r: r.margin)
    return figures


def _read(reader: Reader, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
    """As the retriever reads: by both networks."""
    return [reading.beside(skim) for reading, skim in zip(reader.read(pairs), reader.skim(pairs), strict=True)]


def measure_claims(reader: Reader, claims: Sequence[Claim]) -> dict[str, float]:
    """AUROC of `Reading.entailed` for true claims against the false ones: all, and by the way in which they are false."""
    logits = np.array([reading.entailed for reading in reader.read([(claim.text, claim.passage) for claim in claims])])
    true = np.array([claim.supported for claim in claims])
    kinds = np.array([claim.kind for claim in claims])
    figures = {}
    for kind in ("all", *sorted(set(kinds[~true]))):
        among = true | (kinds == kind) | (kind == "all")
        figures[f"claims {kind}"] = float(auroc(np.ones((1, among.sum())), logits[among], true[among])[0])
    return figures


def _words(passage: str, reading: Reading) -> str:
    start, end = reading.best_span() or (0, 0)
    return passage[start:end]


def _auroc(
    right: Sequence[Reading], wrong: Sequence[Reading], score: Callable[[Reading], float] = lambda reading: reading.certainty
) -> float:
    scores = np.array([score(r) for r in [*right, *wrong]])
    events = np.array([True] * len(right) + [False] * len(wrong))
    return float(auroc(np.ones((1, len(scores))), scores, events)[0])
