"""A chat model in this process, for machines without a server: llama.cpp behind its own server on loopback.

The server listens on a free port of 127.0.0.1 and answers only to a key that is drawn anew each time.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from langchain_core.language_models import BaseChatModel
from pydantic import PrivateAttr, SecretStr

from assistant.errors import ModelError, ModelUnavailable
from assistant.models.weights import SMOLLM2

SMALL_MODEL = "smollm2"
INSTALL = "pip install 'news-assistant[local]'"

try:
    import xllamacpp
    from langchain_openai import ChatOpenAI
    from openai import DefaultAsyncHttpxClient, DefaultHttpxClient
except ImportError as missing:
    raise ModelUnavailable(
        f"A local chat model needs the package {missing.name!r}, which is missing; run: {INSTALL}"
    ) from missing


class LocalChatModel(ChatOpenAI):
    """LangChain's OpenAI client, talking to a llama.cpp server that lives and dies with it.

    file: the whole path of the weights; the server's address says nothing about the model.
    """

    file: Path
    _server: Any = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"


def start_local_model(
    model: str, context_tokens: int, max_tokens: int, temperature: float, timeout_s: float, threads: int
) -> BaseChatModel:
    """Starts llama.cpp on `smollm2`, the packaged SmolLM2-135M-Instruct, or on a GGUF file.

    That small model makes things up more often than not. It is there to try the path of the language model without a network.
    `threads` 0 means all cores.

    Raises:
        ModelUnavailable: a package or the file is missing, the packaged file is not the pinned one, or llama.cpp refuses it.
    """
    path = SMOLLM2.locate() / next(iter(SMOLLM2.sha256)) if model == SMALL_MODEL else Path(model).expanduser()
    if not path.is_file():
        raise ModelUnavailable(f"There is no model file {str(path)!r}; give local:{SMALL_MODEL} or the path of a GGUF file.")
    key = secrets.token_urlsafe(24)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {path.stem}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.n_ctx = context_tokens
    params.n_parallel = 1
    params.ui = False
    params.warmup = False
    params.verbosity = -1  # its log would hold the prompts
    if threads:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    try:
        server = xllamacpp.Server(params)
    except (RuntimeError, ValueError) as error:
        raise ModelUnavailable(f"llama.cpp cannot load {str(path)!r}; check that it is a GGUF file of a chat model.") from error
    address = server.listening_address
    # A proxy of the environment would be sent the prompts. No connection is kept, as nobody would close it.
    direct: dict[str, Any] = {"trust_env": False, "headers": {"Connection": "close"}}
    made = LocalChatModel(
        file=path.resolve(),
        model=path.stem,
        base_url=f"{address}/v1",
        api_key=SecretStr(key),
        stream_usage=True,
        stream_chunk_timeout=None,
        temperature=temperature,
        max_completion_tokens=max_tokens,
        timeout=timeout_s,
        max_retries=0,
        custom_get_token_ids=token_counter(address, key, timeout_s),
        http_client=DefaultHttpxClient(**direct),
        http_async_client=DefaultAsyncHttpxClient(**direct),
        http_socket_options=(),  # else LangChain warns of that proxy, which is passed by on purpose
    )
    made._server = server
    return made


def token_counter(address: str, key: str, timeout_s: float) -> Callable[[str], list[int]]:
    """A function from a text to its tokens by the llama.cpp server at the address; it raises ModelError when that fails."""
    # One client for all counts, as making one takes longer than counting; it keeps no connection that would have to be closed.
    client = httpx.Client(
        base_url=address,
        headers={"Authorization": f"Bearer {key}"},
        timeout=timeout_s,
        verify=False,  # loopback, without TLS
        trust_env=False,  # nor with a proxy
        limits=httpx.Limits(max_keepalive_connections=0),
    )

    def token_ids(text: str) -> list[int]:
        try:
            reply = client.post("/tokenize", json={"content": text}).raise_for_status()
        except httpx.HTTPError as error:
            # The error's own words hold the address.
            raise ModelError(f"The local chat model cannot count tokens ({type(error).__name__}).") from None
        return list(reply.json()["tokens"])

    return token_ids
