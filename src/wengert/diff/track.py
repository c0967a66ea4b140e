"""Define-by-run: the Wengert list with a visible face.

    x, y = track(2.0, name="x"), track(3.0, name="y")
    z = x * y + np.sin(x)
    print_tree(x)
    z.backward()
    x.grad, y.grad

    with Tape() as tape:
        x = tape.watch(2.0)
        z = x * x
    tape.gradient(z, x)

`track` joins the tape in force (`with Tape()`), else the context's own, which only its tensors keep alive. Its list is a dictionary:
a step can go, and the others keep their places. A sweep goes through what its ends came from, no lower than its lowest source, and
consumes what it passed, unless it retains it. What no held value came from goes as well, now and then: a loop of a million steps
holds one. Inputs are parameters: one that is written into begins anew from what it then holds (docs/decisions/0005).
"""

import itertools
import weakref
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

import numpy as np

from wengert import tree
from wengert.config import config
from wengert.diff.arguments import Inputs, given
from wengert.diff.sweep import SPENT, Sweep, WatchedSweep, is_leaf, refuse_consumed
from wengert.errors import InputError, StructureError, WriteError, user_line
from wengert.trace.dispatch import IN_FORCE, SET
from wengert.trace.nodes import Node, Write, operand_places
from wengert.trace.storage import CHANGING
from wengert.trace.tape import SMALL, same_part
from wengert.trace.tape import Tape as Trail
from wengert.trace.tensor import Number, Tensor, View
from wengert.tracebacks import entrance
from wengert.watch.guard import GUARD
from wengert.watch.notes import Notes, came_in
from wengert.watch.origins import finite
from wengert.watch.traces import WatchingTape

OWN: ContextVar[Any] = ContextVar("wengert own tape", default=None)  # a weak reference
OPEN: ContextVar[tuple[tuple[Any, Any], ...]] = ContextVar("wengert open tapes", default=())  # each with what was in force before
SLACK = 16  # steps that may pile up unneeded, besides as many as are needed


