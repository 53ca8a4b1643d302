"""Trains the reader: spans, answerability and relevance together."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from assistant.errors import ModelUnavailable
from assistant.models.reader import LOWER_FILE, RELEVANCE_WEIGHT, UPPER_FILE
from assistant.models.weights import MS_MARCO
from assistant.training.loop import Plan, Report, Run
from assistant.training.network import LAYERS, Heads, ReaderNetwork, from_onnx, halfway_features
from assistant.training.tokens import Batch, TokenStore

FINISHED = "weights.pt"
_FORESEEN_FROM = 1_000_000  # tokens, with padding
_RIDGE = 30.0


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
    report: Report,
    *,
    device: str = "cpu",
    checkpoint_every: int = 500,
    weights: Mapping[str, Tensor] | None = None,
) -> ReaderNetwork:
    """Trains on each of the store's epochs once, as `Run.over` does, and fits the early score.

    It begins with `weights`, those of a finished run; None begins with the cross-encoder's. What it gives is kept in `folder`.
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

    def loss(rows: NDArray[np.int32], step: int) -> dict[str, Tensor]:
        batch = store.collate(rows).to(device)
        inputs = batch.input_ids, batch.attention_mask, batch.token_type_ids
        with torch.autocast(device, dtype=torch.bfloat16):
            heads = network(*inputs)
            taught = None
            if step % plan.teacher_every == 0:
                with torch.no_grad():
                    taught = teacher(*inputs).relevance.float()
        return loss_of(heads, batch, taught, plan)

    epochs = [store.batches(epoch, plan.batch_tokens, plan.seed + epoch) for epoch in range(len(store.epochs))]
    run = Run(network, _groups(network, plan), plan, folder)
    mean = run.over([rows for epoch in epochs for rows in epoch], loss, report, checkpoint_every=checkpoint_every)
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
