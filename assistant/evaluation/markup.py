"""HTML and SVG built from elements: whatever is not markup already is escaped, so no text of an article becomes markup."""

from __future__ import annotations

from html import escape


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, *children: str | int | None, **attributes: str | float | None) -> Html:
    """An element. Children that are plain text are escaped, None is left out, and so is an attribute that is None.

    In the names of attributes `_` stands for `-`, and one at the end is dropped: `class_`, `stroke_width`.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{written}>{join(*children)}</{name}>")


def join(*children: str | int | None) -> Html:
    """Several pieces after one another, escaped as in `tag`."""
    return Html("".join(child if isinstance(child, Html) else escape(str(child)) for child in children if child is not None))


def _number(value: str | float) -> str:
    # Two decimals of a pixel are enough, and the file stays small.
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
