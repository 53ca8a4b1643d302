"""A training run: steps over batches, checkpoints to go on from, and the running mean of the weights, which is what ships: it
reads better than the last ones (Polyak and Juditsky 1992)."""

from __future__ import annotations

import copy
import json
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

CHECKPOINT = "checkpoint.pt"
CURVE = "curve.jsonl"
_REPORT_EVERY = 50  # steps

Report = Callable[[int, int, dict[str, float]], None]
Rows = TypeVar("Rows")
Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    The learning rate rises over `warmup` of the steps and falls to zero over the rest; each layer has `layer_decay` of the
    rate of the one above it, the new head has its own. The embeddings and the `frozen` lowest layers stay as they are.
    `mean_over` is the share of the steps that the running mean spans. `smoothing` is what a judgement of a question, and of a
    claim, may be wrong by.
    """

    batch_tokens: int = 4096  # some 25 pairs
    warmup: float = 0.05
    learning_rate: float = 1e-4
    head_learning_rate: float = 5e-4
    layer_decay: float = 0.95
    frozen: int = 2
    weight_decay: float = 0.01
    smoothing: float = 0.02
    claim_smoothing: float = 0.05
    mean_over: float = 0.08
    seed: int = 20261129

    def rate(self, done: float) -> float:
        """The share of the learning rate that holds when a share of the steps is done."""
        return min(done / self.warmup, (1 - done) / (1 - self.warmup))


@dataclass(frozen=True)
class Run(Generic[Network]):
    """A network to train in a folder; `groups` are its parameters with their rates, as an optimizer takes them."""

    network: Network
    groups: list[dict[str, Any]]
    plan: Plan
    folder: Path

    def over(
        self,
        batches: Sequence[Rows],
        loss: Callable[[Rows, int], dict[str, Tensor]],
        report: Report,
        *,
        checkpoint_every: int = 500,
    ) -> Network:
        """Trains on each batch once, from the checkpoint in the folder if there is one; gives the mean of the weights.

        `loss` gets a batch and the number of the step, from 1, and gives the loss in named parts. `report` gets the step, the
        number of steps, and the mean parts since the last report; they are also written to `curve.jsonl`.

        Raises:
            FloatingPointError: the weights are no longer numbers.
        """
        mean = copy.deepcopy(self.network).eval()
        optimizer = torch.optim.AdamW(self.groups, betas=(0.9, 0.98), fused=True)
        bases = [group["lr"] for group in optimizer.param_groups]
        begun = _resume(self.folder / CHECKPOINT, self.network, mean, optimizer)
        self.network.train()
        sums: dict[str, Tensor] = {}  # on the device: a number a step would make it wait
        began = time.monotonic()
        for step, rows in enumerate(batches[begun:], start=begun + 1):
            for base, parameters in zip(bases, optimizer.param_groups, strict=True):
                parameters["lr"] = base * self.plan.rate((step - 1) / len(batches))
            parts = loss(rows, step)
            torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            _follow(mean, self.network, min(0.5, 1 / max(1.0, min(step, self.plan.mean_over * len(batches)))))
            for name, value in parts.items():
                sums[name] = sums.get(name, torch.zeros_like(value)) + value.detach()
            if step % _REPORT_EVERY == 0:
                row = {name: value.item() / _REPORT_EVERY for name, value in sums.items()} | {"seconds": time.monotonic() - began}
                with (self.folder / CURVE).open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"step": step, **row}) + "\n")
                report(step, len(batches), row)
                sums = {}
            if step % checkpoint_every == 0 or step == len(batches):
                _save(self.folder / CHECKPOINT, self.network, mean, optimizer, step)
        return mean


@torch.no_grad()
def _follow(mean: nn.Module, network: nn.Module, share: float) -> None:
    """Moves the mean towards the weights."""
    torch._foreach_lerp_(list(mean.parameters()), [p.detach() for p in network.parameters()], share)


def _resume(path: Path, network: nn.Module, mean: nn.Module, optimizer: torch.optim.Optimizer) -> int:
    if not path.exists():
        return 0
    device = next(network.parameters()).device
    saved = torch.load(path, weights_only=True, map_location=device)
    network.load_state_dict(saved["network"])
    mean.load_state_dict(saved["mean"])
    optimizer.load_state_dict(saved["optimizer"])
    return int(saved["step"])


def _save(path: Path, network: nn.Module, mean: nn.Module, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Whole or not at all: a kill leaves the checkpoint before."""
    draft = path.with_suffix(".draft")
    state = {"network": network.state_dict(), "mean": mean.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    torch.save(state, draft)
    os.replace(draft, path)
    if not math.isfinite(sum(p.sum().item() for p in network.parameters())):
        raise FloatingPointError(f"The weights are no longer numbers at step {step}; start again with a lower learning rate.")
