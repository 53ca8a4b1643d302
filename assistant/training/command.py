"""`assistant train-reader`, `train-follow-ups` and `train-claims`: from questions and claims to the reader's files.

They need the extra `[train]`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from assistant.errors import ModelUnavailable
from assistant.reporting import errors_reported

if TYPE_CHECKING:
    from assistant.training.loop import Plan, Report
    from assistant.training.tokens import TokenStore

_WRITTEN_TIMES = 2  # an epoch sees the written questions so often: they are few
_HELD_OUT, _FOLLOW_UP_EPOCHS = 0.1, 2
_MEASURED = 500  # questions of a file, about


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("train-reader")(train_reader)
    app.command("train-follow-ups")(train_follow_ups)
    app.command("train-claims")(train_claims_of)


def train_reader(
    data: Annotated[list[Path], typer.Argument(help="Files in SQuAD's JSON format.")],
    folder: Annotated[Path, typer.Option(help="Where checkpoints and the finished model go.")] = Path("runs/reader"),
    epochs: Annotated[int, typer.Option(min=1, help="Times that each question is seen.")] = 2,
    most: Annotated[int, typer.Option(min=1, help="Questions of one file, about; 6,500 take some four hours.")] = 6500,
    held_out: Annotated[
        float, typer.Option(min=0.01, max=0.5, help="Share of each file's subjects kept for measuring.")
    ] = _HELD_OUT,
    start: Annotated[
        Path | None, typer.Option(help="Folder of a finished run or of a reader, to begin with its weights.")
    ] = None,
    frozen: Annotated[int, typer.Option(min=0, max=12, help="How many of the lowest layers stay as they are.")] = 0,
    learning_rate: Annotated[float, typer.Option(help="Of the top layer.")] = 1e-4,
    batch_tokens: Annotated[int, typer.Option(min=512, help="Tokens of a step, with padding.")] = 3072,
    device: Annotated[str, typer.Option(help="cpu, or cuda for an NVIDIA GPU.")] = "cpu",
) -> None:
    """Train the reader, measure it on subjects it never saw, and write it as int8 ONNX. A run that was cut goes on."""
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    with errors_reported(err, f"Interrupted; the same command goes on from the checkpoint in {folder}."):
        _needs_onnx()
        from assistant.training.loop import Plan

        plan = Plan(batch_tokens=batch_tokens, learning_rate=learning_rate, frozen=frozen)
        _train(data, folder, epochs, held_out, most, plan, device, start, err)


def train_follow_ups(
    data: Annotated[list[Path], typer.Argument(help="Files in SQuAD's JSON format, for questions that follow none.")],
    folder: Annotated[Path, typer.Option(help="The reader's; follow_ups.onnx goes there.")] = Path("runs/reader"),
    most: Annotated[int, typer.Option(min=1, help="Questions of one file, about; with 1,000, 45 minutes.")] = 1000,
    learning_rate: Annotated[float, typer.Option(help="Of the top layer.")] = 7e-5,
    device: Annotated[str, typer.Option(help="cpu, or cuda for an NVIDIA GPU.")] = "cpu",
) -> None:
    """Train layers that read follow-ups on a reader's lower layers, and write them as int8 ONNX. A run that was cut goes on."""
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    with errors_reported(err, f"Interrupted; the same command goes on from the checkpoint in {folder}."):
        _needs_onnx()
        _train_follow_ups(data, folder, most, learning_rate, device, err)


def train_claims_of(
    data: Annotated[
        list[Path] | None,
        typer.Argument(help="Files in SQuAD's JSON format, for the claims about their passages; without, stories' claims alone."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="The reader's; claims.onnx goes there.")] = Path("runs/reader"),
    epochs: Annotated[int, typer.Option(min=1, help="Times that each claim is seen; once takes 20 minutes for 18,000.")] = 3,
    start: Annotated[
        Path | None, typer.Option(help="Folder with a claims.onnx to begin with, made on the same reader's lower layers.")
    ] = None,
    learning_rate: Annotated[float, typer.Option(help="Of the top layer.")] = 1e-4,
    device: Annotated[str, typer.Option(help="cpu, or cuda for an NVIDIA GPU.")] = "cpu",
) -> None:
    """Train the layers that judge claims on a reader's lower layers, and write them as int8 ONNX. A run that was cut goes on."""
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    with errors_reported(err, f"Interrupted; the same command goes on from the checkpoint in {folder}."):
        _needs_onnx()
        _train_claims(data or [], folder, epochs, start, learning_rate, device, err)


