"""The command `assistant evaluate`. The tables go to standard output, everything else to standard error."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape

from assistant.evaluation.floors import load_floors, missed_floors
from assistant.evaluation.options import EvaluationOptions, default_json, rows_path
from assistant.reporting import errors_reported

Gold = Annotated[Path | None, typer.Argument(help="A file of gold questions (JSON lines), or a folder of such files.")]
Beir = Annotated[Path | None, typer.Option(help="Measure retrieval alone, on a folder in BEIR's format.")]
Corpus = Annotated[Path | None, typer.Option(help="A folder of articles, or one file.", show_default="corpus")]
Index = Annotated[Path, typer.Option(help="Where indexes are kept.", envvar="ASSISTANT_INDEX")]
Half = Annotated[Literal["dev", "test", "all"] | None, typer.Option(help="Which half of the questions.", show_default="all")]
Sample = Annotated[int | None, typer.Option(min=1, help="Ask only so many of the questions, drawn by --seed.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Seed of the sample and of the bootstrap.", show_default="0")]
Json = Annotated[Path | None, typer.Option("--json", help="The report; its rows lie beside it.", show_default="in runs/")]
Page = Annotated[Path | None, typer.Option("--html", help="The report as a page, with plots and every wrong answer.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the rows of an interrupted run.")]
Baseline = Annotated[bool, typer.Option("--baseline", help="Also measure the retrieval of LangChain's RAG tutorial.")]
Compare = Annotated[Path | None, typer.Option(help="The JSON of an earlier run: say what changed.")]
ChatModel = Annotated[str | None, typer.Option(help="Let this language model write the answers, as provider:model.")]
ChatBaseUrl = Annotated[str | None, typer.Option(help="Address of an OpenAI-compatible server that has it.")]
Floors = Annotated[Path | None, typer.Option(help="JSON from measure to least value; exit 1 when one is missed.")]


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command("evaluate")(evaluate)


def evaluate(
    gold: Gold = None,
    beir: Beir = None,
    corpus: Corpus = None,
    index: Index = Path(".index"),
    split: Half = None,
    sample: Sample = None,
    seed: Seed = None,
    json: Json = None,
    html: Page = None,
    resume: Resume = False,
    baseline: Baseline = False,
    compare: Compare = None,
    floors: Floors = None,
    chat_model: ChatModel = None,
    chat_base_url: ChatBaseUrl = None,
) -> None:
    """Measure answers against gold questions, or retrieval on a BEIR folder."""
    diagnostics = Console(stderr=True, highlight=False, soft_wrap=True)
    if beir is not None:
        others = (gold, corpus, split, sample, seed, html, resume or None, baseline or None, compare, chat_model, chat_base_url)
        if any(option is not None for option in others):
            raise typer.BadParameter("--beir goes with --index, --json and --floors only; leave the rest out.")
        with errors_reported(diagnostics, "Interrupted."):
            missed = _evaluate_beir(beir, index, json, floors, diagnostics)
    elif gold is not None:
        options = EvaluationOptions(
            gold=gold,
            json_out=json or default_json(gold, split or "all"),
            corpus=corpus or Path("corpus"),
            index=index,
            split=split or "all",
            sample=sample,
            seed=seed or 0,
            html_out=html,
            resume=resume,
            baseline=baseline,
            compare=compare,
            chat_model=chat_model,
            chat_base_url=chat_base_url,
        )
        kept = f"Interrupted. The rows finished are in {rows_path(options.json_out)}; go on with --resume."
        with errors_reported(diagnostics, kept):
            missed = _evaluate_gold(options, floors, diagnostics)
    else:
        raise typer.BadParameter("Nothing to evaluate; give a file of gold questions, or --beir and a folder.")
    for sentence in missed:
        diagnostics.print(f"[red]floor missed:[/] {escape(sentence)}")
    if missed:
        raise typer.Exit(1)


def _evaluate_gold(options: EvaluationOptions, floors: Path | None, diagnostics: Console) -> list[str]:
    """The floors that are missed."""
    from assistant.evaluation.catalogue import MEASURES
    from assistant.evaluation.evaluate import run_evaluation

    limits = load_floors(floors, MEASURES) if floors else {}
    report = run_evaluation(options, Console(), diagnostics)
    return missed_floors(report.values(), limits)


def _evaluate_beir(folder: Path, index: Path, json: Path | None, floors: Path | None, diagnostics: Console) -> list[str]:
    """The floors that are missed."""
    from assistant.evaluation.beir import AGGREGATES
    from assistant.evaluation.evaluate import run_beir

    limits = load_floors(floors, AGGREGATES) if floors else {}
    report = run_beir(folder, index, None, Console(), json, diagnostics)
    measures = report["aggregates"]["measures"]
    return missed_floors({name: estimate["value"] for name, estimate in measures.items()}, limits)
