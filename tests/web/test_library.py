"""What the evidence pane says of an article while another process brings the index up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from assistant import Assistant
from assistant.models.embedder import SentenceTransformerEmbeddings
from assistant.models.reader import OnnxReader
from assistant.types import Citation
from assistant.web.chat import Chat
from assistant.web.conversations import Conversations
from assistant.web.opening import Opening

REPORT = "The harbour of Lindmouth was widened in 2018 after long talks. Mayor Ada Quill opened it on a rainy Monday in March."


def article(source: str) -> str:
    return f"---\ntitle: The harbour of Lindmouth\nsource: {source}\n---\n\n{REPORT}\n"


def test_an_outlet_whose_copy_was_withdrawn_is_no_longer_named(
    make_corpus: Callable[[Mapping[str, str]], Path],
    embeddings: SentenceTransformerEmbeddings,
    reader: OnnxReader,
    tmp_path: Path,
):
    def opened() -> Assistant:
        return Assistant.open(corpus, tmp_path / "index", embeddings=embeddings, reader=reader)

    corpus = make_corpus({"a.md": article("The Daily"), "b.md": article("The Wire")})
    kept = Conversations(tmp_path / "conversations.sqlite", "f")
    citation = Citation(1, "a", "The harbour of Lindmouth", "The Daily", None, REPORT[:10], 0, 10, 1.0)
    with opened() as assistant:
        chat = Chat(Opening.of(assistant), kept)
        assert chat.library([citation]).carried_by == {"a": ("The Wire",)}
        (corpus / "b.md").unlink()
        opened().close()
        assert chat.library([citation]).carried_by == {"a": ()}
    kept.close()