def _needs_onnx() -> None:
    if find_spec("onnx") is None:
        raise ModelUnavailable(
            "Training needs the package 'onnx', which is not installed; run: pip install 'news-assistant[train]'"
        )


def _train_follow_ups(data: list[Path], folder: Path, most: int, learning_rate: float, device: str, err: Console) -> None:
    from assistant.models.reader import OnnxReader
    from assistant.training.export import export_follow_ups
    from assistant.training.loop import Plan
    from assistant.training.measure import FollowUps, measure
    from assistant.training.network import SHARED_LAYERS
    from assistant.training.reader import train, weights_in
    from assistant.training.stories import read_stories

    run = folder / "follow-ups"
    plan = Plan(learning_rate=learning_rate, frozen=SHARED_LAYERS)
    store = _epochs(data, run, _FOLLOW_UP_EPOCHS, _HELD_OUT, most, plan.seed, err, follow_ups=True)
    sums = export_follow_ups(train(store, run, plan, _reporter(err), device=device, weights=weights_in(folder)), folder)
    asked = [question for question in read_stories(held_out=True).questions if question.is_follow_up]
    figures = measure(FollowUps(OnnxReader(folder=folder)), asked)
    (folder / "follow-up-figures.json").write_text(json.dumps({"sha256": sums, **figures}, indent=2) + "\n", encoding="utf-8")
    for name, value in figures.items():
        err.print(f"{name:55} {value:.3f}")
    err.print(f"{folder / 'follow_ups.onnx'} is written.")


def _train_claims(
    data: list[Path], folder: Path, epochs: int, start: Path | None, learning_rate: float, device: str, err: Console
) -> None:
    from assistant.models.reader import CLAIMS_FILE, OnnxReader
    from assistant.training.claims import CLAIM_PLAN, train_claims
    from assistant.training.export import export_claims
    from assistant.training.measure import measure_claims
    from assistant.training.network import ReaderNetwork, claim_weights_of
    from assistant.training.reader import weights_in
    from assistant.training.squad import read_squad
    from assistant.training.stories import read_stories
    from assistant.training.written import CLAIMS_HELD_OUT_FILE, claims_for

    reader = ReaderNetwork()
    reader.load_state_dict(dict(weights_in(folder)))
    questions = [question for path in data for question in read_squad(path)]
    claims, held_out = claims_for(questions), claims_for(questions, CLAIMS_HELD_OUT_FILE)
    if data and not (claims and held_out):
        raise ModelUnavailable("None of the files has the passages of the written claims; give SQuAD 1.1's, or no file.")
    claims += read_stories().claims
    held_out += read_stories(held_out=True).claims
    err.print(f"{len(claims):,} claims to train on; {len(held_out):,} on other passages to measure with")

    run = folder / "claims"
    run.mkdir(exist_ok=True)
    plan = dataclasses.replace(CLAIM_PLAN, learning_rate=learning_rate)
    weights = claim_weights_of(start / CLAIMS_FILE) if start else None
    network = train_claims(claims, epochs, reader, run, _reporter(err), plan=plan, device=device, weights=weights)
    sums = export_claims(network, folder)
    figures = measure_claims(OnnxReader(folder=folder), held_out)
    (folder / "claim-figures.json").write_text(json.dumps({"sha256": sums, **figures}, indent=2) + "\n", encoding="utf-8")
    for name, value in figures.items():
        err.print(f"{name:30} {value:.3f}")
    err.print(f"{folder / CLAIMS_FILE} is written.")


