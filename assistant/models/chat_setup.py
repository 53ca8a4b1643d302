"""From the settings to a chat model that is ready to be asked."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel

from assistant.models.chat_client import ChatClient
from assistant.models.chat_model import load_chat_model
from assistant.models.reply_cache import ReplyCache
from assistant.settings import Settings


def chat_client(settings: Settings, model: BaseChatModel | None = None) -> ChatClient | None:
    """A client for `model`, else for the one that the settings name; None where there is neither.

    Raises:
        SettingsError: the name, the address or the cache of the settings cannot work.
        ModelUnavailable: a package is missing, or the provider refuses the values it was given.
    """
    if model is None and settings.chat_model is None:
        return None
    if model is None:
        model = load_chat_model(
            str(settings.chat_model),
            settings.chat_base_url,
            timeout_s=settings.chat_timeout_s,
            max_tokens=settings.chat_max_tokens,
            temperature=settings.chat_temperature,
            context_tokens=settings.chat_context_tokens,
            threads=settings.threads,
        )
    return ChatClient(
        model,
        timeout_s=settings.chat_timeout_s,
        retries=settings.chat_retries,
        concurrency=settings.chat_concurrency,
        cache=ReplyCache(settings.chat_cache) if settings.chat_cache else None,
    )
