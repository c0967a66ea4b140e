"""Threads that a traced function starts: they go on in its context, so that arrays which they make can be written with tensors.

    Thread(target=fill, args=(z, x))        threading.Thread, that knows which trace is in force
    Pool(max_workers=4).map(f, xs)          concurrent.futures.ThreadPoolExecutor, likewise

Python's own threads start in an empty context. What np.zeros makes there would be plain, and a traced value written into it an error in
that thread alone. (Where they cannot be reached, as in subclasses of Thread, the error is raised again when the function returns.)
"""

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class Inheriting(type):
    """The class of classes that stand for the one they are derived from: of the same instances."""

    def __instancecheck__(cls, x: Any) -> bool:
        real = vars(cls).get("real")  # none in classes that are derived from these
        return super().__instancecheck__(x) if real is None else isinstance(x, real)


class Thread(threading.Thread, metaclass=Inheriting):
    """A thread that runs in a copy of the context in which it is started."""

    real = threading.Thread

    def start(self) -> None:
        self.run = within_context(self.run)  # type: ignore[method-assign]
        super().start()


class Pool(ThreadPoolExecutor, metaclass=Inheriting):
    """A pool of threads, of which each task runs in a copy of the context in which it was handed in."""

    real = ThreadPoolExecutor

    def submit(self, f: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return super().submit(within_context(f), *args, **kwargs)


def within_context(f: Callable[..., Any]) -> Callable[..., Any]:
    """f, run in a copy of the present context."""
    context = contextvars.copy_context()

    def run(*args: Any, **kwargs: Any) -> Any:
        return context.run(f, *args, **kwargs)

    return run
