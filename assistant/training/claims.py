"""Trains the claim network on what a reader's lower layers make of (claim, passage) pairs. Those layers stay as they are, so
each pair goes through them once. Resumes from the last epoch."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from assistant.training.examples import Encoded, batches, collate, load_tokenizer
from assistant.training.network import HIDDEN, ClaimNetwork, ReaderNetwork
from assistant.training.written import Claim

CLAIM_CHECKPOINT = "claims.pt"


@dataclass(frozen=True, slots=True)
class ClaimPlan:
    """How to train. The learning rate rises over a tenth of the steps and falls to zero; each lower layer has nine tenths of the
    rate of the one above, the head twice the rate. The targets are `smoothing` and 1 less that."""

    epochs: int = 3
    learning_rate: float = 1e-4
    smoothing: float = 0.05
    seed: int = 20261

    def rate(self, done: float) -> float:
        """The share of the learning rate that holds when a share of the steps is done."""
        return min(done / _WARMUP, 1 - done) if done < _WARMUP else 1 - done


_WARMUP = 0.1
_LAYER_DECAY = 0.9


def train_claims(
    claims: Sequence[Claim],
    reader: ReaderNetwork,
    folder: Path,
    plan: ClaimPlan,
    report: Callable[[int, float], None],
) -> ClaimNetwork:
    """Trains to the plan's last epoch, from the checkpoint in `folder` if there is one.

    `report` gets the number of each epoch, from 1, and its mean loss.
    """
    torch.manual_seed(plan.seed)
    network = ClaimNetwork(reader)
    groups = [{"params": list(network.head.parameters()), "lr": 2 * plan.learning_rate}]
    for below, layer in enumerate(reversed(network.layers)):
        groups.append({"params": list(layer.parameters()), "lr": plan.learning_rate * _LAYER_DECAY**below})
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    bases = [group["lr"] for group in optimizer.param_groups]
    checkpoint = folder / CLAIM_CHECKPOINT
    begun = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        begun = int(saved["epochs"])
    pairs = lower_of(claims, reader) if begun < plan.epochs else []
    lower = {id(encoded): hidden for encoded, hidden in pairs}
    said = {id(encoded): claim.supported for claim, (encoded, _) in zip(claims, pairs, strict=bool(pairs))}
    network.train()
    for epoch in range(begun, plan.epochs):
        of_this_epoch = batches([encoded for encoded, _ in pairs], plan.seed + epoch)
        total = 0.0
        for number, group in enumerate(of_this_epoch):
            done = (epoch + number / len(of_this_epoch)) / plan.epochs
            for base, parameters in zip(bases, optimizer.param_groups, strict=True):
                parameters["lr"] = base * plan.rate(done)
            mask = collate(group).attention_mask
            target = torch.tensor([abs(said[id(each)] - plan.smoothing) for each in group])
            logits = claim_logits(network, [lower[id(each)] for each in group], mask)
            loss = functional.binary_cross_entropy_with_logits(logits, target)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            total += loss.item() * len(group)
        report(epoch + 1, total / len(pairs))
        draft = checkpoint.with_suffix(".draft")
        torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "epochs": epoch + 1}, draft)
        os.replace(draft, checkpoint)
    return network.eval()


def lower_of(claims: Sequence[Claim], reader: ReaderNetwork) -> list[tuple[Encoded, Tensor]]:
    """Each claim with its passage, as tokens and as what the reader's lower layers make of them, (L, 384) in bfloat16."""
    tokenizer = load_tokenizer()
    pairs = [tokenizer.encode(claim.text, claim.passage) for claim in claims]
    encoded = [Encoded(pair.ids, pair.type_ids, 0, 0, None) for pair in pairs]
    lower: dict[int, Tensor] = {}
    for group in batches(encoded, seed=0):
        batch = collate(group)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = reader.lower(batch.input_ids, batch.attention_mask, batch.token_type_ids).to(torch.bfloat16)
        lower |= {id(each): hidden[row, : len(each.ids)].clone() for row, each in enumerate(group)}
    return [(each, lower[id(each)]) for each in encoded]


def claim_logits(network: ClaimNetwork, lower: Sequence[Tensor], mask: Tensor) -> Tensor:
    """The logits of a batch, (B,), from what the lower layers made of each pair; `mask` is (B, L)."""
    hidden = torch.zeros(*mask.shape, HIDDEN)
    for row, each in enumerate(lower):
        hidden[row, : len(each)] = each
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits: Tensor = network(hidden, mask)
    return logits.float()
