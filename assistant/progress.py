"""A progress bar that shows itself only when the work takes more than a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from assistant.index.build import Progress as ProgressCallback

_PATIENCE_SECONDS = 1.0


@contextmanager
def slow_progress(console: Console) -> Iterator[ProgressCallback]:
    """Gives a callback for tasks; the bar appears once a second has passed."""
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console)
    tasks: dict[str, TaskID] = {}
    began: float | None = None

    def report(task: str, done: int, total: int) -> None:
        nonlocal began
        began = began or time.monotonic()
        if task not in tasks:
            tasks[task] = bar.add_task(task, total=total)
        bar.update(tasks[task], completed=done, total=total)
        if not bar.live.is_started and time.monotonic() - began > _PATIENCE_SECONDS:
            bar.start()

    try:
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()