def _train(
    data: list[Path],
    folder: Path,
    epochs: int,
    held_out: float,
    most: int,
    plan: Plan,
    device: str,
    start: Path | None,
    err: Console,
) -> None:
    from assistant.models.reader import OnnxReader
    from assistant.training.export import export
    from assistant.training.measure import measure
    from assistant.training.reader import train, weights_in
    from assistant.training.squad import at_most, read_squad, split_by_subject
    from assistant.training.stories import read_stories
    from assistant.training.written import HELD_OUT_FILE, written_for

    store = _epochs(data, folder, epochs, held_out, most, plan.seed, err, follow_ups=False)
    network = train(store, folder, plan, _reporter(err), device=device, weights=weights_in(start) if start else None)
    training, dev = split_by_subject((question for path in data for question in read_squad(path)), held_out)
    stories = [question for question in read_stories(held_out=True).questions if not question.is_follow_up]
    dev = at_most(dev, _MEASURED) + written_for(training, HELD_OUT_FILE) + stories
    sums = export(network, folder)
    figures = {
        "int8": measure(OnnxReader(folder=folder), dev),
        "float32": measure(OnnxReader(folder=folder / "full"), dev),
    }
    (folder / "figures.json").write_text(json.dumps({"sha256": sums, **figures}, indent=2) + "\n", encoding="utf-8")
    for name, value in figures["int8"].items():
        err.print(f"{name:55} {value:.3f}  (float32 {figures['float32'][name]:.3f})")
    err.print(f"The model is in {folder}; its figures in {folder / 'figures.json'}.")


def _reporter(err: Console) -> Report:
    def report(step: int, steps: int, row: dict[str, float]) -> None:
        err.print(f"step {step:,} of {steps:,}  " + "  ".join(f"{name} {value:.3f}" for name, value in row.items()))

    return report


def _epochs(
    data: list[Path], folder: Path, epochs: int, held_out: float, most: int, seed: int, err: Console, *, follow_ups: bool
) -> TokenStore:
    """All that is seen, drawn and tokenised beforehand, once a run: the training itself waits for nothing."""
    from assistant.training.tokens import TokenStore

    folder.mkdir(parents=True, exist_ok=True)
    # What was drawn for other files or options is another run's.
    drawn = [[path.name, path.stat().st_size] for path in data], epochs, held_out, most, seed
    seen = folder / f"epochs-{hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:8]}.npz"
    if not seen.exists():
        _write_epochs(data, seen, epochs, held_out, most, seed, err, follow_ups)
    return TokenStore.load(seen)


def _write_epochs(
    data: list[Path], seen: Path, epochs: int, held_out: float, most: int, seed: int, err: Console, follow_ups: bool
) -> None:
    """Follow-ups are read by layers of their own, which see all of them, and others so that they don't expect one always."""
    from assistant.progress import slow_progress
    from assistant.training.examples import epoch_examples
    from assistant.training.negatives import mine
    from assistant.training.squad import at_most, read_squad, split_by_subject
    from assistant.training.stories import read_stories
    from assistant.training.tokens import TokenStore, load_tokenizer
    from assistant.training.written import written_for

    training, _ = split_by_subject((question for path in data for question in read_squad(path)), held_out)
    written, stories = written_for(training), read_stories()
    training, told = at_most(training, most), at_most([q for q in stories.questions if not q.is_follow_up], most)
    if follow_ups:
        told += [question for question in stories.questions if question.is_follow_up]
    err.print(f"{len(training):,} questions, {len(written):,} written ones, {len(told):,} about stories")
    passages = list(dict.fromkeys(q.passage for q in training))
    with slow_progress(err) as progress:
        negatives = mine(training, passages, seen.parent, progress) | stories.negatives
        asked = [*training, *told, *written * _WRITTEN_TIMES]
        drawn = []
        for epoch in range(epochs):
            drawn.append(epoch_examples(asked, negatives, seed + epoch))
            progress("Drawing examples", epoch + 1, epochs)
    TokenStore.of(drawn, load_tokenizer()).save(seen)
