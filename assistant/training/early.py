"""The early score: what the lower layers foresee of a passage's final score, so that hopeless ones needn't be read to the end.

After early exits in document ranking (Xin, Nogueira, Yu, Lin 2020). The layers stay as they are: one linear head is fitted on
[CLS] by least squares, with a penalty.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from assistant.models.reader import RELEVANCE_WEIGHT
from assistant.training.examples import Encoded, batches, collate, load_tokenizer
from assistant.training.negatives import Mined
from assistant.training.network import Heads, ReaderNetwork
from assistant.training.squad import Question

_MOST = 1500  # questions
_PENALTY = 300.0  # on weights of standardised inputs


def fit_early_score(network: ReaderNetwork, questions: Sequence[Question], mined: Mapping[str, Mined]) -> float:
    """Fits the head on questions with their passages and their hard negatives; gives the correlation of both scores there.

    Raises:
        ValueError: none of the questions has hard negatives.
    """
    asked = [q for q in questions if q.question_id in mined]
    asked = random.Random(0).sample(asked, min(_MOST, len(asked)))
    pairs = [(q.text, passage) for q in asked for passage in (q.passage, *mined[q.question_id].negatives)]
    if not pairs:
        raise ValueError("There are no questions with hard negatives to fit the early score on.")
    tokenizer = load_tokenizer()
    encoded = [Encoded(pair.ids, pair.type_ids, 0, 0, None) for pair in (tokenizer.encode(*pair) for pair in pairs)]
    inputs, scores = [], []
    for group in batches(encoded, seed=0):
        batch = collate(group)
        with torch.no_grad():
            lower = network.lower(batch.input_ids, batch.attention_mask, batch.token_type_ids)
            scores.append(_final(network.upper(lower, batch.attention_mask), batch.token_type_ids))
        inputs.append(lower[:, 0])
    x, y = torch.cat(inputs).double().numpy(), torch.cat(scores).double().numpy()
    mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-6
    scaled = (x - mean) / deviation
    weights = np.linalg.solve(scaled.T @ scaled + _PENALTY * np.eye(x.shape[1]), scaled.T @ (y - y.mean())) / deviation
    with torch.no_grad():
        network.early.weight.copy_(torch.tensor(weights)[None])
        network.early.bias.fill_(float(y.mean() - mean @ weights))
    return float(np.corrcoef(x @ weights, y)[0, 1])


def _final(heads: Heads, types: Tensor) -> Tensor:
    """`Reading.score` of each pair, (B,), but that a span's first and last token are chosen apart."""
    passage = torch.where(types == 1, 0.0, -torch.inf)
    margin = (heads.start + passage).amax(-1) + (heads.end + passage).amax(-1) - heads.start[:, 0] - heads.end[:, 0]
    return heads.answerable + margin / 2 + RELEVANCE_WEIGHT * heads.relevance
