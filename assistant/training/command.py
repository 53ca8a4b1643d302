"""`assistant train-reader`: from questions and claims to the reader's files.

It needs the extra `[train]`.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from dataclasses import astuple, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from assistant.errors import ModelUnavailable
from assistant.reporting import errors_reported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.training.loop import Plan, Report
    from assistant.training.network import ReaderNetwork
    from assistant.training.squad import Question
    from assistant.training.tokens import TokenStore
    from assistant.training.written import Claim

_MEASURED = 500  # questions of a file, about
_MOST_UNANSWERABLE = 0.28  # of the questions about stories: most of the pairs made from the others have no answer either


@dataclass(frozen=True)
class _Drawn:
    """What is drawn from the data: so many questions of a file, about, so many on stories, and so many claims."""

    epochs: int
    held_out: float
    most: int
    stories: int
    claims: int


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("train-reader")(train_reader)


def train_reader(
    data: Annotated[list[Path], typer.Argument(help="Files in SQuAD's JSON format.")],
    folder: Annotated[Path, typer.Option(help="Where checkpoints and the finished model go.")] = Path("runs/reader"),
    epochs: Annotated[int, typer.Option(min=1, help="Times that each question is seen.")] = 1,
    most: Annotated[int, typer.Option(min=1, help="Questions of one file, about.")] = 4_000,
    stories: Annotated[int, typer.Option(min=1, help="Questions about the stories.")] = 29_000,
    claims: Annotated[int, typer.Option(min=1, help="Claims. As many of each as given take 90 minutes on two cores.")] = 18_000,
    held_out: Annotated[float, typer.Option(min=0.01, max=0.5, help="Share of each file's subjects kept for measuring.")] = 0.1,
    start: Annotated[Path | None, typer.Option(help="Folder of a reader to begin with instead of the published weights.")] = None,
    frozen: Annotated[int, typer.Option(min=0, max=12, help="How many of the lowest layers stay as they are.")] = 2,
    learning_rate: Annotated[float, typer.Option(help="Of the top layer.")] = 1e-4,
    batch_tokens: Annotated[int, typer.Option(min=512, help="Tokens of a step, with padding.")] = 4096,
    device: Annotated[str, typer.Option(help="cpu, or cuda for an NVIDIA GPU.")] = "cpu",
) -> None:
    """Train the reader, measure it on subjects it never saw, and write it as int8 ONNX. A run that was cut goes on."""
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    with errors_reported(err, f"Interrupted; the same command goes on from the checkpoint in {folder}."):
        if find_spec("onnx") is None:
            raise ModelUnavailable(
                "Training needs the package 'onnx', which is not installed; run: pip install 'news-assistant[train]'"
            )
        from assistant.training.loop import Plan

        plan = Plan(batch_tokens=batch_tokens, learning_rate=learning_rate, frozen=frozen)
        _train(data, folder, _Drawn(epochs, held_out, most, stories, claims), plan, device, start, err)


def _train(data: list[Path], folder: Path, drawn: _Drawn, plan: Plan, device: str, start: Path | None, err: Console) -> None:
    from assistant.training.export import export
    from assistant.training.reader import train
    from assistant.training.squad import read_squad, split_by_subject

    network = _begun(start)  # a wrong folder is told before anything is drawn
    training, dev = split_by_subject((question for path in data for question in read_squad(path)), drawn.held_out)
    store = _epochs(data, training, folder, drawn, plan.seed, err)
    network = train(network, store, folder, plan, _reporter(err), device=device)
    sha256 = export(network, folder)
    figures = _measured(folder, training, dev)
    (folder / "figures.json").write_text(json.dumps({"sha256": sha256, **figures}, indent=2) + "\n", encoding="utf-8")
    for name, value in figures["int8"].items():
        err.print(f"{name:55} {value:.3f}  (float32 {figures['float32'][name]:.3f})")
    err.print(f"The model is in {folder}; its figures in {folder / 'figures.json'}.")


def _begun(start: Path | None) -> ReaderNetwork:
    """The network as a run begins with it."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from tokenizers import Tokenizer

    from assistant.models.reader import READER_FILE
    from assistant.models.weights import DEBERTA
    from assistant.training.network import from_onnx, from_published
    from assistant.training.tokens import load_tokenizer
    from assistant.training.vocabulary import TOKENIZER

    if start is None:
        published = DEBERTA.locate()
        tokenizer = Tokenizer.from_file(str(published / TOKENIZER))
        return from_published(published / "policy_nli_int8.onnx", tokenizer, load_tokenizer())
    if not (start / READER_FILE).is_file():
        raise ModelUnavailable(f"There is no {str(start / READER_FILE)!r}; give the folder of a reader.")
    try:
        return from_onnx(start / READER_FILE)
    except (KeyError, DecodeError) as error:
        raise ModelUnavailable(f"{str(start / READER_FILE)!r} is not a reader ({error}); give the folder of one.") from error


