"""What a host is asked while this process is busy with something else.

In: a question whose answer is bytes. Out: the answer. Where it was begun early, another process asks; where
that failed, or none could be had, it is asked anew, so that what goes wrong is raised where somebody waits
for it.
"""

from __future__ import annotations

from collections.abc import Callable

from generator.aside import Answer, aside, cores


class Early:
    """A question that may be asked before its answer is wanted."""

    def __init__(self, ask: Callable[[], bytes]) -> None:
        self._ask = ask
        self._answer: Answer | None = None

    def begin(self) -> None:
        """Ask now; the next one who wants the answer gets it."""
        self._answer = aside(self._ask, cores())

    def answer(self) -> bytes:
        """The answer, which is as old as the question."""
        early, self._answer = self._answer, None
        return early() if early else self._ask()
