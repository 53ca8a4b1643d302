"""Opens an index and brings it up to date; what is damaged in it is set aside and made again from the articles."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from langchain_core.embeddings import Embeddings

from assistant.errors import IndexDamaged
from assistant.index.build import PARTS, Index, Progress, build_index, not_used_meanwhile
from assistant.index.faults import unusable
from assistant.models.token_encoder import TokenEncoder
from assistant.settings import Settings
from assistant.types import Article

log = logging.getLogger(__name__)

_ASIDE = ".damaged"
_BESIDE_SQLITE = ("-wal", "-shm")


def open_index(
    folder: Path,
    settings: Settings,
    embeddings: Embeddings,
    corpus: Path,
    articles: Sequence[Article],
    count_tokens: Callable[[str], int],
    progress: Progress,
    read_again: Callable[[], Sequence[Article]] | None = None,
    token_encoder: TokenEncoder | None = None,
) -> Index:
    """The index in `folder`, holding exactly these articles, which are those of `corpus`.

    A damaged file or folder of it is renamed to `<name>.damaged`, in place of an earlier one of that name, and made again; the
    others stay as they are. A warning says so.

    Raises:
        IndexingError: what `Index` and `build_index` raise; of damage, where it is there again in what was made anew.
    """
    mended: set[Path] = set()
    while True:
        found = {folder / name: _identity(folder / name) for name in PARTS}
        try:
            index = Index(folder, settings, embeddings, corpus, token_encoder)
            try:
                build_index(index, articles, settings, count_tokens, progress, read_again)
            except BaseException:
                index.close()
                raise
            return index
        except IndexDamaged as error:
            part = folder / error.part.name
            if part in mended:
                raise
            mended.add(part)
            with not_used_meanwhile(folder):
                # Whoever else found the damage at the same time may have mended it by now.
                if _identity(part) == found[part]:
                    _set_aside(part)
                    aside = f"{part.name}{_ASIDE}"
                    log.warning("%s. That is made again from the articles now; what was there is kept as %r.", error.found, aside)


def _identity(path: Path) -> int | None:
    with suppress(FileNotFoundError, NotADirectoryError):
        return path.stat().st_ino
    return None


def _set_aside(part: Path) -> None:
    try:
        # What stands beside a database first: alone, it would be read into the new one.
        for path in [*(part.with_name(part.name + suffix) for suffix in _BESIDE_SQLITE), part]:
            aside = path.with_name(path.name + _ASIDE)
            if aside.is_dir():
                shutil.rmtree(aside)
            with suppress(FileNotFoundError):
                path.rename(aside)
    except OSError as error:
        raise unusable(part.parent, error) from error
