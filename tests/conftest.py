"""What the tests share: no network but loopback, and the expensive parts, each made once."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts
from shipped import CORPUS, SOURCE_ARTICLE

from assistant import Assistant
from assistant.models.embedder import SentenceTransformerEmbeddings
from assistant.models.reader import OnnxReader
from assistant.models.tokens import token_counter


def block_network() -> None:
    """Lets sockets reach loopback and Unix sockets alone."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


def pytest_configure(config: pytest.Config) -> None:
    # langchain-tests has coroutine tests without a marker.
    config.option.asyncio_mode = "auto"
    block_network()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    # pytest-socket lifts the block after every test; put back first, it also covers the making of the fixtures.
    block_network()


@pytest.fixture(scope="session", autouse=True)
def default_settings() -> Iterator[None]:
    """The settings of the shell that runs the tests are not the tests' business."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith("ASSISTANT_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="module", autouse=True)
def no_loop_left_open() -> Iterator[None]:
    """Gradio's servers and the coroutine tests leave event loops behind that nobody runs any more; left to the garbage collector,
    they would be the failure of whatever test runs when it comes."""
    yield
    # By type: asking some lazy objects for their class wakes them up.
    for left in [each for each in gc.get_objects() if issubclass(type(each), asyncio.AbstractEventLoop)]:
        if not left.is_running() and not left.is_closed():
            left.close()


@pytest.fixture(scope="session")
def count_tokens() -> Callable[[str], int]:
    return token_counter()


@pytest.fixture(scope="session")
def embeddings() -> SentenceTransformerEmbeddings:
    return SentenceTransformerEmbeddings()


@pytest.fixture(scope="session")
def reader() -> OnnxReader:
    return OnnxReader()


@pytest.fixture(scope="session")
def article_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the source article alone."""
    folder = tmp_path_factory.mktemp("article") / "corpus"
    folder.mkdir()
    shutil.copy(CORPUS / f"{SOURCE_ARTICLE}.txt", folder)
    return folder


@pytest.fixture(scope="session")
def article_index(article_corpus: Path, embeddings: SentenceTransformerEmbeddings, reader: OnnxReader) -> Iterator[Assistant]:
    """An assistant that has read the source article alone."""
    index = article_corpus.with_name(".index")
    with Assistant.open(article_corpus, index, embeddings=embeddings, reader=reader) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def shipped(
    tmp_path_factory: pytest.TempPathFactory, embeddings: SentenceTransformerEmbeddings, reader: OnnxReader
) -> Iterator[Assistant]:
    """An assistant that has read all articles that ship with it."""
    folder = tmp_path_factory.mktemp("shipped")
    shutil.copytree(CORPUS, folder / "corpus")
    with Assistant.open(folder / "corpus", folder / ".index", embeddings=embeddings, reader=reader) as assistant:
        yield assistant


@pytest.fixture
def make_corpus(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Writes files, given by name, into a folder of the test's own; strings as UTF-8, line endings as they stand."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "corpus"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return make
