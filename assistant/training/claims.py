"""Trains the claim network on what a reader's lower layers make of (claim, passage) pairs; those layers stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from assistant.training.examples import Example
from assistant.training.loop import Plan, Report, Run
from assistant.training.network import ClaimNetwork, ReaderNetwork
from assistant.training.tokens import TokenStore, load_tokenizer
from assistant.training.written import Claim

CLAIM_PLAN = Plan(warmup=0.1, head_learning_rate=2e-4, smoothing=0.05, seed=20261)


def train_claims(
    claims: Sequence[Claim],
    epochs: int,
    reader: ReaderNetwork,
    folder: Path,
    report: Report,
    *,
    plan: Plan = CLAIM_PLAN,
    device: str = "cpu",
    checkpoint_every: int = 500,
    weights: Mapping[str, Tensor] | None = None,
) -> ClaimNetwork:
    """Trains on each claim `epochs` times, as `Run.over` does.

    It begins with `weights`, those of a finished run; None begins with the reader's upper layers.
    """
    torch.manual_seed(plan.seed)
    reader = reader.to(device).eval()
    network = ClaimNetwork(reader).to(device)
    if weights is not None:
        network.load_state_dict(dict(weights))
    network.set_dropout(plan.dropout)
    store = store_of(claims)

    def loss(rows: NDArray[np.int32], step: int) -> dict[str, Tensor]:
        batch = store.collate(rows).to(device)
        target = ((batch.end > 0).float() - plan.smoothing).abs()
        with torch.autocast(device, dtype=torch.bfloat16):
            with torch.no_grad():
                lower = reader.lower(batch.input_ids, batch.attention_mask, batch.token_type_ids)
            logits = network(lower, batch.attention_mask)
        return {"claims": functional.binary_cross_entropy_with_logits(logits.float(), target)}

    batches = [rows for epoch in range(epochs) for rows in store.batches(0, plan.batch_tokens, plan.seed + epoch)]
    run = Run(network, _groups(network, plan), plan, folder)
    return run.over(batches, loss, report, checkpoint_every=checkpoint_every).cpu()


def store_of(claims: Sequence[Claim]) -> TokenStore:
    """The claims with their passages, one epoch; the whole passage is the span of those that it supports."""
    pairs = [Example(claim.text, "", claim.passage, (0, len(claim.passage)) if claim.supported else None) for claim in claims]
    return TokenStore.of([pairs], load_tokenizer())


def _groups(network: ClaimNetwork, plan: Plan) -> list[dict[str, object]]:
    """The head with a rate of its own, and each layer with less than the one above."""
    groups: list[dict[str, object]] = [{"params": list(network.head.parameters()), "lr": plan.head_learning_rate}]
    for below, layer in enumerate(reversed(network.layers)):
        groups.append({"params": list(layer.parameters()), "lr": plan.learning_rate * plan.layer_decay**below})
    return [group | {"weight_decay": plan.weight_decay} for group in groups]
