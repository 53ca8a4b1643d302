"""Trains the reader: spans, answerability and relevance together. Resumes from its last checkpoint.

What ships is the running mean of the weights (Polyak and Juditsky 1992): it reads better than the last ones.
"""

from __future__ import annotations

import copy
import json
import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from assistant.errors import ModelUnavailable
from assistant.models.reader import LOWER_FILE, RELEVANCE_WEIGHT, UPPER_FILE
from assistant.models.weights import MS_MARCO
from assistant.training.network import LAYERS, Heads, ReaderNetwork, from_onnx, halfway_features
from assistant.training.tokens import Batch, TokenStore

CHECKPOINT = "checkpoint.pt"
CURVE = "curve.jsonl"
FINISHED = "weights.pt"
_REPORT_EVERY = 50  # steps
_FORESEEN_FROM = 1_000_000  # tokens, with padding
_RIDGE = 30.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    The learning rate rises over `warmup` of the steps and falls to zero over the rest; each layer has `layer_decay` of the
    rate of the one above it, the new heads have their own. The embeddings and the `frozen` lowest layers stay as they are.
    `mean_over` is the share of the steps that the running mean spans. The teacher, which is the network as it began, reads one
    batch in `teacher_every`.
    """

    batch_tokens: int = 3072  # sixteen pairs of 192 tokens
    warmup: float = 0.05
    learning_rate: float = 1e-4
    head_learning_rate: float = 1e-3
    layer_decay: float = 0.9
    frozen: int = 0
    weight_decay: float = 0.01
    dropout: float = 0.0
    smoothing: float = 0.02
    teacher_every: int = 4
    relevance_weight: float = 0.05
    answerable_weight: float = 1.0
    mean_over: float = 0.1
    seed: int = 20251

    def rate(self, done: float) -> float:
        """The share of the learning rate that holds when a share of the steps is done."""
        return min(done / self.warmup, (1 - done) / (1 - self.warmup))


def loss_of(heads: Heads, batch: Batch, relevance: Tensor | None, plan: Plan) -> dict[str, Tensor]:
    """The parts of the loss, weighted.

    Cross-entropy of start and end, where [CLS] stands for no answer; binary cross-entropy of answerability; squared error of
    relevance against the teacher's, where it was asked.
    """
    hidden = (batch.attention_mask == 0) | (batch.token_type_ids == 0)
    hidden[:, 0] = False
    starts, ends = (logits.float().masked_fill(hidden, -1e4) for logits in (heads.start, heads.end))
    span = (functional.cross_entropy(starts, batch.start) + functional.cross_entropy(ends, batch.end)) / 2
    target = ((batch.end > 0).float() - plan.smoothing).abs()
    answerable = functional.binary_cross_entropy_with_logits(heads.answerable.float(), target)
    parts = {"span": span, "answerable": plan.answerable_weight * answerable}
    if relevance is not None:
        parts["relevance"] = plan.relevance_weight * functional.mse_loss(heads.relevance.float(), relevance)
    return parts


def train(
    store: TokenStore,
    folder: Path,
    plan: Plan,
    report: Callable[[int, int, dict[str, float]], None],
    *,
    device: str = "cpu",
    checkpoint_every: int = 500,
    weights: Mapping[str, Tensor] | None = None,
) -> ReaderNetwork:
    """Trains on each of the store's epochs once, from the checkpoint in `folder` if there is one; gives the mean of the weights.

    It begins with `weights`, those of a finished run; None begins with the cross-encoder's. The mean is kept in `folder`.
    `report` gets the step, the number of steps, and the mean losses since the last report; they are also written to
    `curve.jsonl`.
    """
    torch.manual_seed(plan.seed)
    network = from_onnx(MS_MARCO.locate() / "model.onnx").for_device(device)
    teacher = copy.deepcopy(network).eval()
    if weights is not None:
        network.load_state_dict(dict(weights))
    network.set_dropout(plan.dropout)
    network.early.requires_grad_(False)  # fitted at the end
    if plan.frozen:
        for part in (network.bert.embeddings, *network.bert.encoder.layer[: plan.frozen]):
            part.requires_grad_(False)
    mean = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(_groups(network, plan), fused=True)
    bases = [group["lr"] for group in optimizer.param_groups]
    epochs = [store.batches(epoch, plan.batch_tokens, plan.seed + epoch) for epoch in range(len(store.epochs))]
    groups = [rows for epoch in epochs for rows in epoch]
    begun = _resume(folder / CHECKPOINT, network, mean, optimizer, device)
    network.train()
    sums: dict[str, Tensor] = {}
    began = time.monotonic()
    for step, rows in enumerate(groups[begun:], start=begun + 1):
        for base, parameters in zip(bases, optimizer.param_groups, strict=True):
            parameters["lr"] = base * plan.rate((step - 1) / len(groups))
        batch = store.collate(rows).to(device)
        inputs = batch.input_ids, batch.attention_mask, batch.token_type_ids
        with torch.autocast(device, dtype=torch.bfloat16):
            heads = network(*inputs)
            taught = None
            if step % plan.teacher_every == 0:
                with torch.no_grad():
                    taught = teacher(*inputs).relevance.float()
        parts = loss_of(heads, batch, taught, plan)
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        _follow(mean, network, min(0.5, 1 / max(1.0, min(step, plan.mean_over * len(groups)))))
        for name, value in parts.items():
            sums[name] = sums.get(name, torch.zeros((), device=device)) + value.detach()
        if step % _REPORT_EVERY == 0:
            row = {name: value.item() / _REPORT_EVERY for name, value in sums.items()} | {"seconds": time.monotonic() - began}
            with (folder / CURVE).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"step": step, **row}) + "\n")
            report(step, len(groups), row)
            sums = {}
        if step % checkpoint_every == 0 or step == len(groups):
            _save(folder / CHECKPOINT, network, mean, optimizer, step)
    fit_early_score(mean, store, plan, device)
    mean.for_device("cpu")
    torch.save(mean.state_dict(), folder / FINISHED)
    return mean


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


@torch.no_grad()
def fit_early_score(network: ReaderNetwork, store: TokenStore, plan: Plan, device: str = "cpu") -> None:
    """Sets the head half way up to the ridge regression of `Reading.score`, on pairs of the last epoch."""
    groups = store.batches(len(store.epochs) - 1, plan.batch_tokens, plan.seed)
    features, scores = [], []
    for rows in groups[: math.ceil(_FORESEEN_FROM / plan.batch_tokens)]:
        batch = store.collate(rows).to(device)
        with torch.autocast(device, dtype=torch.bfloat16):
            lower = network.lower(batch.input_ids, batch.attention_mask, batch.token_type_ids)
            heads = network.upper(lower, batch.attention_mask)
        told = halfway_features(lower.float(), batch.attention_mask, batch.token_type_ids)
        features.append(functional.pad(told, (0, 1), value=1.0).double())
        scores.append(_score_of(heads, batch.token_type_ids == 0).double())
    known, wanted = torch.cat(features), torch.cat(scores)
    penalty = _RIDGE * torch.eye(known.shape[1], dtype=known.dtype, device=known.device)
    weights = torch.linalg.solve(known.T @ known + penalty, known.T @ wanted)
    network.early.weight.copy_(weights[None, :-1])
    network.early.bias.copy_(weights[-1:])


def _score_of(heads: Heads, hidden: Tensor) -> Tensor:
    """`Reading.score` of each pair, (B,), but that a span's first and last token are chosen apart; `hidden` (B, L) are the tokens
    that can't answer."""
    starts, ends = heads.start.float(), heads.end.float()
    best = starts.masked_fill(hidden, -1e4).amax(-1) + ends.masked_fill(hidden, -1e4).amax(-1)
    margin = best - starts[:, 0] - ends[:, 0]
    return heads.answerable.float() + margin / 2 + RELEVANCE_WEIGHT * heads.relevance.float()


