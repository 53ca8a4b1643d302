"""The reader's network: DeBERTa-v3-xsmall with four heads over (passage, text), the text a question or a claim.

Attention is the disentangled one of He, Liu, Gao and Chen (2021): to what a token is and where it stands is attended apart, and
distances beyond 128 tokens are taken together in ever wider buckets (He, Gao and Chen 2023).
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

LAYERS, HIDDEN, HEADS, INTERMEDIATE = 12, 384, 6, 1536
BUCKETS, MOST_APART = 256, 512  # distances either way: the number of buckets, and what the last one holds
_SIZE = HIDDEN // HEADS
_SCALE = math.sqrt(_SIZE * 3)  # content to content, content to position, position to content
_NORM = 1e-7
_FAR_BELOW = -1e4  # added to the attention to padding


class Heads(NamedTuple):
    """What one batch of passes gives; B pairs of L tokens.

    `answerable` (B,) is the logit that the passage holds the answer to the question, `entailed` (B,) that it says what the claim
    says; `start` and `end` (B, L) are logits over tokens, where token 0, [CLS], stands for "no answer here".
    """

    answerable: Tensor
    entailed: Tensor
    start: Tensor
    end: Tensor


class Layer(nn.Module):
    """One layer: attention by content and by distance, then two dense layers."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))
        self.mixed, self.mixed_norm = nn.Linear(HIDDEN, HIDDEN), nn.LayerNorm(HIDDEN, eps=_NORM)
        self.wider, self.narrower = nn.Linear(HIDDEN, INTERMEDIATE), nn.Linear(INTERMEDIATE, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=_NORM)

    def near(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """The table of places, (512, 384), as keys and as queries, each (6, 512, 64)."""
        return _by_head(self.key(places)[None])[0], _by_head(self.query(places)[None])[0]

    def forward(self, hidden: Tensor, places: tuple[Tensor, Tensor], masked: Tensor | None) -> Tensor:
        """`hidden` (B, L, 384) to the same shape; `places` are what stands for the 2 L - 1 distances as keys and as queries,
        each (6, 64, 2 L - 1)."""
        query, key, value = (_by_head(part(hidden)) for part in (self.query, self.key, self.value))
        near_keys, near_queries = places
        scores = query @ key.transpose(-1, -2)
        scores = scores + _skewed(query @ near_keys) + _skewed(key @ near_queries).transpose(-1, -2)
        scores = scores / _SCALE
        if masked is not None:
            scores = scores + masked
        taken = (scores.softmax(-1).to(value.dtype) @ value).transpose(1, 2).flatten(2)
        hidden = self.mixed_norm(self.mixed(taken) + hidden)
        return self.norm(self.narrower(functional.gelu(self.wider(hidden))) + hidden)  # type: ignore[no-any-return]


class ReaderNetwork(nn.Module):
    """The encoder and its heads, all new but for the shape."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.words, self.words_norm = nn.Embedding(vocabulary, HIDDEN), nn.LayerNorm(HIDDEN, eps=_NORM)
        self.places, self.places_norm = nn.Embedding(2 * BUCKETS, HIDDEN), nn.LayerNorm(HIDDEN, eps=_NORM)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.buckets: Tensor
        self.register_buffer("buckets", bucket_of(torch.arange(1 - MOST_APART, MOST_APART)), persistent=False)
        self.entailed, self.answerable = _judge(), _judge()
        self.span = nn.Linear(HIDDEN, 2)
        nn.init.normal_(self.span.weight, std=0.02)
        nn.init.zeros_(self.span.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Heads:
        """Token ids and mask, each (B, L), to the heads' logits. A mask of None says that nothing is padding."""
        hidden = self.encode(input_ids, attention_mask)
        start, end = self.span(hidden).unbind(-1)
        first = hidden[:, 0]
        return Heads(self.answerable(first).squeeze(-1), self.entailed(first).squeeze(-1), start, end)

    def encode(self, input_ids: Tensor, attention_mask: Tensor | None) -> Tensor:
        """What the layers make of the tokens, (B, L, 384)."""
        hidden: Tensor = self.words_norm(self.words(input_ids))
        places = self.places_norm(self.places.weight)
        length = input_ids.shape[1]
        buckets = self.buckets[MOST_APART - length : MOST_APART - 1 + length]
        # Distances from the query's side, for keys, and from the key's, for queries: one turned round.
        sides = buckets.flip(0), buckets
        masked = None if attention_mask is None else (1.0 - attention_mask[:, None, None, :].to(hidden.dtype)) * _FAR_BELOW
        for layer in self.layers:
            assert isinstance(layer, Layer)
            keys, queries = (table.index_select(1, rows) for table, rows in zip(layer.near(places), sides, strict=True))
            near = keys.transpose(-1, -2), queries.transpose(-1, -2)
            hidden = layer(hidden, near, masked)
        return hidden


def bucket_of(distance: Tensor) -> Tensor:
    """The row of the table of places for each distance (query minus key): exact to 128 either way, then ever coarser."""
    middle = BUCKETS // 2
    far = distance.abs().clamp(min=middle).float()
    coarse = torch.ceil(torch.log(far / middle) / math.log((MOST_APART - 1) / middle) * (middle - 1)) + middle
    bucket = torch.where(distance.abs() <= middle, distance, (coarse * distance.sign()).long())
    return (bucket + BUCKETS).clamp(0, 2 * BUCKETS - 1)


def _skewed(by_distance: Tensor) -> Tensor:
    """(..., L, 2 L - 1), where column c of row i is for the token at c - (L - 1) from it, to (..., L, L), a column a token."""
    length = by_distance.shape[-2]
    flat = by_distance.flatten(-2)[..., length - 1 : length - 1 + length * (2 * length - 2)]
    square: Tensor = flat.unflatten(-1, (length, 2 * length - 2))  # type: ignore[no-untyped-call]
    return square[..., :length]


def _by_head(hidden: Tensor) -> Tensor:
    by_head: Tensor = hidden.unflatten(-1, (HEADS, _SIZE))  # type: ignore[no-untyped-call]
    return by_head.transpose(1, 2)


def _judge() -> nn.Sequential:
    return nn.Sequential(nn.Linear(HIDDEN, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, 1))


# Where the published weights have what is here.
_PUBLISHED = {
    "query": "attention.self.query_proj",
    "key": "attention.self.key_proj",
    "value": "attention.self.value_proj",
    "mixed": "attention.output.dense",
    "mixed_norm": "attention.output.LayerNorm",
    "wider": "intermediate.dense",
    "narrower": "output.dense",
    "norm": "output.LayerNorm",
}


def from_published(file: Path, published: Tokenizer, kept: Tokenizer) -> ReaderNetwork:
    """The network with the weights of the published entailment model, int8 to float32: both judges begin as its own, the span
    head is drawn by chance, and of its words only those stay that the tokenizer `kept` has.

    Raises:
        KeyError: the file is not the ONNX export of such a model, or lacks a piece of the tokenizer.
    """
    weights = {name.removeprefix("m.").removeprefix("deberta."): array for name, array in _weights_of(file).items()}
    pieces, rows = published.get_vocab(), kept.get_vocab()
    order = [pieces[piece] for piece in sorted(rows, key=lambda piece: rows[piece])]
    state = {
        "words.weight": weights["embeddings.word_embeddings.weight"][order],
        "places.weight": weights["encoder.rel_embeddings.weight"],
    }
    modules = {"words_norm": "embeddings.LayerNorm", "places_norm": "encoder.LayerNorm"}
    modules |= {
        f"layers.{at}.{ours}": f"encoder.layer.{at}.{theirs}" for at in range(LAYERS) for ours, theirs in _PUBLISHED.items()
    }
    for ours, theirs in modules.items():
        state |= {f"{ours}.{part}": weights[f"{theirs}.{part}"] for part in ("weight", "bias")}
    for judge in ("entailed", "answerable"):
        state |= {f"{judge}.0.{part}": weights[f"pooler.dense.{part}"] for part in ("weight", "bias")}
        # Two classes, the first of them "entailed": one logit is their difference.
        yes, no = weights["classifier.weight"]
        state |= {f"{judge}.2.weight": (yes - no)[None], f"{judge}.2.bias": -np.diff(weights["classifier.bias"])}
    return _with(state, len(order))


def from_onnx(file: Path) -> ReaderNetwork:
    """The network with the weights of a reader's own file, int8 to float32.

    Raises:
        KeyError: the file is not such a one.
    """
    weights = _weights_of(file)
    return _with(weights, len(weights["words.weight"]))


def _with(weights: dict[str, NDArray[np.float32]], vocabulary: int) -> ReaderNetwork:
    network = ReaderNetwork(vocabulary)
    state = network.state_dict()
    state |= {name: torch.tensor(weights[name]).reshape(tensor.shape) for name, tensor in state.items() if name in weights}
    if missing := [name for name in state if name not in weights and not name.startswith("span.")]:
        raise KeyError(missing[0])
    network.load_state_dict(state)
    return network


def _weights_of(file: Path) -> dict[str, NDArray[np.float32]]:
    """The weights of a dynamically quantised file by their names in the network.

    An int8 weight stands for `(q - zero_point) * scale`. The nodes that multiply carry the layer's name and hold its weight
    transposed; embeddings, norms and biases carry their own names.
    """
    graph = onnx.load(str(file)).graph
    tensors = {each.name: numpy_helper.to_array(each) for each in graph.initializer}

    def dequantised(name: str) -> NDArray[np.float32]:
        if name in tensors:  # kept in float32 for another use
            return np.asarray(tensors[name], np.float32)
        whole = tensors[f"{name}_quantized"].astype(np.float32)
        return np.asarray((whole - tensors[f"{name}_zero_point"].astype(np.float32)) * tensors[f"{name}_scale"], np.float32)

    named = {name.removesuffix("_quantized") for name in tensors if name.endswith((".weight", ".bias", ".weight_quantized"))}
    weights = {name: dequantised(name) for name in named}
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            layer = re.sub(r"/(?:MatMul|Gemm_MatMul)_quant$", "", node.name).strip("/").replace("/", ".")
            layer = re.sub(r"^(entailed|answerable)\.\1\.", r"\1.", layer)
            weights[f"{layer}.weight"] = dequantised(node.input[1].removesuffix("_quantized")).T
    return weights
