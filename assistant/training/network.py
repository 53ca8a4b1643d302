"""The networks: the reader's, one BERT with three heads over (question, passage), and the upper half of it that judges claims."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from assistant.errors import ModelUnavailable

SHARED_LAYERS = 6  # the reader's lower layers, on which claims are judged too
LAYERS, HIDDEN, HEADS, INTERMEDIATE, VOCABULARY, POSITIONS = 12, 384, 12, 1536, 30522, 512
_FAR_BELOW = -1e4  # added to the attention to padding


class Heads(NamedTuple):
    """What one batch of whole passes gives; B pairs of L tokens.

    `relevance` (B,) ranks passages; `answerable` (B,) is the logit that the passage holds the answer; `start` and `end`
    (B, L) are logits over tokens, where token 0, [CLS], stands for "no answer here".
    """

    relevance: Tensor
    answerable: Tensor
    start: Tensor
    end: Tensor


class ReaderNetwork(nn.Module):
    """MiniLM-L12 with the cross-encoder's own relevance head, two new heads beside it, and one half way up."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = BertModel(
            BertConfig(
                vocab_size=VOCABULARY,
                hidden_size=HIDDEN,
                num_hidden_layers=LAYERS,
                num_attention_heads=HEADS,
                intermediate_size=INTERMEDIATE,
                max_position_embeddings=POSITIONS,
                hidden_dropout_prob=0.0,
                attention_probs_dropout_prob=0.0,
            )
        )
        self.for_device("cpu")
        self.relevance = nn.Linear(HIDDEN, 1)
        self.answerable = nn.Sequential(_linear(HIDDEN), nn.Tanh(), _linear(1))
        self.span = _linear(2)
        self.early = nn.Linear(3 * HIDDEN, 1)

    def for_device(self, device: str) -> ReaderNetwork:
        """The network there. On CPU attention is plain matrix products: the fused one's backward pass is three times slower."""
        self.bert.set_attn_implementation("eager" if device == "cpu" else "sdpa")
        return self.to(device)

    def set_dropout(self, share: float) -> None:
        """Drops a share of what layers and attention give while training; the weights begin without."""
        _drop(self.bert, share)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Heads:
        """Token ids, mask and types, each (B, L), to the heads' logits."""
        return self.upper(self.lower(input_ids, attention_mask, token_type_ids), attention_mask)

    def lower(self, input_ids: Tensor, attention_mask: Tensor | None, token_type_ids: Tensor) -> Tensor:
        """What the shared layers make of the pairs, (B, L, 384): the claim network goes on from there too. A mask of None says
        that nothing is padding."""
        embedded = self.bert.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        return _through(self.bert.encoder.layer[:SHARED_LAYERS], embedded, attention_mask)

    def early_score(self, lower: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """What `lower` gave to the score that it lets foresee, (B,)."""
        scores: Tensor = self.early(halfway_features(lower, attention_mask, token_type_ids)).squeeze(-1)
        return scores

    def upper(self, lower: Tensor, attention_mask: Tensor | None) -> Heads:
        """What `lower` gave, and the mask (B, L) or None, to the heads' logits."""
        hidden = _through(self.bert.encoder.layer[SHARED_LAYERS:], lower, attention_mask)
        start, end = self.span(hidden).unbind(-1)
        assert self.bert.pooler is not None  # BertModel makes one unless told not to
        return Heads(
            relevance=self.relevance(self.bert.pooler(hidden)).squeeze(-1),
            answerable=self.answerable(hidden[:, 0]).squeeze(-1),
            start=start,
            end=end,
        )


class ClaimNetwork(nn.Module):
    """Goes on from a reader's lower layers with upper layers and a head of its own: does the passage say what the claim says?

    It begins as a copy of the reader's upper layers and of its head for answerability.
    """

    def __init__(self, reader: ReaderNetwork) -> None:
        super().__init__()
        self.layers = copy.deepcopy(reader.bert.encoder.layer[SHARED_LAYERS:])
        self.head = copy.deepcopy(reader.answerable)

    def set_dropout(self, share: float) -> None:
        """As the reader's."""
        _drop(self.layers, share)

    def forward(self, lower: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """What `ReaderNetwork.lower` gave, and the mask (B, L) or None, to one logit a pair, (B,)."""
        hidden = _through(self.layers, lower, attention_mask)
        logits: Tensor = self.head(hidden[:, 0])
        return logits.squeeze(-1)


def halfway_features(lower: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
    """What half a pass tells of a pair, (B, 3 * 384): its first token, and the means of the question's and the passage's."""
    passage = token_type_ids.to(lower.dtype)
    question = attention_mask.to(lower.dtype) - passage
    means = [(lower * part[..., None]).sum(1) / part.sum(1, keepdim=True) for part in (question, passage)]
    return torch.cat([lower[:, 0], *means], dim=-1)


def _drop(network: nn.Module, share: float) -> None:
    for part in network.modules():
        if isinstance(part, nn.Dropout):
            part.p = share


def _through(layers: nn.ModuleList, hidden: Tensor, attention_mask: Tensor | None) -> Tensor:
    masked = None if attention_mask is None else (1.0 - attention_mask[:, None, None, :].to(hidden.dtype)) * _FAR_BELOW
    for layer in layers:
        hidden = layer(hidden, masked)
    return hidden


def _linear(outputs: int) -> nn.Linear:
    layer = nn.Linear(HIDDEN, outputs)
    nn.init.normal_(layer.weight, std=0.02)
    nn.init.zeros_(layer.bias)
    return layer


def from_onnx(*parts: Path) -> ReaderNetwork:
    """The network with the weights of dynamically quantised files: the cross-encoder's, whose other heads stay new, or those of
    a reader's two halves, int8 to float32.

    Raises:
        KeyError: the files are not the ONNX export of a BERT cross-encoder or reader.
    """
    weights: dict[str, NDArray[np.float32]] = {}
    for part in parts:
        weights |= _weights_of(part)
    network = ReaderNetwork()
    state = network.state_dict()
    for name in state:
        if name in weights or name.startswith(("bert.", "relevance.")):
            state[name] = torch.tensor(weights[name]).reshape(state[name].shape)
    network.load_state_dict(state)
    return network


def claim_weights_of(part: Path) -> dict[str, Tensor]:
    """The claim network's weights in its dynamically quantised file, int8 to float32.

    Raises:
        ModelUnavailable: there is no such file.
    """
    if not part.is_file():
        raise ModelUnavailable(f"There is no {str(part)!r}; give the folder of a reader with {part.name}.")
    weights = _weights_of(part)
    state = ClaimNetwork(ReaderNetwork()).state_dict()
    return {name: torch.tensor(weights[name]).reshape(tensor.shape) for name, tensor in state.items()}


def _weights_of(part: Path) -> dict[str, NDArray[np.float32]]:
    """The weights of a file by their names in the network.

    An int8 weight stands for `(q - zero_point) * scale`. MatMulInteger nodes carry the layer's name and hold its weight
    transposed; embeddings and biases carry their own names.
    """
    graph = onnx.load(str(part)).graph
    tensors = {_name_of(each.name): numpy_helper.to_array(each) for each in graph.initializer}

    def dequantised(name: str) -> NDArray[np.float32]:
        whole = tensors[f"{name}_quantized"].astype(np.float32)
        return np.asarray((whole - tensors[f"{name}_zero_point"].astype(np.float32)) * tensors[f"{name}_scale"], np.float32)

    weights = {name: array for name, array in tensors.items() if name.endswith((".bias", "LayerNorm.weight", "early.weight"))}
    for name in tensors:
        if name.startswith("bert.embeddings.") and name.endswith(".weight_quantized"):
            weights[name.removesuffix("_quantized")] = dequantised(name.removesuffix("_quantized"))
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            layer = node.name.strip("/").replace("/MatMul_quant", "").replace("/Gemm_MatMul_quant", "").replace("/", ".")
            layer = layer.replace("answerable.answerable.", "answerable.").replace("head.head.", "head.")
            if layer.startswith(("layer.", "pooler.")):  # as a half of the reader names it
                layer = "bert." + layer.replace("layer.", "encoder.layer.", 1)
            weights[f"{layer}.weight"] = dequantised(_name_of(node.input[1]).removesuffix("_quantized")).T
    return {name.replace("classifier.", "relevance."): array for name, array in weights.items()}


def _name_of(initializer: str) -> str:
    return initializer.removeprefix("reader.").replace("early.weight_Transposed", "early.weight")