def _measured(folder: Path, training: list[Question], dev: list[Question]) -> dict[str, dict[str, float]]:
    """Completes the folder of a reader, and of its float32 twin, with the packaged files of the small network; measures both."""
    from assistant.models.reader import FOLDER, READER_FILE, SHA256, OnnxReader
    from assistant.training.measure import measure, measure_claims
    from assistant.training.squad import at_most
    from assistant.training.stories import read_stories
    from assistant.training.written import CLAIMS_HELD_OUT_FILE, HELD_OUT_FILE, claims_for, written_for

    apart = read_stories(held_out=True)
    asked = at_most(dev, _MEASURED) + written_for(training, HELD_OUT_FILE) + list(apart.questions)
    claims = [*claims_for(training, CLAIMS_HELD_OUT_FILE), *apart.claims]
    figures = {}
    for name, place in (("int8", folder), ("float32", folder / "full")):
        for file in SHA256.keys() - {READER_FILE}:
            shutil.copy(FOLDER / file, place)
        reader = OnnxReader(folder=place)
        figures[name] = measure(reader, asked) | measure_claims(reader, claims)
    return figures


def _reporter(err: Console) -> Report:
    def report(step: int, steps: int, row: dict[str, float]) -> None:
        err.print(f"step {step:,} of {steps:,}  " + "  ".join(f"{name} {value:.3f}" for name, value in row.items()))

    return report


def _epochs(data: list[Path], training: list[Question], folder: Path, drawn: _Drawn, seed: int, err: Console) -> TokenStore:
    """All that is seen, drawn and tokenised beforehand, once a run: the training itself waits for nothing."""
    from assistant.training.tokens import TokenStore

    folder.mkdir(parents=True, exist_ok=True)
    # What was drawn for other files or options is another run's.
    key = [[path.name, path.stat().st_size] for path in data], astuple(drawn), seed
    seen = folder / f"epochs-{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:8]}.npz"
    if not seen.exists():
        _write_epochs(training, seen, drawn, seed, err)
    return TokenStore.load(seen)


def _write_epochs(training: list[Question], seen: Path, drawn: _Drawn, seed: int, err: Console) -> None:
    from assistant.progress import slow_progress
    from assistant.training.examples import claim_examples, epoch_examples
    from assistant.training.negatives import mine
    from assistant.training.squad import at_most
    from assistant.training.stories import read_stories
    from assistant.training.tokens import TokenStore, load_tokenizer
    from assistant.training.written import claims_for, written_for

    chance = random.Random(seed)
    written, stories = written_for(training), read_stories()
    claims = _half_of_each(claims_for(training), stories.claims, drawn.claims, chance)
    told = _some_of(stories.questions, drawn.stories, chance)
    training = at_most(training, drawn.most)
    err.print(f"{len(training):,} questions, {len(written):,} written ones, {len(told):,} about stories; {len(claims):,} claims")
    passages = list(dict.fromkeys(q.passage for q in training))
    with slow_progress(err) as progress:
        negatives = mine(training, passages, seen.parent, progress) | stories.negatives
        asked = [*training, *told, *written]
        epochs = []
        for epoch in range(drawn.epochs):
            epochs.append(epoch_examples(asked, negatives, seed + epoch, stories.titles) + claim_examples(claims))
            progress("Drawing examples", epoch + 1, drawn.epochs)
    TokenStore.of(epochs, load_tokenizer()).save(seen)


def _some_of(questions: Sequence[Question], count: int, chance: random.Random) -> list[Question]:
    """So many of the questions, if there are, by chance, but not too many unanswerable ones."""
    fair, unfair = ([q for q in questions if bool(q.answers) is answered] for answered in (True, False))
    without = min(len(unfair), int(_MOST_UNANSWERABLE * count))
    return chance.sample(unfair, without) + chance.sample(fair, min(len(fair), count - without))


def _half_of_each(written: Sequence[Claim], told: Sequence[Claim], count: int, chance: random.Random) -> list[Claim]:
    """So many claims by chance, half of them about real text, as far as there are: the twins among them are the hardest."""
    first = chance.sample(written, min(len(written), count // 2))
    return first + chance.sample(told, min(len(told), count - len(first)))
