"""The sweep over a tape that can be looked at: from any of its values back to what was asked for, or to the inputs.

    sweep = Sweep(tape, [z], [None], floor, wanted)
    sweep.run()
    sweep.gradients([x, y])

What it passes is consumed afterwards (diff/track.py), and its tensors' trace is then SPENT.
"""

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from wengert.diff.arguments import fitted, fresh
from wengert.errors import ConsumedError, OutputError, TraceError, user_line
from wengert.trace.dispatch import Trace
from wengert.trace.nodes import WRITTEN, Node, Pull, Write, bare, whole_of
from wengert.trace.storage import Shadow
from wengert.trace.tape import ref
from wengert.trace.tensor import Tensor
from wengert.watch.sweeps import Journey, WatchingPull


class Sweep(Pull):
    """A reverse sweep through a part of a tape, which keeps what arrives at the wanted places.

    It has the nodes for itself: whatever other threads do to the tape meanwhile, it goes through to its end.
    """

    __slots__ = ("floor", "found", "passed", "wanted")

    def __init__(self, tape: Any, ends: list[Tensor], seeds: list[Any], floor: int, wanted: Callable[[int], bool]) -> None:
        starts = [(t, start(t, g)) for t, g in zip(ends, seeds, strict=True)]
        starts = [(t, g) for t, g in starts if not t.constant]  # what was made from nothing came from nothing
        reached = tape.reach([t.place for t, _ in starts], floor)
        self.nodes = {place: tape.nodes.get(place) for place in reached}
        self.layouts = {place: tape.layouts[place] for place in reached if place in tape.layouts}
        self.order = sorted([place for place in reached if place > floor], reverse=True)
        self.floor = floor
        self.wanted = wanted
        self.passed: list[int] = []
        self.found: dict[int, Any] = {}
        self.refuse_gone(tape)
        self.cotangents = Cotangents({place: WRITTEN for place in self.order if type(self.nodes[place]) is Write})
        for t, g in starts:
            self.add(ref(t), None, g, None)

    def refuse_gone(self, tape: Any) -> None:
        """A sweep that cannot be finished is not begun."""
        if None in self.nodes.values():
            refuse_consumed()
        if any(place in tape.rewritten for place in self.order):
            raise TraceError(
                "this value was computed from an input that has been written into since. Sweep it before the input is written;"
                " or write into a copy (y = np.copy(x))." + user_line()
            )

    def run(self) -> None:
        with np.errstate(all="ignore"):
            super().run()
        if (g := self.cotangents[self.floor]) is not None and self.wanted(self.floor):
            self.found[self.floor] = g

    def visit(self, place: int, g: Any) -> None:
        if g is WRITTEN:
            return
        self.passed.append(place)
        if self.wanted(place):
            self.found[place] = g

    def gradients(self, tensors: Collection[Tensor]) -> list[Any]:
        """What arrived at the tensors, as their holders get it: no two share memory."""
        with np.errstate(all="ignore"):
            return fresh([self.arrived(t) for t in tensors], [t.primal for t in tensors])

    def arrived(self, t: Tensor) -> Any:
        g = self.found.get(t.place)
        if g is not None and t.layout is not None and type(g) is not Shadow:
            g = Shadow(whole_of(self.nodes[t.place], t.place, self.layouts), g, None, sign=-1)
        return g.read(t.layout)[0] if type(g) is Shadow else bare(g)[0]


class WatchedSweep(WatchingPull, Sweep):
    """A sweep that is watched."""

    __slots__ = ("journey",)

    def __init__(self, tape: Any, ends: list[Any], seeds: list[Any], floor: int, wanted: Callable[[int], bool]) -> None:
        self.journey = Journey(tape.notes)
        super().__init__(tape, ends, seeds, floor, wanted)

    def arrived(self, t: Tensor) -> Any:
        g = super().arrived(t)
        return self.arrived_at(t.place, g) if is_leaf(self.nodes.get(t.place)) else g


class Cotangents(dict[int, Any]):
    """Those of the places where something arrived."""

    def __missing__(self, place: int) -> None:
        return None


def start(t: Tensor, seed: Any) -> Any:
    """The cotangent to start from."""
    if seed is not None:
        return fitted(seed, t.primal, "the seed")
    if t.shape != ():
        raise OutputError(
            f"a sweep from an array of shape {t.shape} needs a seed of that shape: backward(seed), or reduce it (np.sum)."
            + user_line()
        )
    if t.dtype.kind == "c":
        raise OutputError(
            "a sweep from a complex number needs a seed: backward(1.0) gives the derivative of a holomorphic function. Or make it"
            " real (its abs or real part)." + user_line()
        )
    return np.ones((), t.dtype)[()]


def is_leaf(node: Node) -> bool:
    return type(node) is tuple and node[0] is None


class Spent(Trace):
    """The trace of values whose tape was consumed: they can be looked at, and nothing more."""

    has_face = True
    __slots__ = ()

    def call(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        refuse_consumed()

    def lift(self, value: Any) -> Any:
        refuse_consumed()

    def backward(self, x: Any, seed: Any, retain: bool, accumulate: bool) -> None:
        refuse_consumed()

    def children(self, x: Any) -> tuple[Any, ...]:
        refuse_consumed()
        return ()


SPENT = Spent()


def refuse_consumed() -> None:
    raise ConsumedError(
        "this value's tape was consumed by an earlier sweep. Sweep it with backward(retain=True) or gradient(..., retain=True)"
        " when it is to be swept again, or build the value anew." + user_line()
    )
