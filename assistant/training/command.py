"""`assistant train-reader` and `train-claims`: from questions in SQuAD's format and written claims to the reader's files.

They need the extra `[train]`.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.errors import ModelUnavailable
from assistant.reporting import errors_reported

_WRITTEN_TIMES = 2  # an epoch sees the written questions so often: they are few and unlike the rest


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("train-reader")(train_reader)
    app.command("train-claims")(train_claims_of)


def train_reader(
    data: Annotated[list[Path], typer.Argument(help="Files in SQuAD's JSON format.")],
    folder: Annotated[Path, typer.Option(help="Where checkpoints and the finished model go.")] = Path("runs/reader"),
    steps: Annotated[int, typer.Option(min=1, help="Steps of about 3,000 tokens; 6,300 take two and a half hours.")] = 6300,
    held_out: Annotated[float, typer.Option(min=0.01, max=0.5, help="Share of each file's subjects kept for measuring.")] = 0.1,
    mined: Annotated[int, typer.Option(min=0, help="Questions that get hard negatives from our own retriever.")] = 7000,
    most: Annotated[int, typer.Option(min=1, help="Questions of one file to train on, about.")] = 40_000,
    start: Annotated[Path | None, typer.Option(help="Folder of a finished run, to begin with its weights.")] = None,
) -> None:
    """Train the reader, measure it on subjects it never saw, and write it as int8 ONNX. A run that was cut goes on."""
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    with errors_reported(err, f"Interrupted; the same command goes on from the checkpoint in {folder}."):
        _train(data, folder, steps, held_out, mined, most, start, err)


def train_claims_of(
    data: Annotated[list[Path], typer.Argument(help="Files in SQuAD's JSON format, for the claims' passages.")],
    folder: Annotated[Path, typer.Option(help="The reader's; claims.onnx goes there.")] = Path("runs/reader"),
    epochs: Annotated[int, typer.Option(min=1, help="Times that each claim is seen; once takes five minutes.")] = 3,
) -> None:
    """Train the layers that judge claims on a reader's lower layers, and write them as int8 ONNX. A run that was cut goes on."""
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    with errors_reported(err, f"Interrupted; the same command goes on from the last epoch, in {folder}."):
        _train_claims(data, folder, epochs, err)


def _needs_onnx() -> None:
    if find_spec("onnx") is None:
        raise ModelUnavailable(
            "Training needs the package 'onnx', which is not installed; run: pip install 'news-assistant[train]'"
        )


def _train_claims(data: list[Path], folder: Path, epochs: int, err: Console) -> None:
    _needs_onnx()
    from assistant.models.reader import OnnxReader
    from assistant.training.claims import ClaimPlan, train_claims
    from assistant.training.export import export_claims
    from assistant.training.measure import measure_claims
    from assistant.training.network import ReaderNetwork
    from assistant.training.reader import weights_in
    from assistant.training.squad import read_squad
    from assistant.training.written import CLAIMS_HELD_OUT_FILE, claims_for

    reader = ReaderNetwork()
    reader.load_state_dict(dict(weights_in(folder)))
    questions = [question for path in data for question in read_squad(path)]
    claims, held_out = claims_for(questions), claims_for(questions, CLAIMS_HELD_OUT_FILE)
    if not claims or not held_out:
        raise ModelUnavailable("None of the files has the passages of the written claims; give SQuAD 1.1's training set.")
    err.print(f"{len(claims):,} claims to train on; {len(held_out):,} on other passages to measure with")

    def report(epoch: int, loss: float) -> None:
        err.print(f"epoch {epoch} of {epochs}  loss {loss:.3f}")

    network = train_claims(claims, reader.eval(), folder, ClaimPlan(epochs=epochs), report)
    sums = export_claims(network, folder)
    figures = measure_claims(OnnxReader(folder=folder), held_out)
    (folder / "claim-figures.json").write_text(json.dumps({"sha256": sums, **figures}, indent=2) + "\n", encoding="utf-8")
    for name, value in figures.items():
        err.print(f"{name:30} {value:.3f}")
    err.print(f"{folder / 'claims.onnx'} is written.")


def _train(
    data: list[Path], folder: Path, steps: int, held_out: float, mined: int, most: int, start: Path | None, err: Console
) -> None:
    _needs_onnx()
    from assistant.models.reader import OnnxReader
    from assistant.progress import slow_progress
    from assistant.training.early import fit_early_score
    from assistant.training.export import export
    from assistant.training.measure import measure
    from assistant.training.negatives import mine
    from assistant.training.reader import Plan, train, weights_in
    from assistant.training.squad import at_most, choose, read_squad, split_by_subject
    from assistant.training.teacher import CrossEncoder
    from assistant.training.written import HELD_OUT_FILE, written_for

    questions = [question for path in data for question in read_squad(path)]
    training, dev = split_by_subject(questions, held_out)
    written, held_out_written = written_for(training), written_for(training, HELD_OUT_FILE)
    training, dev = at_most(training, most), at_most(dev, round(most * held_out)) + held_out_written
    weights = weights_in(start) if start else None
    err.print(f"{len(training):,} questions to train on; {len(dev):,} of other subjects to measure with")
    folder.mkdir(parents=True, exist_ok=True)
    passages = list(dict.fromkeys(q.passage for q in training))
    with slow_progress(err) as progress:
        negatives = mine(choose(training, mined), passages, CrossEncoder(), folder, progress)

    def report(step: int, row: dict[str, float]) -> None:
        err.print(f"step {step:,} of {steps:,}  " + "  ".join(f"{name} {value:.3f}" for name, value in row.items()))

    network = train([*training, *written * _WRITTEN_TIMES], negatives, folder, Plan(steps=steps), report, weights=weights)
    err.print(f"early score: correlation with the final one {fit_early_score(network, training, negatives):.3f}")
    sums = export(network, folder)
    figures = {
        "int8": measure(OnnxReader(folder=folder), dev),
        "float32": measure(OnnxReader(folder=folder / "full"), dev),
    }
    (folder / "figures.json").write_text(json.dumps({"sha256": sums, **figures}, indent=2) + "\n", encoding="utf-8")
    for name, value in figures["int8"].items():
        err.print(f"{name:55} {value:.3f}  (float32 {figures['float32'][name]:.3f})")
    err.print(f"The model is in {folder}; its figures in {folder / 'figures.json'}.")
