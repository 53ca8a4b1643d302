"""Chat models, made through LangChain: any provider's, any OpenAI-compatible server's, or one in this process."""

from __future__ import annotations

import importlib
import logging
import os
from typing import Any
from urllib.parse import urlsplit

from langchain_core.language_models import BaseChatModel

from assistant.errors import ModelUnavailable, SettingsError
from assistant.models.chat_errors import provider_errors

# The extras of pyproject.toml; other providers of LangChain need their package installed by name.
EXTRAS = {"openai": "openai", "anthropic": "anthropic", "ollama": "ollama", "local": "local"}
LOCAL = "local"


def load_chat_model(
    name: str,
    base_url: str | None = None,
    *,
    timeout_s: float = 60.0,
    max_tokens: int = 400,
    temperature: float = 0.0,
    context_tokens: int = 4096,
    threads: int = 0,
) -> BaseChatModel:
    """The chat model that `name` names, as `provider:model`. Keys are read by the providers from their own variables.

    `local:smollm2` or `local:/path/to/model.gguf` runs in this process. With a `base_url` and no provider that LangChain knows,
    `name` is a model of an OpenAI-compatible server, such as Ollama's `llama3.2:1b`. `timeout_s` bounds each wait for the server;
    the models don't retry by themselves.

    Raises:
        SettingsError: the name or the address cannot work.
        ModelUnavailable: a package is missing, or the provider refuses the values it was given.
    """
    provider, colon, model = name.partition(":")
    if base_url is not None and not (colon and _is_provider(provider)):
        provider, model = "openai", name
    if not provider or not model:
        raise SettingsError(
            f"chat_model is {name!r}; write provider:model, such as 'openai:gpt-4o-mini', 'ollama:llama3.2' or 'local:smollm2'."
        )
    for library in ("httpx", "httpx2", "openai", "anthropic"):
        logging.getLogger(library).setLevel(logging.WARNING)  # below that they write addresses and whole prompts
    if base_url is not None:
        _check_url(base_url)
    if provider == LOCAL:
        if base_url is not None:
            raise SettingsError(f"chat_model is {name!r}, which runs in this process; leave chat_base_url out.")
        from assistant.models.local_chat import start_local_model

        return start_local_model(model, context_tokens, max_tokens, temperature, timeout_s, threads)
    return _from_langchain(provider, model, _arguments(provider, base_url, timeout_s, max_tokens, temperature))


def _is_provider(name: str) -> bool:
    """Whether LangChain has a provider of that name, installed or not; where that can't be told, whether an extra of ours has."""
    try:
        known = importlib.import_module("langchain.chat_models.base")._BUILTIN_PROVIDERS  # it has no public list
    except (ImportError, AttributeError):
        known = EXTRAS
    return name == LOCAL or name.replace("-", "_").lower() in known


def _arguments(provider: str, base_url: str | None, timeout_s: float, max_tokens: int, temperature: float) -> dict[str, Any]:
    """What the provider's class is given; they call the same things by different names."""
    if provider == "ollama":
        wait = {"client_kwargs": {"timeout": timeout_s}}
        return {"temperature": temperature, "num_predict": max_tokens, **wait} | ({"base_url": base_url} if base_url else {})
    values: dict[str, Any] = {"temperature": temperature, "max_tokens": max_tokens, "timeout": timeout_s, "max_retries": 0}
    if provider == "openai":
        values |= _for_openai(base_url)
    elif base_url:
        values["base_url"] = base_url
    return values


def _for_openai(base_url: str | None) -> dict[str, Any]:
    """For `ChatOpenAI`. A server of one's own rarely wants a key, but the client insists on one."""
    # The deadline is the caller's; a timer around each word would only hinder its being cancelled.
    values: dict[str, Any] = {"stream_usage": True, "stream_chunk_timeout": None}
    if base_url:
        values["base_url"] = base_url
        if not os.environ.get("OPENAI_API_KEY"):
            values["api_key"] = "none"
    return values


def _from_langchain(provider: str, model: str, arguments: dict[str, Any]) -> BaseChatModel:
    line = f"pip install 'news-assistant[{EXTRAS[provider]}]'" if provider in EXTRAS else f"pip install langchain-{provider}"
    try:
        init = importlib.import_module("langchain.chat_models").init_chat_model
        made = init(model, model_provider=provider, **arguments)
    except ImportError as error:
        raise ModelUnavailable(f"The chat model {provider}:{model} needs a package that is missing; run: {line}") from error
    # A provider's complaint may quote the key or the address: its kind is told, its words are not.
    except provider_errors() as error:
        if "Unsupported provider" in str(error):
            raise SettingsError(f"chat_model names the provider {provider!r}, which LangChain doesn't know.") from None
        raise ModelUnavailable(
            f"The chat model {provider}:{model} cannot be set up ({type(error).__name__}); "
            "check that the provider's key is in its environment variable."
        ) from None
    if not isinstance(made, BaseChatModel):
        raise ModelUnavailable(f"LangChain made no chat model of {provider}:{model}; name one model.")
    return made


def _check_url(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        _ = parts.port  # looked at only when asked for
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError("chat_base_url is not an http or https address; write it like http://127.0.0.1:8080/v1.")
    if parts.username or parts.password:
        raise SettingsError("chat_base_url holds a user name or a password; put the key in the provider's variable instead.")
