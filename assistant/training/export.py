"""From a trained network to the file that ships: ONNX, int8."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from assistant.models.reader import READER_FILE
from assistant.models.weights import sha256_of
from assistant.training.network import Heads, ReaderNetwork

_OPSET = 17
_FULL = "full"
_BY_TOKEN = ("start", "end")  # which heads have a logit for each token


def export(network: ReaderNetwork, folder: Path) -> str:
    """Writes the reader as float32, in `full/`, and as int8; gives the SHA-256 of what ships.

    Dynamic quantisation, one scale per output channel: weights are int8 on disk, activations are quantised as they come. A pair
    is a pass, so nothing is padding and no mask is an input.
    """
    full, path = folder / _FULL / READER_FILE, folder / READER_FILE
    full.parent.mkdir(parents=True, exist_ok=True)
    axes = {name: {0: "pairs", 1: "tokens"} if name in _BY_TOKEN else {0: "pairs"} for name in Heads._fields}
    axes["input_ids"] = {0: "pairs", 1: "tokens"}
    write_graph(network, {"input_ids": torch.ones(1, 8, dtype=torch.long)}, Heads._fields, axes, full)
    quantize_dynamic(str(full), str(path), per_channel=True, weight_type=QuantType.QInt8)
    _share_equal_weights(path)
    return sha256_of(path)


def _share_equal_weights(path: Path) -> None:
    """Keeps each weight once: keys and queries of tokens and of distances are made with the same ones, exported twice."""
    model = onnx.load(str(path))
    first: dict[tuple[object, ...], str] = {}
    renamed: dict[str, str] = {}
    for tensor in list(model.graph.initializer):
        kept = first.setdefault(
            (tensor.data_type, tuple(tensor.dims), tensor.raw_data or tensor.SerializeToString()), tensor.name
        )
        if kept != tensor.name:
            renamed[tensor.name] = kept
            model.graph.initializer.remove(tensor)
    for node in model.graph.node:
        for at, name in enumerate(node.input):
            node.input[at] = renamed.get(name, name)
    onnx.save(model, str(path))


def write_graph(
    network: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    axes: Mapping[str, Mapping[int, str]],
    path: Path,
    *,
    fold: bool = True,
) -> None:
    """Writes a network as ONNX, in the precision that it has. `axes` names the dimensions that vary; without `fold`, weights keep
    their own names and are not turned over."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter speaks of its own future
        torch.onnx.export(
            network.eval(),
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
            do_constant_folding=fold,
        )
