"""Opening in the background: whoever needs the assistant waits, and is told when there is none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from assistant import Assistant
from assistant.errors import CorpusError
from assistant.web.opening import Opening


def test_it_is_opened_once_and_all_who_wait_get_it(shipped: Assistant):
    go, opened = Event(), []

    def open_assistant() -> Assistant:
        go.wait()
        opened.append(shipped)
        return shipped

    opening = Opening(open_assistant)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(opening.assistant) for _ in range(3)]
        opening.start()
        assert not opening.ready
        go.set()
        assert [each.result() for each in waiting] == [shipped] * 3
    assert opening.ready
    assert opened == [shipped]


def test_what_went_wrong_reaches_whoever_waits_and_there_is_nothing_to_close():
    def open_assistant() -> Assistant:
        raise CorpusError("No articles.")

    opening = Opening(open_assistant)
    opening.start()
    for _ in range(2):
        with pytest.raises(CorpusError, match="No articles"):
            opening.assistant()
    opening.close()


def test_one_that_is_open_is_ready(shipped: Assistant):
    opening = Opening.of(shipped)
    assert opening.ready
    opening.start()  # which does nothing any more
    assert opening.assistant() is shipped