@torch.no_grad()
def _follow(mean: ReaderNetwork, network: ReaderNetwork, share: float) -> None:
    """Moves the mean towards the weights."""
    torch._foreach_lerp_(list(mean.parameters()), [p.detach() for p in network.parameters()], share)


def _groups(network: ReaderNetwork, plan: Plan) -> list[dict[str, Any]]:
    """Parameters by learning rate and weight decay; a bias or a norm isn't decayed."""
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        new = name.startswith(("answerable.", "span."))
        rate = plan.head_learning_rate if new else plan.learning_rate * plan.layer_decay ** _below_top(name)
        groups.setdefault((rate, plan.weight_decay if parameter.ndim > 1 else 0.0), []).append(parameter)
    return [{"params": found, "lr": rate, "weight_decay": decay} for (rate, decay), found in groups.items()]


def _below_top(name: str) -> int:
    """How many layers lie above a parameter's; the embeddings lie below all."""
    if name.startswith("bert.encoder.layer."):
        return LAYERS - 1 - int(name.split(".")[3])
    return LAYERS if name.startswith("bert.embeddings.") else 0


def _resume(path: Path, network: ReaderNetwork, mean: ReaderNetwork, optimizer: torch.optim.Optimizer, device: str) -> int:
    if not path.exists():
        return 0
    saved = torch.load(path, weights_only=True, map_location=device)
    network.load_state_dict(saved["network"])
    mean.load_state_dict(saved["mean"])
    optimizer.load_state_dict(saved["optimizer"])
    return int(saved["step"])


def _save(path: Path, network: ReaderNetwork, mean: ReaderNetwork, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Whole or not at all: a kill leaves the checkpoint before."""
    draft = path.with_suffix(".draft")
    state = {"network": network.state_dict(), "mean": mean.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    torch.save(state, draft)
    os.replace(draft, path)
    if not math.isfinite(sum(p.sum().item() for p in network.span.parameters())):
        raise FloatingPointError(f"The weights are no longer numbers at step {step}; start again with a lower learning rate.")
