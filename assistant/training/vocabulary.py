"""The reader's vocabulary: of the 128,000 pieces of the published one those that English news needs, a third of the file's size.

`python -m assistant.training.vocabulary FILE [SQUAD-FILE ...]` writes the tokenizer.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from assistant.models.weights import DEBERTA
from assistant.training.squad import read_squad
from assistant.training.stories import read_stories
from assistant.training.written import claims_for, written_for

SIZE = 36_000
TOKENIZER = "policy_nli_tokenizer/tokenizer.json"
_SPECIAL = 4  # the first pieces: padding, [CLS], [SEP] and what is none of the others
_LATIN = re.compile(r"[▁\x21-\x7e\u00a0-\u024f\u2010-\u203a\u20a0-\u20bf]+")


def shortened(published: dict[str, Any], texts: Iterable[str], size: int = SIZE) -> dict[str, Any]:
    """The tokenizer's JSON with `size` pieces: special ones and single letters, then those that make up the texts, the most
    frequent first, and where these don't suffice the likeliest others. What is left out is written in smaller pieces."""
    tokenizer = Tokenizer.from_str(json.dumps(published))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    words = Counter(word for text in texts for word in text.split())
    counts: Counter[int] = Counter()
    for (_, count), encoded in zip(words.items(), tokenizer.encode_batch(list(words), add_special_tokens=False), strict=True):
        counts.update(dict.fromkeys(encoded.ids, count))
    vocabulary = published["model"]["vocab"]
    latin = [at for at, (piece, _) in enumerate(vocabulary) if at >= _SPECIAL and _LATIN.fullmatch(piece)]
    letters = [at for at in latin if len(vocabulary[at][0].lstrip("▁")) <= 1]
    likeliest = sorted(latin, key=lambda at: (-vocabulary[at][1], at))
    wanted = [*range(_SPECIAL), *letters, *(at for at, _ in counts.most_common()), *likeliest]
    kept = sorted(list(dict.fromkeys(wanted))[:size])
    model = published["model"] | {"vocab": [vocabulary[at] for at in kept]}
    added = [token for token in published["added_tokens"] if token["id"] < _SPECIAL]
    return published | {"model": model, "added_tokens": added, "padding": None, "truncation": None}


def _texts(files: Iterable[Path]) -> Iterable[str]:
    questions = [question for file in files for question in read_squad(file)]
    stories = read_stories()
    for question in [*questions, *written_for(questions), *stories.questions]:
        yield f"{question.title} {question.text} {question.passage}"
    for claim in [*claims_for(questions), *stories.claims]:
        yield claim.text


if __name__ == "__main__":
    source = json.loads((DEBERTA.locate() / TOKENIZER).read_text(encoding="utf-8"))
    short = shortened(source, _texts(map(Path, sys.argv[2:])))
    Path(sys.argv[1]).write_text(json.dumps(short, ensure_ascii=False), encoding="utf-8")
