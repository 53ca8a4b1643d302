"""Trains the claim network on what a reader's lower layers make of (claim, passage) pairs. Those layers stay as they are, so
each pair goes through them once. Resumes from the last epoch."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from assistant.training.examples import Example
from assistant.training.network import ClaimNetwork, ReaderNetwork
from assistant.training.tokens import TokenStore, load_tokenizer
from assistant.training.written import Claim

CLAIM_CHECKPOINT = "claims.pt"


@dataclass(frozen=True, slots=True)
class ClaimPlan:
    """How to train. The learning rate rises over a tenth of the steps and falls to zero; each lower layer has nine tenths of the
    rate of the one above, the head twice the rate. The targets are `smoothing` and 1 less that."""

    epochs: int = 3
    learning_rate: float = 1e-4
    smoothing: float = 0.05
    batch_tokens: int = 3072
    dropout: float = 0.0
    seed: int = 20261

    def rate(self, done: float) -> float:
        """The share of the learning rate that holds when a share of the steps is done."""
        return min(done / _WARMUP, 1 - done) if done < _WARMUP else 1 - done


_WARMUP = 0.1
_LAYER_DECAY = 0.9
_READ_AT_ONCE = 4096  # tokens


def train_claims(
    claims: Sequence[Claim],
    reader: ReaderNetwork,
    folder: Path,
    plan: ClaimPlan,
    report: Callable[[int, float], None],
    device: str = "cpu",
) -> ClaimNetwork:
    """Trains to the plan's last epoch, from the checkpoint in `folder` if there is one.

    `report` gets the number of each epoch, from 1, and its mean loss.
    """
    torch.manual_seed(plan.seed)
    network = ClaimNetwork(reader).to(device)
    groups = [{"params": list(network.head.parameters()), "lr": 2 * plan.learning_rate}]
    for below, layer in enumerate(reversed(network.layers)):
        groups.append({"params": list(layer.parameters()), "lr": plan.learning_rate * _LAYER_DECAY**below})
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    bases = [group["lr"] for group in optimizer.param_groups]
    checkpoint = folder / CLAIM_CHECKPOINT
    begun = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True, map_location=device)
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        begun = int(saved["epochs"])
    read = ReadClaims(claims, reader.to(device).eval(), device) if begun < plan.epochs else None
    network.train()
    network.set_dropout(plan.dropout)
    for epoch in range(begun, plan.epochs):
        assert read is not None
        of_this_epoch = read.store.batches(0, plan.batch_tokens, plan.seed + epoch)
        total = 0.0
        for number, rows in enumerate(of_this_epoch):
            done = (epoch + number / len(of_this_epoch)) / plan.epochs
            for base, parameters in zip(bases, optimizer.param_groups, strict=True):
                parameters["lr"] = base * plan.rate(done)
            target = (read.supported(rows) - plan.smoothing).abs()
            loss = functional.binary_cross_entropy_with_logits(read.logits(network, rows), target)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            total += loss.item() * len(rows)
        report(epoch + 1, total / len(claims))
        draft = checkpoint.with_suffix(".draft")
        torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "epochs": epoch + 1}, draft)
        os.replace(draft, checkpoint)
    return network.cpu().eval()


class ReadClaims:
    """Claims with their passages, as tokens and as what a reader's lower layers make of them, kept in bfloat16."""

    def __init__(self, claims: Sequence[Claim], reader: ReaderNetwork, device: str = "cpu") -> None:
        examples = [Example(claim.text, "", claim.passage, None) for claim in claims]
        self.store = TokenStore.of([examples], load_tokenizer())
        self._device = device
        self._number = {tuple(row): at for at, row in enumerate(self.store.epochs[0].tolist())}
        self._supported = torch.tensor([float(claim.supported) for claim in claims], device=device)
        self._lower: list[Tensor] = [torch.empty(0)] * len(claims)
        for rows in self.store.batches(0, _READ_AT_ONCE, seed=0):
            batch = self.store.collate(rows).to(device)
            with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
                hidden = reader.lower(batch.input_ids, batch.attention_mask, batch.token_type_ids).to(torch.bfloat16)
            for at, pair, length in zip(self._of(rows), hidden, batch.attention_mask.sum(1).tolist(), strict=True):
                self._lower[at] = pair[:length].clone()

    def supported(self, rows: NDArray[np.int32]) -> Tensor:
        """1 where the passage says so, (B,)."""
        return self._supported[self._of(rows)]

    def logits(self, network: ClaimNetwork, rows: NDArray[np.int32]) -> Tensor:
        """What the network says of the pairs, (B,)."""
        lower = [self._lower[at] for at in self._of(rows)]
        lengths = torch.tensor([len(each) for each in lower], device=self._device)
        hidden = torch.nn.utils.rnn.pad_sequence(lower, batch_first=True).float()
        mask = (torch.arange(hidden.shape[1], device=self._device)[None] < lengths[:, None]).long()
        with torch.autocast(self._device, dtype=torch.bfloat16):
            logits: Tensor = network(hidden, mask)
        return logits.float()

    def _of(self, rows: NDArray[np.int32]) -> list[int]:
        return [self._number[tuple(row)] for row in rows.tolist()]
