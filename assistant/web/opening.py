"""An assistant that may still be opening: the page is there at once, and whoever needs an answer waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.engine import Assistant


class Opening:
    """Opens an assistant in a thread of its own. Importing and loading the models take seconds; nobody waits for that here."""

    def __init__(self, open_assistant: Callable[[], Assistant]) -> None:
        """Nothing is opened before `start`."""
        self._open = open_assistant
        self._future: Future[Assistant] = Future()
        self._started = False

    @classmethod
    def of(cls, assistant: Assistant) -> Opening:
        """One that is open already."""
        opening = cls(lambda: assistant)
        opening._future.set_result(assistant)
        opening._started = True
        return opening

    def start(self) -> None:
        """Begins, once; comes back at once."""
        if self._started:
            return
        self._started = True
        Thread(target=self._run, name="opening", daemon=True).start()

    @property
    def ready(self) -> bool:
        """Whether it is open, or could not be opened: then `assistant` comes back at once."""
        return self._future.done()

    def assistant(self) -> Assistant:
        """The open assistant; waits for it.

        Raises:
            AssistantError: it could not be opened.
        """
        return self._future.result()

    def close(self) -> None:
        """Closes the assistant, if it is open."""
        if self.ready and self._future.exception() is None:
            self._future.result().close()

    def _run(self) -> None:
        try:
            self._future.set_result(self._open())
        except BaseException as error:  # whatever it is, `assistant` raises it where it is waited for
            self._future.set_exception(error)
