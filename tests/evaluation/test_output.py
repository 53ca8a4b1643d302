from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.evaluation.output import check_output
from assistant.writing import write_whole


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow beyond ten bytes, which fails in the middle of a write as a full disk does."""
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, unlimited[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)


def test_a_text_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.json"
    write_whole(path, "a longer text")
    write_whole(path, "ä\ud800", errors="replace")
    assert path.read_text(encoding="utf-8") == "ä?"
    assert list(path.parent.iterdir()) == [path]


def test_on_a_full_disk_the_old_report_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("the old report", encoding="utf-8")
    with full_disk(), pytest.raises(SettingsError) as caught:
        write_whole(path, "the new report")
    assert str(caught.value) == f"{str(path)!r} cannot be written (File too large); make room, or name another file."
    assert path.read_text(encoding="utf-8") == "the old report"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_goes_on_leading_where_it_led(tmp_path: Path) -> None:
    link, report = tmp_path / "latest.json", tmp_path / "report.json"
    link.symlink_to(report)
    write_whole(link, "text")
    assert link.is_symlink()
    assert report.read_text(encoding="utf-8") == "text"


def test_a_pipe_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    check_output(pipe)
    write_whole(pipe, "text")
    assert os.read(reading, 10) == b"text"
    os.close(reading)
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.parametrize("path", ["file/report.json", "x" * 300])
def test_a_place_where_no_file_can_be_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="cannot be written"):
        check_output(tmp_path / path)
    with pytest.raises(SettingsError, match="cannot be written"):
        write_whole(tmp_path / path, "text")
