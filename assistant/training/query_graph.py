"""Writes the graph of `models/query_encoder.py`: `python -m assistant.training.query_graph FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

import onnx
import torch
from onnx import TensorProto
from torch import Tensor, nn
from transformers import AutoModel

from assistant.models.weights import MINILM, sha256_of
from assistant.training.export import write_graph


class _Encoder(nn.Module):
    """The mean of a text's tokens, as a vector of unit length."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(MINILM.locate(), attn_implementation="eager", dtype=torch.float32)

    def forward(self, ids: Tensor) -> Tensor:
        tokens = self.bert(input_ids=ids, token_type_ids=torch.zeros_like(ids), attention_mask=torch.ones_like(ids))
        return nn.functional.normalize(tokens.last_hidden_state.mean(dim=1), dim=1)


def write_query_graph(path: Path) -> str:
    """Writes the graph without its weights, which keep the names that they have in their own file; gives its SHA-256."""
    ids = {"ids": torch.ones(1, 8, dtype=torch.long)}
    write_graph(_Encoder(), ids, ["vector"], {"ids": {1: "tokens"}}, path, fold=False)
    model = onnx.load(str(path))
    for node in model.graph.node:
        node.input[:] = [name.removeprefix("bert.") for name in node.input]
    for weight in model.graph.initializer:
        weight.name = weight.name.removeprefix("bert.")
        weight.ClearField("raw_data")
        weight.data_location = TensorProto.EXTERNAL
        weight.external_data.add(key="location", value="given when it is opened")
    path.write_bytes(model.SerializeToString())
    return sha256_of(path)


if __name__ == "__main__":
    print(write_query_graph(Path(sys.argv[1])))
