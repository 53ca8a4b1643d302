"""Runs an evaluation from beginning to end: questions, answers, numbers, files, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings
from rich.console import Console
from rich.markup import escape

from assistant.engine import Assistant, no_progress
from assistant.errors import SettingsError
from assistant.evaluation.aggregate import aggregate, spread
from assistant.evaluation.beir import aggregate_queries, beir_files, load_judgements, load_queries, rank_queries
from assistant.evaluation.compare import compare, load_rows
from assistant.evaluation.gold import check_evidence, gold_files, gold_sha256, load_gold, select
from assistant.evaluation.html_report import write_html
from assistant.evaluation.journal import Journal
from assistant.evaluation.machine import (
    corpus_sha256,
    files_sha256,
    machine,
    peak_memory_mib,
    settings_fingerprint,
    settings_values,
    versions,
)
from assistant.evaluation.options import EvaluationOptions, rows_path
from assistant.evaluation.output import check_outputs
from assistant.evaluation.report import EvaluationReport, Provenance, estimates_table, print_report, write_json
from assistant.evaluation.rows import ROWS_FORMAT
from assistant.evaluation.runner import Progress, System, run_questions
from assistant.models.reader import SHA256 as PACKAGED_READER_SHA256
from assistant.models.tokens import token_counter
from assistant.models.weights import MINILM, SMOLLM2
from assistant.progress import slow_progress
from assistant.settings import PACKAGED_EMBEDDER, PACKAGED_READER, Settings, load_settings
from assistant.types import Article

_ROOT = Path(__file__).parents[1]


def run_evaluation(options: EvaluationOptions, console: Console, diagnostics: Console | None = None) -> EvaluationReport:
    """Opens the corpus, asks the questions, writes the files, and shows the tables on `console`.

    Progress goes to `diagnostics`, standard error by default.

    Raises:
        AssistantError: bad gold, corpus, settings or earlier report, or a file cannot be written; the message says what to do.
    """
    diagnostics = diagnostics or Console(stderr=True)
    chosen = {"chat_model": options.chat_model, "chat_base_url": options.chat_base_url}
    settings = options.settings or load_settings(**{name: value for name, value in chosen.items() if value is not None})
    # What can be wrong in files is found before the models are loaded.
    load_gold(options.gold)
    if options.compare is not None:
        load_rows(options.compare)
    rows = rows_path(options.json_out)
    outputs = {"the report (--json)": options.json_out, "its rows (beside --json)": rows, "the page (--html)": options.html_out}
    named = {name: path for name, path in outputs.items() if path is not None}
    check_outputs(named, gold_files(options.gold), gold=options.gold, folders=[options.corpus])
    with (
        slow_progress(diagnostics) as progress,
        Assistant.open(options.corpus, options.index, settings=settings, progress=progress) as assistant,
    ):
        articles = {article_id: assistant.article(article_id) for article_id in assistant.article_ids()}
        report = evaluate_system(assistant, articles, settings, options, assistant.embeddings, progress)
    try:
        write_json(report.to_dict(), options.json_out)
        if options.html_out is not None:
            write_html(report, articles, options.html_out)
    except SettingsError as error:
        raise SettingsError(f"{error} The rows finished are in {rows}; go on with --resume.") from error
    print_report(report, console)
    written = [str(path) for path in (options.json_out, options.html_out) if path is not None]
    diagnostics.print(escape(f"Written: {', '.join(written)}"))
    return report


def evaluate_system(
    system: System,
    articles: Mapping[str, Article],
    settings: Settings,
    options: EvaluationOptions,
    embeddings: Embeddings,
    progress: Progress = no_progress,
) -> EvaluationReport:
    """Asks any system the gold questions about these articles, and makes the report.

    The finished rows are on disk at every moment; with `options.resume` those that are there are not asked again.
    `embeddings` are those of the baseline.

    Raises:
        GoldFormatError: a gold line is wrong, or its evidence does not stand in the articles.
        SettingsError: the rows to go on with were made from something else, or the report to compare with is none.
    """
    examples = load_gold(options.gold)
    check_evidence(examples, articles)
    chosen = select(examples, options.split, options.sample, options.seed)
    old = load_rows(options.compare) if options.compare is not None else None
    count_tokens = token_counter(settings.encoding)
    # The sample as drawn: there may be fewer questions than were asked for.
    made = _provenance(options, settings, articles, None if options.sample is None else len(chosen))
    with Journal(rows_path(options.json_out), _origin(made), resume=options.resume) as journal:
        rows = run_questions(
            system, chosen, articles, count_tokens, finished=journal.finished, keep=journal.append, progress=progress
        )
    # Read before the baseline's share is added.
    made = replace(made, peak_memory_mib=peak_memory_mib())
    report = EvaluationReport(made, aggregate(rows, options.resamples, options.seed), rows)
    if options.baseline:
        from assistant.evaluation.baseline import beside, run_baseline

        plain = run_baseline(articles, chosen, embeddings, count_tokens, progress)
        report = replace(report, baseline=plain, beside_baseline=beside(rows, plain))
    if old is not None:
        report = replace(report, comparison=compare(old, rows, str(options.compare), options.resamples, options.seed))
    return report


def run_beir(
    folder: Path,
    index: Path,
    settings: Settings | None,
    console: Console,
    json_out: Path | None = None,
    diagnostics: Console | None = None,
) -> dict[str, Any]:
    """Ranks the articles of a folder in BEIR's format for its queries; returns what `json_out` is given.

    Raises:
        AssistantError: the folder lacks a part, a line of it is wrong, the corpus cannot be read, or `json_out` cannot be
            written.
    """
    diagnostics = diagnostics or Console(stderr=True)
    settings = settings or load_settings()
    files = beir_files(folder)
    queries, judgements = load_queries(folder), load_judgements(folder)
    if json_out is not None:
        check_outputs({"the report (--json)": json_out}, files)
    with slow_progress(diagnostics) as progress, Assistant.open(folder, index, settings=settings, progress=progress) as assistant:
        rows = rank_queries(assistant.rank_articles, queries, judgements, progress)
        articles = len(assistant.article_ids())
    aggregates = aggregate_queries(rows)
    report = {
        "beir": str(folder),
        "articles": articles,
        "settings": settings_values(settings),
        "settings_fingerprint": settings_fingerprint(settings),
        "weights": _weights(settings),
        "versions": versions(),
        "machine": machine(),
        "peak_memory_mib": peak_memory_mib(),
        "created": _now(),
        "aggregates": {"measures": aggregates, "timings_ms": {"ranking": spread([row["elapsed_ms"] for row in rows])}},
        "rows": rows,
    }
    if json_out is not None:
        write_json(report, json_out)
        diagnostics.print(escape(f"Written: {json_out}"))
    title = f"{folder}: {len(rows)} queries over {articles} articles"
    console.print(estimates_table(escape(title), {name: (name, estimate) for name, estimate in aggregates.items()}))
    return report


def _provenance(
    options: EvaluationOptions, settings: Settings, articles: Mapping[str, Article], sample: int | None
) -> Provenance:
    return Provenance(
        gold=str(options.gold),
        gold_sha256=gold_sha256(options.gold),
        split=options.split,
        sample=sample,
        seed=options.seed,
        resamples=options.resamples,
        corpus=str(options.corpus),
        corpus_sha256=corpus_sha256(articles.values()),
        settings=settings_values(settings),
        settings_fingerprint=settings_fingerprint(settings),
        weights=_weights(settings),
        rows_format=ROWS_FORMAT,
        versions=versions(),
        machine=machine(),
        peak_memory_mib=peak_memory_mib(),
        created=_now(),
    )


def _weights(settings: Settings) -> dict[str, str]:
    """SHA-256 of the files of learned numbers that an answer comes from, by part and name."""
    packaged = settings.reader_model == PACKAGED_READER
    reader = PACKAGED_READER_SHA256 if packaged else files_sha256(Path(settings.reader_model), PACKAGED_READER_SHA256)
    return {
        **{f"reader/{name}": digest for name, digest in reader.items()},
        # Whatever the embedding model: how near two words are in meaning is always read from this one.
        **{f"{PACKAGED_EMBEDDER}/{name}": digest for name, digest in MINILM.sha256.items()},
        **(SMOLLM2.sha256 if settings.chat_model == "local:smollm2" else {}),
        **files_sha256(_ROOT, ("answering/confidence.json", "verification/support.json")),
    }


def _origin(made: Provenance) -> dict[str, str]:
    """All that shapes a row, by name: a run goes on only with rows that were made from the same."""
    return {
        "rows_format": str(made.rows_format),
        "gold_sha256": made.gold_sha256,
        "corpus_sha256": made.corpus_sha256,
        "settings_fingerprint": made.settings_fingerprint,
        **{f"weights of {name}": digest for name, digest in made.weights.items()},
        **{f"version of {package}": version for package, version in made.versions.items()},
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
