"""Trains the reader: spans, answerability and relevance together. Resumes from its last checkpoint.

What ships is the mean of the weights at three points of the run (Izmailov et al. 2018): it reads better than each of them.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from assistant.errors import ModelUnavailable
from assistant.models.reader import LOWER_FILE, UPPER_FILE
from assistant.models.weights import MS_MARCO
from assistant.training.examples import Batch, batches, collate, encode, epoch_examples, load_tokenizer
from assistant.training.negatives import Mined
from assistant.training.network import Heads, ReaderNetwork, from_onnx
from assistant.training.squad import Question

CHECKPOINT = "checkpoint.pt"
CURVE = "curve.jsonl"
FINISHED = "weights.pt"
_AVERAGED = {0.55: 0.4, 0.8: 0.2, 1.0: 0.4}  # share of the steps: weight in the mean
_FROZEN_LAYERS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. `steps` is the whole run; in the last `decay` share of it the learning rate falls to zero, and until then
    a run may be cut and continued with more or fewer steps."""

    steps: int = 6300
    warmup: int = 100
    decay: float = 0.3
    learning_rate: float = 1e-4
    head_learning_rate: float = 1e-3
    weight_decay: float = 0.01
    relevance_weight: float = 0.05
    answerable_weight: float = 1.0
    seed: int = 20251

    def rate(self, step: int) -> float:
        """The share of the learning rate that holds at a step."""
        falling = self.decay * self.steps
        return min(1.0, (step + 1) / self.warmup, max(0.0, (self.steps - step) / falling))


def loss_of(heads: Heads, batch: Batch, plan: Plan) -> tuple[Tensor, dict[str, float]]:
    """Cross-entropy of start and end, where [CLS] stands for no answer; binary cross-entropy of answerability; squared error
    of relevance against the teacher's logit, where there is one."""
    hidden = (batch.attention_mask == 0) | (batch.token_type_ids == 0)
    hidden[:, 0] = False
    start = functional.cross_entropy(heads.start.float().masked_fill(hidden, -1e4), batch.start)
    end = functional.cross_entropy(heads.end.float().masked_fill(hidden, -1e4), batch.end)
    span = (start + end) / 2
    answerable = functional.binary_cross_entropy_with_logits(heads.answerable.float(), (batch.end > 0).float())
    known = ~batch.relevance.isnan()
    relevance = functional.mse_loss(heads.relevance.float()[known], batch.relevance[known]) if known.any() else torch.zeros(())
    total = span + plan.answerable_weight * answerable + plan.relevance_weight * relevance
    return total, {"span": span.item(), "answerable": answerable.item(), "relevance": relevance.item()}


