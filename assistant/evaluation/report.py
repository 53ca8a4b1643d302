"""The finished report: what it holds, the JSON file it is kept in, and the tables shown on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.evaluation.aggregate import Aggregates, Estimate
from assistant.evaluation.catalogue import GROUPS, MEASURES, Measure
from assistant.evaluation.compare import Comparison
from assistant.evaluation.gold import Split
from assistant.evaluation.rows import Row
from assistant.writing import write_whole

if TYPE_CHECKING:
    # Importing it loads Chroma.
    from assistant.evaluation.baseline import BaselineRow, Beside

_NOTHING = "–"


@dataclass(frozen=True)
class Provenance:
    """What the rows were made from, and with what.

    created: UTC, ISO 8601. sample: how many questions were drawn, None for all. resamples, seed: of the bootstrap; the seed
    also draws the sample. weights: SHA-256 of the files of learned numbers, by name. rows_format: `rows.ROWS_FORMAT`.
    peak_memory_mib: the most memory the process held, in MiB.
    """

    gold: str
    gold_sha256: str
    split: Split
    sample: int | None
    seed: int
    resamples: int
    corpus: str
    corpus_sha256: str
    settings: Mapping[str, Any]
    settings_fingerprint: str
    weights: Mapping[str, str]
    rows_format: int
    versions: Mapping[str, str]
    machine: Mapping[str, str | int]
    peak_memory_mib: float
    created: str


@dataclass(frozen=True)
class EvaluationReport:
    """A run: the rows, and the numbers that `aggregate` makes from them alone."""

    provenance: Provenance
    aggregates: Aggregates
    rows: list[Row]
    baseline: list[BaselineRow] | None = None
    beside_baseline: dict[str, Beside] | None = None
    comparison: Comparison | None = None

    def values(self) -> dict[str, float | None]:
        """The measures by name."""
        return {name: estimate["value"] for name, estimate in self.aggregates["measures"].items()}

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers, as they are kept in the JSON file."""
        plain = asdict(self)
        provenance: dict[str, Any] = plain.pop("provenance")
        return provenance | plain


def write_json(record: Mapping[str, Any], path: Path) -> None:
    """Writes a record, whole or not at all; its folder is made.

    Raises:
        SettingsError: it cannot be written.
    """
    write_whole(path, json.dumps(record, indent=1, allow_nan=False) + "\n")


def print_report(report: EvaluationReport, console: Console) -> None:
    """Shows the tables of a report."""
    for table in tables(report):
        console.print(table)
        console.print()


def tables(report: EvaluationReport) -> Iterator[Table]:
    """The measures, then by tag, times, and what was asked for: the baseline and the comparison."""
    yield _measures(report)
    if report.aggregates["by_tag"]:
        yield _by_tag(report.aggregates["by_tag"])
    yield _spreads(report)
    if report.beside_baseline is not None:
        yield _baseline(report.beside_baseline)
    if report.comparison is not None:
        yield _comparison(report.comparison)


def number(value: float | None) -> str:
    """Three decimals, one from 10 on, none from 1,000 on; a dash for None."""
    if value is None:
        return _NOTHING
    decimals = 3 if abs(value) < 10 else 1 if abs(value) < 1000 else 0
    return f"{value:,.{decimals}f}"


def value_of(measure: Measure, estimate: Estimate) -> str:
    """The value; a total without decimals."""
    value = estimate["value"]
    return f"{value:,.0f}" if measure.kind == "total" and value is not None else number(value)


def interval(estimate: Estimate) -> str:
    """Low to high, or a dash."""
    if estimate["low"] is None or estimate["high"] is None:
        return _NOTHING
    return f"{number(estimate['low'])} to {number(estimate['high'])}"


def describe(report: EvaluationReport) -> str:
    """One line: which questions, and how many."""
    counts, provenance = report.aggregates["counts"], report.provenance
    sample = f", a sample of {provenance.sample} (seed {provenance.seed})" if provenance.sample is not None else ""
    return (
        f"{provenance.gold}, split {provenance.split}{sample}: {counts['questions']} questions, {counts['answerable']} of them "
        f"answerable; {counts['answered']} answered, {counts['abstained']} abstained, {counts['failed']} failed"
    )


def describe_comparison(comparison: Comparison) -> str:
    """One line: against what, on how many questions, and how many turned."""
    right, wrong = len(comparison["now_right"]), len(comparison["now_wrong"])
    return (
        f"Against {comparison['old_report']}: {comparison['shared']} shared questions ({comparison['left_out']} left out), "
        f"{right} now right, {wrong} now wrong (p = {comparison['sign_test_p']:.3f})"
    )


def estimates_table(title: str, rows: Mapping[str, tuple[str, Estimate]]) -> Table:
    """A table of estimates; `rows` maps a name to its label and estimate."""
    table = _table(title, "Measure", "Value", "95 % interval", "n")
    for label, estimate in rows.values():
        table.add_row(label, number(estimate["value"]), interval(estimate), str(estimate["n"]))
    return table


def _measures(report: EvaluationReport) -> Table:
    table = _table(escape(describe(report)), "Measure", "Value", "95 % interval", "n")
    for group, measures in GROUPS.items():
        table.add_section()
        table.add_row(f"[bold]{group}[/]")
        for measure in measures:
            estimate = report.aggregates["measures"][measure.name]
            table.add_row(f"  {measure.label}", value_of(measure, estimate), interval(estimate), str(estimate["n"]))
    return table


def _by_tag(by_tag: Mapping[str, Mapping[str, Estimate]]) -> Table:
    table = _table("By tag", "Tag", "n", "Correct", "Contained", "Tokens", "EM", "F1", "Null")
    names = ("correct", "containment", "answer_tokens", "exact_match", "f1", "null_recall")
    for tag, found in sorted(by_tag.items()):
        table.add_row(escape(tag), str(found["correct"]["n"]), *(number(found[name]["value"]) for name in names))
    return table


def _spreads(report: EvaluationReport) -> Table:
    table = _table("Time and size", "", "Median", "95th percentile")
    for stage, spread in report.aggregates["timings_ms"].items():
        table.add_row(f"{escape(stage)} (ms)", number(spread["median"]), number(spread["p95"]))
    for text, spread in report.aggregates["tokens"].items():
        table.add_row(f"{text} (tokens)", number(spread["median"]), number(spread["p95"]))
    table.add_row("peak memory (MiB)", number(report.provenance.peak_memory_mib))
    return table


def _baseline(found: Mapping[str, Beside]) -> Table:
    table = _table(
        "Beside the retrieval chain of LangChain's RAG tutorial, four passages each", "Measure", "Ours", "Chain", "Ratio"
    )
    for name, pair in found.items():
        table.add_row(name, number(pair["ours"]), number(pair["baseline"]), number(pair["ratio"]))
    return table


def _comparison(comparison: Comparison) -> Table:
    table = _table(escape(describe_comparison(comparison)), "Measure", "Old", "New", "Change", "Low", "High", "")
    table.caption = "Low and high: the paired 95 % interval of the change. Blank: no clear change, the interval holds zero."
    for name, change in comparison["measures"].items():
        values = [number(change[key]) for key in ("old", "new", "change", "low", "high")]
        table.add_row(MEASURES[name].label, *values, change["verdict"] if change["excludes_zero"] else "")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", caption_justify="left", box=SIMPLE_HEAD)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 else "right")
    return table
