"""What to evaluate, and how. Importing this loads nothing heavy."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.evaluation.gold import Split

if TYPE_CHECKING:
    from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """The choices of one run.

    json_out: the report; the finished rows lie beside it while the run goes on (`rows_path`).
    sample: so many questions of the split; None: all. seed: of the sample and of the bootstrap.
    compare: the JSON of an earlier run. chat_model, chat_base_url: go before those of the environment.
    settings: values other than those of the environment.
    """

    gold: Path
    json_out: Path
    corpus: Path = Path("corpus")
    index: Path = Path(".index")
    split: Split = "all"
    sample: int | None = None
    seed: int = 0
    html_out: Path | None = None
    resume: bool = False
    baseline: bool = False
    compare: Path | None = None
    chat_model: str | None = None
    chat_base_url: str | None = None
    settings: Settings | None = None
    resamples: int = 10_000


def default_json(gold: Path, split: Split) -> Path:
    """Where the report goes when no place is named: `runs/<folder>-<gold file>-<split>.json`."""
    place = Path(os.path.realpath(gold))  # resolve() fails where links lead in a circle; reading says so later
    return Path("runs") / f"{place.parent.name}-{place.stem}-{split}.json"


def rows_path(json_out: Path) -> Path:
    """Where the finished rows are kept: beside the report, ending in `.rows.jsonl` instead of `.json`."""
    return json_out.parent / f"{json_out.name.removesuffix('.json')}.rows.jsonl"
