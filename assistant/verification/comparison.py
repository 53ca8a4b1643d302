"""How far a sentence of an article says what a claim says: the signals from which a verdict is made.

A claim goes wrong in few ways. It holds a value that the article doesn't have, or has beside something else; it denies what
the article affirms; it says the opposite; it changes who did it to whom; it makes a plan a deed; or it tells of something that
the article doesn't. Each has a signal here, by rules that can be read.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.verification.alignment import Alignment
from assistant.verification.placement import crossed, displaced, exchanged, misplaced, scattered
from assistant.verification.relations import denied, opposites, parity, possible, roles, speaker


@dataclass(frozen=True, slots=True)
class Signals:
    """How a claim compares with a sentence; `support.json` says what each is worth, and in what unit."""

    uncovered: float
    uncovered_near: float
    uncovered_verb: float
    strange: float
    far_name: float
    displaced: float
    scattered: float
    misplaced_value: float
    misplaced_name: float
    exchanged: float
    crossed: float
    denied: float
    parity: float
    opposite: float
    roles: float
    speaker: float
    possible: float
    logit: float
    doubt: float
    second_doubt: float


def compare(alignment: Alignment, answerable: float, entailed: float, second: float) -> Signals:
    """All signals. The reader's logits are that the sentence answers the claim, and that it says what the claim says; `second` is
    the small network's of the latter."""
    uncovered, near, verb = alignment.uncovered()
    margins = misplaced(alignment)
    return Signals(
        uncovered=uncovered,
        uncovered_near=near,
        uncovered_verb=verb,
        strange=alignment.strangest(),
        far_name=alignment.far_names(),
        displaced=float(len(displaced(alignment))),
        scattered=scattered(alignment),
        misplaced_value=max((found.margin for found in margins if found.claimed.kind != "name"), default=0.0),
        misplaced_name=max((found.margin for found in margins if found.claimed.kind == "name"), default=0.0),
        exchanged=exchanged(alignment)[0],
        crossed=crossed(alignment),
        denied=denied(alignment),
        parity=parity(alignment),
        opposite=float(bool(opposites(alignment))),
        roles=roles(alignment),
        speaker=speaker(alignment),
        possible=possible(alignment),
        logit=answerable,
        doubt=-entailed,
        second_doubt=-second,
    )
