"""From the trained networks to the files that ship: ONNX, int8."""

from __future__ import annotations

import hashlib
import shutil
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from assistant.models.reader import CLAIMS_FILE, FOLLOW_UPS_FILE, LOWER_FILE, TOKENIZER_FILE, UPPER_FILE
from assistant.models.weights import MS_MARCO
from assistant.training.network import HIDDEN, ClaimNetwork, Heads, ReaderNetwork

_OPSET = 17
_FULL = "full"
_EARLY_NODES = ["/early/Gemm", "/early/Gemm_MatMul"]  # as exported, and as the quantiser takes it apart
_BY_TOKEN = {name: name in ("start", "end") for name in Heads._fields}  # which heads have a logit for each token
_GOING_ON = {"lower": torch.zeros(1, 8, HIDDEN)}  # what upper layers get


class _Lower(nn.Module):
    """The lower half of a reader, as a network of its own. A pair is a pass, so nothing is padding and no mask is added."""

    def __init__(self, reader: ReaderNetwork) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor]:
        lower = self.reader.lower(input_ids, None, token_type_ids)
        return lower, self.reader.early_score(lower, torch.ones_like(token_type_ids), token_type_ids)


class _Upper(nn.Module):
    """The upper half."""

    def __init__(self, reader: ReaderNetwork) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, lower: Tensor) -> Heads:
        return self.reader.upper(lower, None)


def export(network: ReaderNetwork, folder: Path) -> dict[str, str]:
    """Writes the two halves as float32, in `full/`, and as int8, with the tokenizer; gives the SHA-256 of what ships."""
    ids = dict.fromkeys(("input_ids", "token_type_ids"), torch.ones(1, 8, dtype=torch.long))
    _write(_Lower(network), ids, {"lower": True, "early": False}, folder, LOWER_FILE)
    _write(_Upper(network), _GOING_ON, _BY_TOKEN, folder, UPPER_FILE)
    for place in (folder, folder / _FULL):
        shutil.copyfile(MS_MARCO.locate() / TOKENIZER_FILE, place / TOKENIZER_FILE)
    return sums_of(folder, LOWER_FILE, UPPER_FILE, TOKENIZER_FILE)


def export_follow_ups(network: ReaderNetwork, folder: Path) -> dict[str, str]:
    """Writes the upper half as float32 `full/follow_ups.onnx` and int8 `follow_ups.onnx`; gives the SHA-256 of what ships.

    The lower half has to be that of the folder's reader.
    """
    _write(_Upper(network), _GOING_ON, _BY_TOKEN, folder, FOLLOW_UPS_FILE)
    return sums_of(folder, FOLLOW_UPS_FILE)


def export_claims(network: ClaimNetwork, folder: Path) -> dict[str, str]:
    """Writes float32 `full/claims.onnx` and int8 `claims.onnx`; gives the SHA-256 of what ships."""
    _write(network, _GOING_ON, {"entailed": False}, folder, CLAIMS_FILE)
    return sums_of(folder, CLAIMS_FILE)


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


def sums_of(folder: Path, *names: str) -> dict[str, str]:
    """The SHA-256 of files, by name."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def _write(network: nn.Module, inputs: Mapping[str, Tensor], outputs: Mapping[str, bool], folder: Path, name: str) -> None:
    """`outputs` says by name which of them have a logit, or a vector, for each token.

    Dynamic quantisation, one scale per output channel: weights are int8 on disk, activations are quantised as they come.
    """
    full = folder / _FULL / name
    full.parent.mkdir(parents=True, exist_ok=True)
    axes = {each: {0: "pairs", 1: "tokens"} for each in inputs}
    axes |= {each: {0: "pairs", 1: "tokens"} if by_token else {0: "pairs"} for each, by_token in outputs.items()}
    write_graph(network, inputs, list(outputs), axes, full)
    prepared = full.with_name("prepared.onnx")
    quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
    # The early score is one sum: whole numbers would save it nothing.
    quantize_dynamic(
        str(prepared), str(folder / name), per_channel=True, weight_type=QuantType.QInt8, nodes_to_exclude=_EARLY_NODES
    )
    prepared.unlink()
