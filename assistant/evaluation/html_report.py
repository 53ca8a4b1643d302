"""The report as one HTML page that needs nothing else: no script, no network, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from assistant.evaluation.aggregate import Columns
from assistant.evaluation.catalogue import GROUPS, MEASURES
from assistant.evaluation.charts import latency_chart, reliability_chart, risk_coverage_chart, tag_chart
from assistant.evaluation.markup import Html, join, tag
from assistant.evaluation.mistakes import mistakes
from assistant.evaluation.report import EvaluationReport, describe, describe_comparison, interval, number, value_of
from assistant.evaluation.statistics import reliability, risk_coverage
from assistant.types import Article
from assistant.writing import write_whole

_STYLE = Html("""
:root { color-scheme: light dark; --ink: #1c1e21; --soft: #5b6169; --paper: #fff; --panel: #f5f6f8; --rule: #d5d9de;
  --mark: #1f5fbf; --other: #b3420a; --good: #17703a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --soft: #a3abb5; --paper: #15181c; --panel: #1f242a;
  --rule: #3a424b; --mark: #7db0ff; --other: #ffab70; --good: #6fd08c; --bad: #ff8f85; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 78rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin: .2rem 0; }
h4 { font-size: .85rem; margin: 0 0 .3rem; color: var(--soft); }
small, .note, .turn, cite { color: var(--soft); font-weight: 400; }
.table { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; }
th:first-child, td:first-child, .text { text-align: left; } td.text { color: var(--soft); font-size: .85rem; max-width: 42rem; }
tr.group th { text-align: left; padding-top: 1rem; }
.plots { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); }
figure { margin: 0; } figcaption { font-weight: 600; } svg { width: 100%; height: auto; background: var(--panel); }
svg text { fill: var(--ink); font-size: 11px; } .axis { stroke: var(--soft); } .grid { stroke: var(--rule); stroke-width: .5; }
.guide { stroke: var(--soft); stroke-dasharray: 4 4; } .curve { fill: none; stroke: var(--mark); stroke-width: 2; }
.bar, .dot { fill: var(--mark); fill-opacity: .75; } .ring { fill: none; stroke: var(--other); stroke-width: 2; }
.whisker { stroke: var(--ink); stroke-width: 1.5; }
summary { cursor: pointer; font-weight: 600; margin: .8rem 0; }
article { border: 1px solid var(--rule); background: var(--panel); padding: .8rem; margin: .8rem 0; }
.columns { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
.columns > div { min-width: 0; overflow-wrap: anywhere; } p, blockquote { margin: .2rem 0; }
blockquote { border-left: 3px solid var(--rule); padding-left: .6rem; white-space: pre-line;
  max-height: 14rem; overflow-y: auto; }
.expected, .good { color: var(--good); } .bad { color: var(--bad); } .turn { margin: 0; }
""")
_MEANING = "What it means"
_METHOD = (
    "Measures are taken question by question, and every number here is made from those rows alone.",
    "A failure or a time-out has the worst value of each measure that applies, and stays in the denominator.",
    "Intervals are 95 % percentile intervals of a bootstrap that draws whole articles: questions with the same first evidence "
    "article come together, an unanswerable question stands alone (Davison and Hinkley 1997, section 3.8).",
    "Citation precision and recall are taken over answerable questions that were answered or failed; abstentions have nothing "
    "to cite.",
    "The risk-coverage curve ranks all questions by confidence. A question is right there if it is answerable and the answer "
    "given contains an accepted one; an unanswerable question is wrong at any confidence, and so is an abstention, whose "
    "answer nobody has seen.",
)


def write_html(report: EvaluationReport, articles: Mapping[str, Article], path: Path) -> None:
    """Writes the page, whole or not at all; its folder is made. `articles` are those of the corpus, by id.

    Raises:
        SettingsError: it cannot be written.
    """
    # A JSON corpus can hold half a surrogate pair, which no encoding has; it becomes "?".
    write_whole(path, html_page(report, articles), errors="replace")


def html_page(report: EvaluationReport, articles: Mapping[str, Article]) -> str:
    """The whole page."""
    title = f"Evaluation: {Path(report.provenance.gold).name}, split {report.provenance.split}"
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", title),
        tag("style", _STYLE),
    )
    body = tag(
        "body",
        tag("h1", title),
        tag("p", describe(report)),
        _measures(report),
        _plots(report),
        _by_tag(report),
        _spreads(report),
        _baseline(report),
        _comparison(report),
        mistakes(report.rows, articles),
        tag("h2", "How it was measured"),
        tag("ul", *(tag("li", text) for text in _METHOD)),
        _provenance(report),
    )
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en") + "\n"


def _measures(report: EvaluationReport) -> Html:
    rows: list[Html] = []
    for group, measures in GROUPS.items():
        rows.append(tag("tr", tag("th", group, colspan=5), class_="group"))
        for measure in measures:
            estimate = report.aggregates["measures"][measure.name]
            cells = (measure.label, value_of(measure, estimate), interval(estimate), str(estimate["n"]))
            rows.append(tag("tr", *(tag("td", cell) for cell in cells), tag("td", measure.definition, class_="text")))
    return _table(("Measure", "Value", "95 % interval", "n", _MEANING), rows)


def _plots(report: EvaluationReport) -> Html:
    columns = Columns(report.rows)
    answered = columns.answered
    plots = [
        risk_coverage_chart(risk_coverage(columns.confidence, columns.right)),
        reliability_chart(
            reliability(columns.confidence, columns.answerable),
            reliability(columns.confidence[answered], columns.right[answered]) if np.any(answered) else [],
        ),
        latency_chart([row["elapsed_ms"] for row in report.rows]),
    ]
    scores = [
        (name, value, correct["low"] or 0.0, correct["high"] or 0.0, correct["n"])
        for name, found in sorted(report.aggregates["by_tag"].items())
        if (value := (correct := found["correct"])["value"]) is not None
    ]
    if scores:
        plots.insert(2, tag_chart(scores))
    return join(tag("h2", "Plots"), tag("div", *plots, class_="plots"))


def _by_tag(report: EvaluationReport) -> Html | None:
    by_tag = report.aggregates["by_tag"]
    if not by_tag:
        return None
    names = next(iter(by_tag.values())).keys()
    rows = [
        _row([name, str(found["correct"]["n"]), interval(found["correct"]), *(number(found[key]["value"]) for key in names)])
        for name, found in sorted(by_tag.items())
    ]
    labels = [MEASURES[name].label for name in names]
    return join(tag("h2", "By tag"), _table(("Tag", "n", "Correct, 95 % interval", *labels), rows))


def _spreads(report: EvaluationReport) -> Html:
    rows = [
        _row([f"{stage} (ms)", number(found["median"]), number(found["p95"])])
        for stage, found in report.aggregates["timings_ms"].items()
    ]
    rows += [
        _row([f"{text} (tokens)", number(found["median"]), number(found["p95"])])
        for text, found in report.aggregates["tokens"].items()
    ]
    rows.append(_row(["peak memory (MiB)", number(report.provenance.peak_memory_mib), ""]))
    return join(tag("h2", "Time and size"), _table(("", "Median", "95th percentile"), rows))


def _baseline(report: EvaluationReport) -> Html | None:
    if report.beside_baseline is None:
        return None
    rows = [
        _row([name, number(pair["ours"]), number(pair["baseline"]), number(pair["ratio"])])
        for name, pair in report.beside_baseline.items()
    ]
    about = (
        "The retrieval chain of LangChain's RAG tutorial on the same corpus with the same embeddings; both with four passages."
    )
    return join(tag("h2", "Beside a plain baseline"), tag("p", about), _table(("Measure", "Ours", "Chain", "Ratio"), rows))


def _comparison(report: EvaluationReport) -> Html | None:
    comparison = report.comparison
    if comparison is None:
        return None
    rows = [
        _row(
            [
                MEASURES[name].label,
                *(number(value) for value in (change["old"], change["new"], change["change"], change["low"], change["high"])),
                change["verdict"],
            ]
        )
        for name, change in comparison["measures"].items()
    ]
    columns = ("Measure", "Old", "New", "Change", "Low", "High", "Verdict")
    turned = [("Now right", comparison["now_right"]), ("Now wrong", comparison["now_wrong"])]
    lists = [tag("p", f"{label}: {', '.join(ids)}") for label, ids in turned if ids]
    return join(tag("h2", "What changed"), tag("p", describe_comparison(comparison)), _table(columns, rows), *lists)


def _provenance(report: EvaluationReport) -> Html:
    made = report.provenance
    facts = [
        ("gold", f"{made.gold} (SHA-256 {made.gold_sha256})"),
        ("corpus", f"{made.corpus} (SHA-256 {made.corpus_sha256})"),
        ("settings", f"{made.settings_fingerprint}: " + _listed(made.settings)),
        ("weights", _listed(made.weights)),
        ("bootstrap", f"{made.resamples:,} resamples, seed {made.seed}"),
        ("versions", _listed(made.versions)),
        ("machine", _listed(made.machine)),
        ("made", made.created),
    ]
    rows = [tag("tr", tag("td", name), tag("td", value, class_="text")) for name, value in facts]
    return join(tag("h2", "Made with"), _table((), rows))


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _row(cells: Iterable[str]) -> Html:
    return tag("tr", *(tag("td", cell) for cell in cells))


def _table(columns: Sequence[str], rows: Iterable[Html]) -> Html:
    head = (
        tag("thead", tag("tr", *(tag("th", column, class_="text" if column == _MEANING else None) for column in columns)))
        if columns
        else None
    )
    return tag("div", tag("table", head, tag("tbody", *rows)), class_="table")
