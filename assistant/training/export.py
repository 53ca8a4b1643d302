"""From the trained network to the files that ship: ONNX, int8."""

from __future__ import annotations

import hashlib
import shutil
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from assistant.models.weights import MS_MARCO
from assistant.training.network import Heads, ReaderNetwork

_OPSET = 17


def export(network: ReaderNetwork, folder: Path) -> dict[str, str]:
    """Writes float32 `full/model.onnx` and int8 `model.onnx`, with the tokenizer; gives the SHA-256 of what ships.

    Dynamic quantisation, one scale per output channel: weights are int8 on disk, activations are quantised as they come.
    """
    full = folder / "full"
    full.mkdir(parents=True, exist_ok=True)
    ids = torch.ones(2, 8, dtype=torch.long)
    axes = {0: "pairs", 1: "tokens"}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    heads = list(Heads._fields)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter speaks of its own future
        torch.onnx.export(
            network.eval(),
            (ids, ids, ids),
            str(full / "model.onnx"),
            input_names=names,
            output_names=heads,
            dynamic_axes={name: axes if name in (*names, "start", "end") else {0: "pairs"} for name in (*names, *heads)},
            opset_version=_OPSET,
            dynamo=False,
        )
    prepared = full / "prepared.onnx"
    quant_pre_process(str(full / "model.onnx"), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(folder / "model.onnx"), per_channel=True, weight_type=QuantType.QInt8)
    prepared.unlink()
    for place in (folder, full):
        shutil.copyfile(MS_MARCO.locate() / "tokenizer.json", place / "tokenizer.json")
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")}
