"""What can go wrong in somebody else's chat model, sorted into what is worth another try and what is not."""

from __future__ import annotations

import sys

from langchain_core.exceptions import LangChainException

# Where the libraries under LangChain's classes keep the bases of their own errors.
_BASES = (
    ("openai", "OpenAIError"),
    ("anthropic", "AnthropicError"),
    ("ollama", "ResponseError"),
    ("groq", "GroqError"),
    ("cohere", "ApiError"),
    ("httpx", "HTTPError"),
    ("httpx", "InvalidURL"),
    ("httpx2", "HTTPError"),
    ("httpx2", "InvalidURL"),
    ("aiohttp", "ClientError"),
    ("google.api_core.exceptions", "GoogleAPIError"),
    ("botocore.exceptions", "BotoCoreError"),
    ("google.genai.errors", "APIError"),
)
_RETRY_STATUS = {408, 409, 425, 429}


def provider_errors() -> tuple[type[Exception], ...]:
    """The errors that a chat model may raise: LangChain's, those of the libraries that are loaded, and what a reply that makes
    no sense brings about in them."""
    loaded = [getattr(sys.modules[name], base) for name, base in _BASES if hasattr(sys.modules.get(name), base)]
    return (LangChainException, ValueError, LookupError, TypeError, AttributeError, OSError, RuntimeError, *loaded)


def worth_retrying(error: BaseException) -> bool:
    """Whether the same request may succeed a moment later: a busy or failing server, a lost connection."""
    classified = getattr(error, "is_retryable", None)
    if classified is not None:
        return bool(classified)
    status = status_of(error)
    if status is not None:
        return status in _RETRY_STATUS or status >= 500
    return isinstance(error, OSError) or type(error).__module__.split(".")[0] in {"httpx", "httpx2", "httpcore", "aiohttp"}


def status_of(error: BaseException) -> int | None:
    """The HTTP status that an error carries."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status > 0 else None


def describe(error: BaseException) -> str:
    """An error in words of our own: its own may quote the key, the address or the prompt."""
    status = status_of(error)
    match status:
        case 401 | 403:
            return f"the server refused the key (status {status})"
        case 404:
            return "the server doesn't know that model (status 404)"
        case 429:
            return "the server is busy or the quota is used up (status 429)"
        case int():
            return f"the server answered with status {status}"
    return f"the connection or the reply failed ({type(error).__name__})"