class Tape(Trail):
    """A tape that can be looked at, swept from any of its values, and swept again.

    In force between `with` and its end, for all that runs in this context: of generators that are open at once, use
    `tape.watch`, which is of this tape wherever it is said.

    >>> with Tape() as tape:
    ...     x = tape.watch(2.0)
    ...     z = x * x * x
    >>> tape.gradient(z, x)
    np.float64(12.0)
    """

    has_face = True
    __slots__ = ("due", "gradients", "inputs", "notes", "places", "rewritten", "seen", "tables", "views", "written")

    def __init__(self) -> None:
        super().__init__()
        self.places = itertools.count()
        self.nodes: dict[int, Node] = {}
        self.seen: dict[int, tuple[Any, Any]] = {}  # place -> (the tensor, weakly; its value, for pictures)
        self.views: dict[int, list[Any]] = {}  # place -> views of it, weakly
        self.written: dict[int, list[int]] = {}  # place of a storage -> places of the writes into it
        self.inputs: dict[int, bool] = {}  # place -> whether a sweep has come to it
        self.rewritten: dict[int, None] = {}  # places that inputs left when they were written into
        self.gradients: dict[int, Any] = {}  # of the last sweep that was retained, for pictures
        self.tables = (self.nodes, self.seen, self.views, self.layouts, self.inputs, self.rewritten, self.gradients)
        self.due = SLACK  # how much may be listed before the next trim
        self.notes: Any = None  # of a tape that is watched

    def __enter__(self) -> "Tape":
        OPEN.set((*OPEN.get(), (self, IN_FORCE.get())))
        IN_FORCE.set(self)
        return self

    def __exit__(self, *exception: Any) -> None:
        """Take this tape out, also from under tapes that were opened later and are open still."""
        opened = OPEN.get()
        last = max((k for k, (tape, _) in enumerate(opened) if tape is self), default=None)
        if last is None:
            return  # it was opened in another context
        before = opened[last][1]
        later = tuple((tape, before if below is self else below) for tape, below in opened[last + 1 :])
        OPEN.set(opened[:last] + later)
        if IN_FORCE.get() is self:
            IN_FORCE.set(before)

    # --- listing ---

    def watch(self, x: Any, name: str | None = None) -> Any:
        """x as an input of this tape: a tensor, or a container of them. Integers are taken as floats.

        Raises InputError for what cannot be differentiated.
        """
        if isinstance(x, Tensor) and x._trace is self:
            return x
        self.__class__ = WatchedTape if config.debug else Tape
        watched = given(self.input, x, "the value to watch", Inputs())
        if isinstance(watched, Tensor):
            watched.name = name
        elif name is not None:
            leaves, structure = tree.flatten(watched)
            for t, label in zip(leaves, tree.names(structure, name), strict=True):
                if isinstance(t, Tensor):
                    t.name = label
        return watched

    def input(self, value: Any) -> Tensor:
        t = self.lift(value)
        self.inputs[t.place] = False
        self.seen[t.place] = weakref.ref(t), None  # an input that nobody holds is in no picture
        return t

    def append(self, node: Node) -> int:
        place = next(self.places)
        self.nodes[place] = node
        return place

    def listed(self, y: Any, node: Node) -> Number:
        t: Number = self.see(Number(y, self, self.append(node)))
        return t

    def see(self, t: Any) -> Any:
        """Remember a new tensor, by whoever holds it; and trim, if enough was computed to pay for it."""
        if type(t) is Number:
            self.seen[t.place] = weakref.ref(t), t.primal
            self.due -= 1
        elif t.layout is None:
            self.seen[t.place] = weakref.ref(t), t.primal
            self.due -= 1 + getattr(t.primal, "nbytes", 0) // SMALL
        else:
            self.due -= 1
            with CHANGING:
                self.views.setdefault(t.place, []).append(weakref.ref(t))
        if self.due < 0:
            self.trim()
        return t

    def hold(self, a: Any) -> Any:
        self.due -= getattr(a, "nbytes", 0) // SMALL
        return super().hold(a)

    def held(self, place: int) -> list[Tensor]:
        """The tensors at a place that somebody holds: a storage (as long as it has views), then the views of it."""
        weak = [*self.seen.get(place, ())[:1], *self.views.get(place, ())]
        return [t for w in weak if (t := w()) is not None]

    # --- writes ---

    def write(self, f: Callable[..., Any], x: Tensor, index: Any, v: Any) -> None:
        """As on any tape; but an input is written with plain values alone, and begins anew from what it then holds."""
        own = isinstance(v, Tensor) and v._trace is self
        if x.place not in self.inputs or (f == SET and own and v.place == x.place and same_part(x, index, v)):
            super().write(f, x, index, v)
            return
        if own and not self.updates(x, v):
            raise WriteError(
                "an input was written with what is computed from tracked values, where that derivative would be lost. Compute on a"
                " copy (y = np.copy(x)), or write the value alone (wg.stop_gradient(v)): the input then begins anew from it."
                + user_line()
            )
        with CHANGING:
            super().write(f, x, index, v.primal if own else v)
            self.begin_anew(x.base if isinstance(x, View) else x)

    def updates(self, x: Tensor, v: Tensor) -> bool:
        """Whether v is a new value for the input x, as in x -= 0.1 * x.grad: come from x alone, after a sweep that came to x."""
        came_from = self.reach([v.place])
        if any(place not in self.nodes or place in self.rewritten for place in came_from):
            return False
        inputs = came_from & self.inputs.keys()
        return not inputs or (inputs == {x.place} and self.inputs[x.place])

    def begin_anew(self, x: Tensor) -> None:
        """Give an input that was written a new place. What was computed from it before refuses to be swept."""
        old, x.place = x.place, self.append(self.nodes[x.place])
        for w in self.written.pop(old, ()):
            del self.nodes[w]
        self.inputs[x.place] = self.inputs.pop(old)
        self.layouts[x.place] = self.layouts[old]
        self.views[x.place] = self.views.pop(old, [])
        self.seen[old], self.seen[x.place] = (nobody, None), (weakref.ref(x), None)
        self.rewritten[old] = None

    def wrote(self, storage: int, place: int) -> None:
        self.written.setdefault(storage, []).append(place)

    def protect(self, x: Tensor) -> None:
        with CHANGING:
            if x.place in self.readers:
                self.readers[x.place] = [k for k in self.readers[x.place] if k in self.nodes]
            super().protect(x)

    def latest(self) -> list[tuple[int, Node]]:
        start, self.scanned = self.scanned, next(self.places)
        return [(k, self.nodes[k]) for k in range(start, self.scanned) if k in self.nodes]

    # --- sweeps ---

    def backward(self, x: Tensor, seed: Any, retain: bool, accumulate: bool) -> None:
        sweep = self.sweep([x], [seed], -1, lambda place: retain or self.holds(place))
        sweep.run()
        tensors = [t for place in sweep.found for t in self.held(place) or (self.at(place) if retain else [])]
        gradients = sweep.gradients(tensors)
        with CHANGING:
            for t, g in zip(tensors, gradients, strict=True):
                t.grad = t.grad + g if accumulate and t.grad is not None else g
            self.gradients.clear()
            if retain:
                self.gradients.update({t.place: t.grad for t in tensors if t.layout is None})
        self.finish_sweep(sweep, retain)

    @entrance
    def gradient(self, targets: Any, sources: Any, seeds: Any = None, retain: bool = False) -> Any:
        """The derivative of the targets (of their sum, if several) by the sources, in the sources' structure; zero where unconnected.

        Each target is a real number unless it has a seed: its cotangent. What lies below the sources is neither swept nor consumed.
        Raises InputError for values of another tape, ConsumedError after a sweep that did not retain this one.
        """
        wanted, structure = tree.flatten(sources)
        ends, shape = tree.flatten(targets)
        try:
            starts = [None] * len(ends) if seeds is None else tree.flatten_like(shape, seeds)
        except ValueError as mismatch:
            raise StructureError(f"the seeds have not the structure of the targets: {mismatch}" + user_line()) from None
        for t in (*wanted, *ends):
            if isinstance(t, Tensor) and t._trace is SPENT:
                refuse_consumed()
            if not isinstance(t, Tensor) or t._trace is not self:
                raise InputError(
                    f"{t!r} is no value of this tape. Watch it (x = tape.watch(x)), and compute with that x." + user_line()
                )
        places = {t.place for t in wanted}
        sweep = self.sweep(ends, starts, min(places, default=-1), places.__contains__)
        sweep.run()
        gradients = sweep.gradients(wanted)
        self.finish_sweep(sweep, retain)
        return tree.unflatten(structure, gradients)

    def sweep(self, ends: list[Any], seeds: list[Any], floor: int, wanted: Callable[[int], bool]) -> Sweep:
        return Sweep(self, ends, seeds, floor, wanted)

    def finish_sweep(self, sweep: Sweep, retain: bool) -> None:
        """Note the inputs that a sweep came to, and unless it is retained, forget what it passed; its values can only be looked at."""
        with CHANGING:
            self.inputs.update({place: True for place in sweep.found if place in self.inputs})
            for place in () if retain else sweep.passed:
                if place in self.written or not is_leaf(self.nodes.get(place)):
                    for t in self.held(place) if self.holds(place) else ():
                        t._trace = SPENT
                    self.forget(place)
            if not retain:
                self.constants.clear()

    # --- memory ---

    def reach(self, ends: Iterable[int], floor: int = -1) -> set[int]:
        """The places that these came from, and where what they came from was written: no further than the floor."""
        reached: set[int] = set()
        waiting = list(ends)
        while waiting:
            place = waiting.pop()
            if place not in reached:
                reached.add(place)
                if place in self.written:
                    waiting += itertools.takewhile(floor.__lt__, reversed(self.written[place]))
                if place > floor:
                    waiting += operand_places(self.nodes.get(place))
        return reached

    def trim(self) -> None:
        """Forget what no held value came from. The work is in proportion to what was computed since the last time."""
        with CHANGING:
            nodes = list(self.nodes)
            needed = self.reach(filter(self.holds, nodes))
            for place in nodes:
                if place not in needed:
                    self.forget(place)
            for place, weak in self.views.items():
                self.views[place] = [w for w in weak if w() is not None]
            readers = ((place, [k for k in ks if k in self.nodes]) for place, ks in self.readers.items() if place in self.nodes)
            self.readers = dict(readers)
            self.constants.clear()
            self.due = SLACK + len(self.nodes) + sum(map(len, self.views.values()))

    def holds(self, place: int) -> bool:
        """Whether a value is held; or not yet seen, since another thread has only just listed it."""
        if place in self.seen:
            return self.seen[place][0]() is not None
        return type(self.nodes.get(place)) is not Write

    def forget(self, place: int) -> None:
        for w in self.written.pop(place, ()):
            self.nodes.pop(w, None)
        for table in self.tables:
            table.pop(place, None)

    # --- the graph ---

    def children(self, x: Tensor) -> tuple[Tensor, ...]:
        """The values computed directly from x, in order; of those that nobody needs any more, some may be missing."""
        with CHANGING:
            return tuple([t for place in self.offspring().get(x.place, ()) for t in self.at(place)])

    def offspring(self) -> dict[int, list[int]]:
        """For each place, the places of what was computed directly from it."""
        table: dict[int, list[int]] = {}
        for place, node in list(self.nodes.items()):
            if place in self.seen:
                for p in set(operand_places(node)):
                    table.setdefault(p, []).append(place)
        return table

    def at(self, place: int) -> list[Tensor]:
        """The tensor at a place, or one like it if nobody holds it; none, if there is nothing to see."""
        weak, value = self.seen.get(place, (nobody, None))
        t = weak()
        if t is None and value is not None and type(value) is not tuple:
            t = (Number if type(value) is float or type(value) is np.float64 else Tensor)(value, self, place)
            t.grad = self.gradients.get(place)
            self.seen[place] = weakref.ref(t), value
        return [] if t is None else [t]


