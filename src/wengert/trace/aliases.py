"""Arguments that lie in one memory: `step(u, u0)` called as `step(w, w)`.

NumPy shows what is written into one in the other. Traced, each is a copy, so a write into one of them is refused, when it happens.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from wengert.errors import WriteError, user_line

Leaf = tuple[np.ndarray, Callable[[], str]]
"""An array among the arguments, and what a person would call it."""


class Alias:
    """An array whose memory others may share: found by owner, which is cheap, and asked for elements in common at a write."""

    __slots__ = ("leaf", "others", "outer")

    def __init__(self, leaf: Leaf, group: Sequence[Leaf], outer: "Alias | None") -> None:
        self.leaf = leaf
        self.others = [other for other in group if other is not leaf]
        self.outer = outer  # that of the traced array that was the argument

    def check(self) -> None:
        """Refuse a write that would be seen in another array."""
        array, name = self.leaf
        other = next((name for b, name in self.others if np.shares_memory(array, b)), None)
        if other is not None:
            raise WriteError(
                f"{name()} was written, whose memory {other()} shares: plain NumPy would show the write in both, and here"
                " each is a copy of its own. Pass a copy of one of them (x.copy()), or write into a copy." + user_line()
            )
        self.others = []
        if self.outer is not None:
            self.outer.check()


def alias_of(x: Any) -> Alias | None:
    """What is known of a tensor that was an argument, or of a view of one."""
    place = x.place
    return place if type(place) is Alias else x._trace.aliased.get(place)


def check_alias(x: Any) -> None:
    """Refuse a write into a tensor that would be seen in another argument."""
    alias = alias_of(x)
    if alias is not None:
        alias.check()