def train(
    questions: Sequence[Question],
    mined: Mapping[str, Mined],
    folder: Path,
    plan: Plan,
    report: Callable[[int, dict[str, float]], None],
    checkpoint_every: int = 200,
    weights: Mapping[str, Tensor] | None = None,
) -> ReaderNetwork:
    """Trains to the plan's last step, from the checkpoint in `folder` if there is one; gives the mean of its snapshots.

    It begins with `weights`, those of a finished run; None begins with the cross-encoder's. The mean is kept in `folder`.
    `report` gets the step and the mean losses since the last report, every 50 steps; they are also written to `curve.jsonl`.
    """
    torch.manual_seed(plan.seed)
    network = from_onnx(MS_MARCO.locate() / "model.onnx")
    if weights is not None:
        network.load_state_dict(dict(weights))
    # What lies lowest changes least and costs a quarter of the time: the embeddings and the first layers stay as they are.
    for part in (network.bert.embeddings, *network.bert.encoder.layer[:_FROZEN_LAYERS]):
        part.requires_grad_(False)
    optimizer = torch.optim.AdamW(_groups(network, plan), fused=True)
    bases = [group["lr"] for group in optimizer.param_groups]
    step = _resume(folder / CHECKPOINT, network, optimizer)
    tokenizer = load_tokenizer()
    network.train()
    sums: dict[str, float] = {}
    began = time.monotonic()
    before = 0  # steps of the epochs gone by
    epoch = 0
    while step < plan.steps:
        examples = epoch_examples(questions, mined, plan.seed + epoch)
        encoded = [each for each in (encode(example, tokenizer) for example in examples) if each]
        groups = batches(encoded, plan.seed + epoch)
        for group in groups[step - before :] if step >= before else groups:
            if step >= plan.steps:
                break
            for base, parameters in zip(bases, optimizer.param_groups, strict=True):
                parameters["lr"] = base * plan.rate(step)
            batch = collate(group)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                heads = network(batch.input_ids, batch.attention_mask, batch.token_type_ids)
            loss, parts = loss_of(heads, batch, plan)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            for name, value in {**parts, "examples": len(group)}.items():
                sums[name] = sums.get(name, 0.0) + value
            if step % 50 == 0:
                row = {name: value / 50 for name, value in sums.items()} | {"seconds": time.monotonic() - began}
                with (folder / CURVE).open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"step": step, **row}) + "\n")
                report(step, row)
                sums = {}
            for share in _AVERAGED:
                if step == round(share * plan.steps):
                    torch.save(network.state_dict(), _snapshot(folder, share))
            if step % checkpoint_every == 0 or step == plan.steps:
                _save(folder / CHECKPOINT, network, optimizer, step)
        before += len(groups)
        epoch += 1
    network.load_state_dict(mean_of({_snapshot(folder, share): weight for share, weight in _AVERAGED.items()}))
    torch.save(network.state_dict(), folder / FINISHED)
    return network.eval()


def weights_in(folder: Path) -> Mapping[str, Tensor]:
    """The weights that a finished run left in its folder, or those of a reader that has only its int8 files.

    Raises:
        ModelUnavailable: there are none.
    """
    path = folder / FINISHED
    if path.is_file():
        return dict(torch.load(path, weights_only=True))
    halves = [folder / LOWER_FILE, folder / UPPER_FILE]
    if all(half.is_file() for half in halves):
        return from_onnx(*halves).state_dict()
    raise ModelUnavailable(f"There are no weights {str(path)!r}; give the folder of a run that ended, or of a reader.")


def mean_of(snapshots: Mapping[Path, float]) -> dict[str, Tensor]:
    """The weighted mean of saved weights; the weights of the files add up to 1. What is no fraction is the last file's."""
    mean: dict[str, Tensor] = {}
    for path, weight in snapshots.items():
        for name, tensor in torch.load(path, weights_only=True).items():
            mean[name] = mean.get(name, 0.0) + weight * tensor if tensor.is_floating_point() else tensor
    return mean


def _snapshot(folder: Path, share: float) -> Path:
    return folder / f"at-{share:.2f}.pt"


def _groups(network: ReaderNetwork, plan: Plan) -> list[dict[str, Any]]:
    named = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
    new = ("answerable.", "span.")
    return [
        {
            "params": [p for name, p in named if name.startswith(new) == is_new and (p.ndim > 1) == decays],
            "lr": plan.head_learning_rate if is_new else plan.learning_rate,
            "weight_decay": plan.weight_decay if decays else 0.0,
        }
        for is_new in (False, True)
        for decays in (True, False)
    ]


def _resume(path: Path, network: ReaderNetwork, optimizer: torch.optim.Optimizer) -> int:
    if not path.exists():
        return 0
    saved = torch.load(path, weights_only=True)
    network.load_state_dict(saved["network"])
    optimizer.load_state_dict(saved["optimizer"])
    return int(saved["step"])


def _save(path: Path, network: ReaderNetwork, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Whole or not at all: a kill leaves the checkpoint before."""
    draft = path.with_suffix(".draft")
    torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, draft)
    os.replace(draft, path)
    if not math.isfinite(sum(p.sum().item() for p in network.span.parameters())):
        raise FloatingPointError(f"The weights are no longer numbers at step {step}; start again with a lower learning rate.")