class WatchedTape(WatchingTape, Tape):
    """A tape to which inputs are given under `wg.debug()`: what an ordinary one turns into, and back."""

    __slots__ = ()

    def input(self, value: Any) -> Tensor:
        if self.notes is None:
            self.notes = Notes(GUARD)
        t = super().input(value)
        if not finite(value):
            self.notes.trouble[t.place] = came_in("input", value), None
        return t

    def sweep(self, ends: list[Any], seeds: list[Any], floor: int, wanted: Callable[[int], bool]) -> Sweep:
        if not config.debug:
            return super().sweep(ends, seeds, floor, wanted)
        self.returned(ends)
        return WatchedSweep(self, ends, seeds, floor, wanted)

    def forget(self, place: int) -> None:
        super().forget(place)
        for table in (self.notes.lines, self.notes.trouble, self.notes.sketches):
            table.pop(place, None)


def nobody() -> None:
    """The weak reference of what nobody holds."""


def track(x: Any, name: str | None = None) -> Any:
    """x as an input that remembers what is computed from it: a tensor, or a container of them.

    Then `z.backward()` sweeps back from any z, and `x.grad` is dz/dx. It joins the tape in force, else the context's own.
    Raises InputError for what cannot be differentiated.

    >>> x, y = track(2.0, name="x"), track(3.0, name="y")
    >>> z = x * y + np.sin(x)
    >>> z.backward()
    >>> x.grad, y.grad
    (np.float64(2.5838531634528574), np.float64(2.0))

    An array may be written into: it is a new input from then on, and `.grad` is by what it holds. What was computed from it before
    has to be swept before.

    >>> w = track(np.array([3.0, 4.0]))
    >>> for _ in range(3):
    ...     np.sum(w * w).backward()
    ...     w -= 0.25 * w.grad              # or w[...] = w.value - 0.25 * w.grad
    >>> w.value, w.grad
    (array([0.375, 0.5  ]), array([1.5, 2. ]))
    """
    return tape_for(x).watch(x, name)


def tape_for(x: Any) -> Tape:
    """The tape that x joins: the one in force or the context's own, unless x belongs to a trace begun later."""
    level = max((t._trace.number for t in tree.flatten(x)[0] if isinstance(t, Tensor)), default=0)
    own = OWN.get()
    for tape in (IN_FORCE.get(), own and own()):
        if isinstance(tape, Tape) and tape.number > level:
            return tape
    tape = Tape()
    OWN.set(weakref.ref(tape))
    return tape
