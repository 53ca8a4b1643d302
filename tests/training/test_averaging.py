from __future__ import annotations

from pathlib import Path

import torch

from assistant.training.reader import mean_of


def test_snapshots_count_by_their_weights_and_whole_numbers_come_from_the_last(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        weights = {"layer": torch.full((2, 2), float(number)), "positions": torch.tensor([number])}
        torch.save(weights, tmp_path / f"{number}.pt")
    mean = mean_of({tmp_path / "1.pt": 0.4, tmp_path / "2.pt": 0.2, tmp_path / "3.pt": 0.4})
    assert torch.allclose(mean["layer"], torch.full((2, 2), 2.0))
    assert mean["positions"].tolist() == [3]
