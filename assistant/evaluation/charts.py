"""The plots of the report, as SVG that follows the page's colours. Coordinates are pixels of a 460 by 300 canvas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.evaluation.markup import Html, join, tag
from assistant.evaluation.statistics import Bin

_WIDTH, _HEIGHT = 460, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 444, 14, 250
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_TAG_ROW, _TAG_LEFT, _TAG_RIGHT = 24, 150, 400


def risk_coverage_chart(curve: Sequence[tuple[float, float]]) -> Html:
    """Risk over coverage, both from 0 to 1; a dashed line marks the risk of 5 %."""
    points = " ".join(f"{_x(coverage):.1f},{_y(risk):.1f}" for coverage, risk in curve)
    return _figure(
        "Risk over coverage",
        _axes("coverage (share of questions answered, most confident first)", "risk (share of them wrong)"),
        _line(0, 0.05, 1, 0.05, "guide"),
        tag("polyline", points=points, class_="curve"),
    )


def reliability_chart(claims: Sequence[Bin], answers: Sequence[Bin]) -> Html:
    """Share of the event over confidence; perfect calibration is the diagonal, the size of a dot tells how many questions."""
    total = max(1, sum(part.count for part in claims), sum(part.count for part in answers))
    dots = [_dot(part, total, "answerable", "dot") for part in claims]
    rings = [_dot(part, total, "correct, of those answered", "ring") for part in answers]
    return _figure(
        "Reliability: filled dots, answerable; rings, answers correct",
        _axes("confidence", "share of questions"),
        _line(0, 0, 1, 1, "guide"),
        *dots,
        *rings,
    )


def tag_chart(scores: Sequence[tuple[str, float, float, float, int]]) -> Html:
    """A bar for each (tag, value, low, high, number of questions), with its interval as a whisker."""
    height = _TAG_ROW * len(scores) + 30
    rows = []
    for number, (name, value, low, high, count) in enumerate(scores):
        middle = _TAG_ROW * number + 18
        rows += [
            tag("text", name, x=_TAG_LEFT - 8, y=middle + 4, text_anchor="end"),
            tag("rect", x=_TAG_LEFT, y=middle - 7, width=_along(value) - _TAG_LEFT, height=14, class_="bar"),
            tag("line", x1=_along(low), x2=_along(high), y1=middle, y2=middle, class_="whisker"),
            tag("text", f"{value:.2f} ({count})", x=_TAG_RIGHT + 6, y=middle + 4),
        ]
    return _figure("Correct by tag", *rows, height=height)


def latency_chart(milliseconds: Sequence[float]) -> Html:
    """A histogram of the time a question took, in 25 bins."""
    slowest = _round_up(max(milliseconds))
    counts, edges = np.histogram(milliseconds, bins=25, range=(0, slowest))
    tallest = int(-(-counts.max() // 5) * 5)  # so that the ticks are whole numbers
    width = (_RIGHT - _LEFT) / len(counts)
    bars = []
    for number, count in enumerate(counts):
        top = _y(count / tallest)
        text = tag("title", f"{edges[number]:.0f} to {edges[number + 1]:.0f} ms: {count}")
        bars.append(tag("rect", text, x=_LEFT + number * width, y=top, width=width - 1, height=_BOTTOM - top, class_="bar"))
    times, heights = [f"{part * slowest:.4g}" for part in _TICKS], [f"{part * tallest:.0f}" for part in _TICKS]
    return _figure("Time a question", _axes("milliseconds", "questions", times, heights), *bars)


def _round_up(value: float) -> float:
    """The least of 1, 2, 5 or 10 times a power of ten that is not below a positive value."""
    power = float(10.0 ** np.floor(np.log10(value)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def _figure(title: str, *children: str, height: int = _HEIGHT) -> Html:
    drawing = tag("svg", *children, viewBox=f"0 0 {_WIDTH} {height}", role="img", aria_label=title)
    return tag("figure", tag("figcaption", title), drawing)


def _axes(below: str, beside: str, x_labels: Sequence[str] = (), y_labels: Sequence[str] = ()) -> Html:
    plain = [f"{part:.1f}" for part in _TICKS]
    parts = [_line(0, 0, 1, 0, "axis"), _line(0, 0, 0, 1, "axis")]
    for part, text in zip(_TICKS, x_labels or plain, strict=True):
        parts.append(tag("text", text, x=_x(part), y=_BOTTOM + 16, text_anchor="middle"))
    for part, text in zip(_TICKS, y_labels or plain, strict=True):
        parts.append(_line(0, part, 1, part, "grid"))
        parts.append(tag("text", text, x=_LEFT - 6, y=_y(part) + 4, text_anchor="end"))
    parts.append(tag("text", below, x=(_LEFT + _RIGHT) / 2, y=_BOTTOM + 38, text_anchor="middle"))
    middle = (_TOP + _BOTTOM) / 2
    parts.append(tag("text", beside, x=14, y=middle, text_anchor="middle", transform=f"rotate(-90 14 {middle:.0f})"))
    return join(*parts)


def _dot(part: Bin, total: int, event: str, css: str) -> Html:
    text = f"confidence {part.low:.1f} to {part.high:.1f}: {part.share:.2f} {event} ({part.count} questions)"
    radius = 3 + 9 * (part.count / total) ** 0.5
    return tag("circle", tag("title", text), cx=_x(part.mean_confidence), cy=_y(part.share), r=radius, class_=css)


def _line(x1: float, y1: float, x2: float, y2: float, css: str) -> Html:
    return tag("line", x1=_x(x1), y1=_y(y1), x2=_x(x2), y2=_y(y2), class_=css)


def _x(value: float) -> float:
    return _LEFT + value * (_RIGHT - _LEFT)


def _y(value: float) -> float:
    return _BOTTOM - value * (_BOTTOM - _TOP)


def _along(value: float) -> float:
    return _TAG_LEFT + value * (_TAG_RIGHT - _TAG_LEFT)
