"""A function called again in plain NumPy, beside the point where it is differentiated, and as unseen as can be.

    with unseen():
        y = f(*args)

What it prints is not shown, and the streams of random numbers that modules share go on from where they were. What it keeps is put back
by another (kept.py).
"""

import random
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from wengert.errors import REFUSALS
from wengert.trace.dispatch import IN_FORCE


@contextmanager
def unseen() -> Iterator[None]:
    """Inside, the user's functions run without traces, and this thread prints nothing."""
    tokens = IN_FORCE.set(False), REFUSALS.set(None)
    states = random.getstate(), np.random.get_state()  # noqa: NPY002
    HUSHED.enter()
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        HUSHED.leave()
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
        IN_FORCE.reset(tokens[0])
        REFUSALS.reset(tokens[1])


class Hushed:
    """What stands as sys.stdout while threads are hushed; the others print as before."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.threads: list[int] = []
        self.stream: Any = None

    def enter(self) -> None:
        with self.lock:
            if sys.stdout is not self:  # it may be still, where somebody has put back what was there while threads were hushed
                self.stream, sys.stdout = sys.stdout, self
            self.threads.append(threading.get_ident())

    def leave(self) -> None:
        with self.lock:
            self.threads.remove(threading.get_ident())
            if not self.threads and sys.stdout is self:
                sys.stdout = self.stream

    def write(self, text: str) -> int:
        return len(text) if threading.get_ident() in self.threads else self.stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


HUSHED = Hushed()
