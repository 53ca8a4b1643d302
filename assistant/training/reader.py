"""Trains the reader: spans and answerability of questions, entailment of claims."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from assistant.models.precision import is_bfloat16_native
from assistant.training.loop import Plan, Report, Run
from assistant.training.network import LAYERS, Heads, ReaderNetwork
from assistant.training.tokens import Batch, TokenStore

FINISHED = "weights.pt"
_LAYER = re.compile(r"layers\.(\d+)\.")


def loss_of(heads: Heads, batch: Batch, plan: Plan) -> dict[str, Tensor]:
    """The parts of the loss, those of questions and of claims by their shares of the batch.

    Cross-entropy of start and end, where [CLS] stands for no answer; binary cross-entropy of answerability and of entailment.
    """
    asked, claimed = batch.claimed < 0, batch.claimed >= 0
    starts, ends = (logits.float().masked_fill(~batch.passage, -1e4)[asked] for logits in (heads.start, heads.end))
    answered, supported = (batch.end > 0)[asked].float(), batch.claimed[claimed].float()
    of_questions, of_claims = (
        {
            "start": functional.cross_entropy(starts, batch.start[asked], reduction="sum") / 2,
            "end": functional.cross_entropy(ends, batch.end[asked], reduction="sum") / 2,
            "answerable": _judged(heads.answerable[asked], answered, plan.smoothing),
        },
        {"claims": _judged(heads.entailed[claimed], supported, plan.claim_smoothing)},
    )
    return {name: part / len(batch.claimed) for name, part in (of_questions | of_claims).items()}


def _judged(logits: Tensor, target: Tensor, smoothing: float) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits.float(), (target - smoothing).abs(), reduction="sum")


def train(
    network: ReaderNetwork,
    store: TokenStore,
    folder: Path,
    plan: Plan,
    report: Report,
    *,
    device: str = "cpu",
    checkpoint_every: int = 250,
) -> ReaderNetwork:
    """Trains on each of the store's epochs once, as `Run.over` does. What it gives is kept in `folder`."""
    torch.manual_seed(plan.seed)
    network = network.to(device)
    for part in (network.words, network.words_norm, *network.layers[: plan.frozen]):
        part.requires_grad_(False)

    def loss(rows: NDArray[np.int32], step: int) -> dict[str, Tensor]:
        batch = store.collate(rows).to(device)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=is_bfloat16_native(device)):
            heads = network(batch.input_ids, batch.attention_mask)
        return loss_of(heads, batch, plan)

    epochs = [store.batches(epoch, plan.batch_tokens, plan.seed + epoch) for epoch in range(len(store.epochs))]
    run = Run(network, _groups(network, plan), plan, folder)
    mean = run.over([rows for epoch in epochs for rows in epoch], loss, report, checkpoint_every=checkpoint_every).cpu()
    torch.save(mean.state_dict(), folder / FINISHED)
    return mean


def _groups(network: ReaderNetwork, plan: Plan) -> list[dict[str, Any]]:
    """Parameters by learning rate and weight decay; a bias or a norm isn't decayed."""
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        new = name.startswith("span.")
        rate = plan.head_learning_rate if new else plan.learning_rate * plan.layer_decay ** _below_top(name)
        groups.setdefault((rate, plan.weight_decay if parameter.ndim > 1 else 0.0), []).append(parameter)
    return [{"params": found, "lr": rate, "weight_decay": decay} for (rate, decay), found in groups.items()]


def _below_top(name: str) -> int:
    """How many layers lie above a parameter's; what stands for distances lies below all."""
    if found := _LAYER.match(name):
        return LAYERS - 1 - int(found[1])
    return LAYERS if name.startswith("places") else 0
