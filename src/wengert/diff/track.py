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

`track` joins the tape in force (`with Tape()`), else the context's own, which only its tensors keep alive. A sweep consumes what it
swept, unless it retains it, and of the list only what held values still wait for is kept: a loop of a million steps holds one.
Inputs outlive that: their places are negative, at the far end of the list that a sweep sees.
"""

import sys
import weakref
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TextIO

import numpy as np

from wengert import tree
from wengert.diff.arguments import Inputs, fitted, fresh, given, zero
from wengert.errors import InputError, OutputError, StructureError, TraceError, function_name, user_line
from wengert.rules.vocabulary import bottom
from wengert.trace.dispatch import IN_FORCE, Trace
from wengert.trace.nodes import Consumed, Node, Pick, Read, Record, Write, bare, operand_places, place_of, relocated
from wengert.trace.tape import Tape as Trail
from wengert.trace.tape import like_of, ref
from wengert.trace.tensor import Number, Tensor

OWN: ContextVar[Any] = ContextVar("wengert own tape", default=None)  # a weak reference


class Tape(Trail):
    """A tape that can be looked at, swept from any of its values, and swept again.

    >>> with Tape() as tape:
    ...     x = tape.watch(2.0)
    ...     z = x * x * x
    >>> tape.gradient(z, x)
    np.float64(12.0)
    """

    remembers = True
    __slots__ = ("free", "gradients", "inputs", "seen", "tokens", "views")

    def __init__(self) -> None:
        super().__init__()
        self.inputs: dict[int, tuple[Any, Node]] = {}  # negative place -> (the tensor, if held; its leaf)
        self.free: list[int] = []  # places of inputs that nobody holds
        self.seen: dict[int, tuple[Any, Any]] = {}  # place -> (the tensor, if held; its value)
        self.views: dict[int, list[Any]] = {}  # place -> held views
        self.gradients: dict[int, Any] = {}  # of the last sweep, if it was retained
        self.tokens: list[Any] = []

    def __enter__(self) -> "Tape":
        self.tokens.append(IN_FORCE.set(self))
        return self

    def __exit__(self, *exception: Any) -> None:
        IN_FORCE.reset(self.tokens.pop())

    def watch(self, x: Any, name: str | None = None) -> Any:
        """x as an input of this tape: a tensor, or a container of them. Integers are taken as floats.

        Raises InputError for what cannot be differentiated.
        """
        if isinstance(x, Tensor) and x._trace is self:
            return x
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
        """An input: a leaf with a place that no restart of the list changes."""
        place = self.free.pop() if self.free else -1 - len(self.inputs)
        t = (Number if type(value) is float or type(value) is np.float64 else Tensor)(value, self, place)
        self.inputs[place] = weakref.ref(t), (None, like_of(value))
        self.see(t)
        return t

    def see(self, t: Any) -> Any:
        """Remember a new tensor: who holds it, for its gradient, and its value, for pictures."""
        if t.layout is None:
            self.seen[t.place] = weakref.ref(t), t.primal
        else:
            self.views.setdefault(t.place, []).append(weakref.ref(t))
        return t

    def record(self) -> Record:
        """The list as it is now, with the inputs at its far end, where negative places point."""
        ends = [self.inputs[place][1] for place in range(-len(self.inputs), 0)]
        return Record(self.nodes + ends, self.layouts, self.writes, inputs=len(ends))

    # --- sweeps ---

    def backward(self, x: Tensor, seed: Any, retain: bool, accumulate: bool) -> None:
        def arrive(t: Tensor, g: Any) -> None:
            t.grad = t.grad + g if accumulate and t.grad is not None else g

        self.sweep([x], [seed], retain, arrive)

    def gradient(self, targets: Any, sources: Any, seeds: Any = None, retain: bool = False) -> Any:
        """The derivative of the targets (of their sum, if several) by the sources, in the sources' structure; zero where unconnected.

        Each target is a number unless it has a seed: its cotangent. Raises InputError for values of another tape, ConsumedError
        after a sweep that did not retain this one.
        """
        wanted, structure = tree.flatten(sources)
        ends, shape = tree.flatten(targets)
        try:
            starts = [None] * len(ends) if seeds is None else shape.flatten_up_to(seeds)
        except ValueError as mismatch:
            raise StructureError(f"the seeds have not the structure of the targets: {mismatch}" + user_line()) from None
        for t in (*wanted, *ends):
            if isinstance(t, Tensor) and t._trace is SPENT:
                SPENT.refuse()
            if not isinstance(t, Tensor) or t._trace is not self:
                raise InputError(
                    f"{t!r} is no value of this tape. Watch it (x = tape.watch(x)), and compute with that x." + user_line()
                )
        found: dict[int, Any] = {}

        def arrive(t: Tensor, g: Any) -> None:
            found[id(t)] = g

        self.sweep(ends, starts, retain, arrive)
        return tree.unflatten(structure, [found[id(t)] if id(t) in found else zero(t.primal) for t in wanted])

    def sweep(self, ends: list[Tensor], seeds: list[Any], retain: bool, arrive: Callable[[Tensor, Any], None]) -> None:
        """One reverse sweep; `arrive` is told the gradient of every tensor that somebody holds."""
        starts = [(ref(t), start(t, g), None) for t, g in zip(ends, seeds, strict=True)]
        reached: set[int] = set()
        self.gradients = {}

        def visit(place: int, shadow: Any) -> None:
            reached.add(place)
            holder, value = self.seen.get(place, (None, ()))
            if isinstance(value, tuple):
                return  # the node of a call with several results, which are seen by themselves
            t = holder()
            if t is not None or retain:
                (g,) = fresh([bare(shadow)[0]], [value])
                if retain:
                    self.gradients[place] = g
                if t is not None:
                    arrive(t, g)
            for view in self.views.get(place, ()):
                if (t := view()) is not None:
                    arrive(t, fresh([sweeping.shadow(place).read(t.layout)[0]], [t.primal])[0])

        with np.errstate(all="ignore"):
            sweeping = self.record().sweep(starts, visit)
            sweeping.run()
            for place in self.inputs:
                if (shadow := sweeping.cotangents[place]) is not None:
                    visit(place, shadow)
        sweeping.visit = None  # or the two would keep each other alive
        if not retain:
            self.consume({place for place in reached if place >= 0}, reached)

    def consume(self, swept: set[int], reached: set[int]) -> None:
        """Forget the nodes that were swept, and keep no more of the list than what held values still wait for."""
        nodes = self.nodes
        for place in swept | {w for w in self.writes if place_of(nodes[w].ref) in reached}:
            nodes[place] = Consumed(nodes[place])
        spent = self.spent()
        held = [t for holder, _ in self.seen.values() if (t := holder()) is not None]
        held += [t for views in self.views.values() for view in views if (t := view()) is not None]
        for t in held:
            if t.place >= 0 and t.place in spent:
                t._trace = SPENT
        held = [t for t in held if t._trace is self]
        self.shrink(self.needed({t.place for t in held}), held)

    def spent(self) -> set[int]:
        """The places that no sweep can start from any more: consumed, or computed from what was."""
        spent: set[int] = set()
        for place, node in enumerate(self.nodes):
            written = type(node) is Write or (type(node) is Consumed and node.ref is not None)
            if type(node) is Consumed or any(p in spent for p in operand_places(node)):
                spent.add(place_of(node.ref) if written else place)
        return spent

    def needed(self, ends: set[int]) -> set[int]:
        """The places that a sweep from these may reach."""
        needed = set(ends)
        for place in range(len(self.nodes) - 1, -1, -1):
            node = self.nodes[place]
            if place in needed or (type(node) is Write and place_of(node.ref) in needed):
                needed.add(place)
                needed.update(operand_places(node))
        return needed

    def shrink(self, needed: set[int], held: list[Tensor]) -> None:
        """Keep these places alone, and close the ranks; inputs keep their places while anyone needs them."""
        kept = sorted(place for place in needed if place >= 0)
        at = {old: new for new, old in enumerate(kept)} | {place: place for place in needed if place < 0}
        self.nodes = [relocated(self.nodes[place], at) for place in kept]
        self.writes = [at[w] for w in self.writes if w in at]
        self.layouts = {at[p]: layout for p, layout in self.layouts.items() if p in at}
        self.seen = {at[p]: s for p, s in self.seen.items() if p in at}
        self.views = {at[p]: [v for v in views if v() is not None] for p, views in self.views.items() if p in at}
        self.gradients = {}
        self.free = [place for place in self.inputs if place not in needed]
        for place in self.free:
            self.inputs[place] = self.inputs[place][0], (None, None)  # its memory goes
        for t in held:
            if t.layout is None:  # a view has the place of its storage, which it holds
                t.place = at[t.place]
        self.readers.clear()
        self.constants.clear()
        self.scanned = 0

    # --- the graph ---

    def children(self, x: Tensor) -> tuple[Tensor, ...]:
        """The values computed directly from x, in order."""
        return tuple(map(self.at, self.offspring().get(x.place, ())))

    def offspring(self) -> dict[int, list[int]]:
        """For each place, the places of what was computed directly from it."""
        table: dict[int, list[int]] = {}
        for place, node in enumerate(self.nodes):
            if place in self.seen:
                for p in set(operand_places(node)):
                    table.setdefault(p, []).append(place)
        return table

    def at(self, place: int) -> Tensor:
        """The tensor at a place, or one like it if nobody holds it."""
        holder, value = self.seen[place]
        t = holder()
        if t is None:
            t = Tensor(value, self, place)
            t.grad = self.gradients.get(place)
        return t


class Spent(Trace):
    """The trace of values whose tape was consumed: they can be looked at, and nothing more."""

    __slots__ = ()

    def call(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.refuse()

    def lift(self, value: Any) -> Any:
        self.refuse()

    def backward(self, x: Any, seed: Any, retain: bool, accumulate: bool) -> None:
        self.refuse()

    def children(self, x: Any) -> tuple[Any, ...]:
        self.refuse()
        return ()

    def refuse(self) -> None:
        Consumed((None, None)).refuse()


SPENT = Spent()


def start(t: Tensor, seed: Any) -> Any:
    """The cotangent to start from."""
    if seed is not None:
        return fitted(seed, t.primal, "the seed")
    if t.shape != ():
        raise OutputError(
            f"a sweep from an array of shape {t.shape} needs a seed of that shape: backward(seed), or reduce it (np.sum)."
            + user_line()
        )
    return np.ones((), t.dtype)[()]


def track(x: Any, name: str | None = None) -> Any:
    """x as an input that remembers what is computed from it: a tensor, or a container of them.

    Then `z.backward()` sweeps back from any z, and `x.grad` is dz/dx. It joins the tape in force, else the context's own.
    Raises InputError for what cannot be differentiated.

    >>> x, y = track(2.0, name="x"), track(3.0, name="y")
    >>> z = x * y + np.sin(x)
    >>> z.backward()
    >>> x.grad, y.grad
    (np.float64(2.5838531634528574), np.float64(2.0))
    """
    return tape_for(x).watch(x, name)


def tape_for(x: Any) -> Tape:
    """The tape that x joins: the one in force or the context's own, unless x belongs to a trace begun later."""
    level = max((t._trace.number for t in tree.flatten(x)[0] if isinstance(t, Tensor)), default=0)
    own = OWN.get()
    for tape in (IN_FORCE.get(), own and own()):
        if tape is not None and tape.number > level:
            return tape
    tape = Tape()
    OWN.set(weakref.ref(tape))
    return tape


def print_tree(x: Tensor, file: TextIO | None = None) -> None:
    """Print what was computed from x, step by step, with values and gradients: `none yet` before a sweep.

    A value that is reached twice is printed twice, its own tree only the first time.

    >>> x = track(2.0, name="x")
    >>> y = np.sin(x) * x
    >>> print_tree(x)
    x = 2.0   gradient: none yet
    ├─ sin(x) = 0.9092974268256817   gradient: none yet
    │  └─ multiply(·, x) = 1.8185948536513634   gradient: none yet
    └─ multiply(·, x) = 1.8185948536513634   gradient: none yet
    """
    for line in branches(x, "", "", set()):
        print(line, file=file or sys.stdout)


def branches(x: Tensor, first: str, rest: str, printed: set[int]) -> list[str]:
    """The lines of x's tree; iterative, for graphs of any depth."""
    if not isinstance(x, Tensor) or not isinstance(x._trace, Tape):
        raise TraceError("print_tree shows what was computed from a tracked value: x = wg.track(...)." + user_line())
    tape, offspring = x._trace, x._trace.offspring()
    lines, waiting = [], [(x, first, rest)]
    while waiting:
        t, first, rest = waiting.pop()
        gradient = "none yet" if t.grad is None else text(t.grad)
        lines.append(f"{first}{label(t)} = {text(t.primal)}   gradient: {gradient}")
        if t.place in printed:
            continue
        printed.add(t.place)
        children = [tape.at(place) for place in offspring.get(t.place, ())]
        for k in range(len(children) - 1, -1, -1):
            last = k == len(children) - 1
            waiting.append((children[k], rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  ")))
    return lines


def label(t: Tensor) -> str:
    """The tensor's name, and how it was made."""
    made = "" if t.place < 0 else call_text(t._trace, t._trace.nodes[t.place])
    return " = ".join(part for part in (t.name, made) if part) or "·"


def call_text(tape: Any, node: Node) -> str:
    """The call that a node is, with the names of its operands."""
    if type(node) is Consumed:
        return "(consumed)"
    if type(node) is Pick:
        return f"{call_text(tape, tape.nodes[node.parent])}[{node.index}]"
    operands = ", ".join(tape.at(p).name or "·" for p in operand_places(node))
    if type(node) is Read:
        return f"{operands}[{node.index}]"
    row = node[0] if type(node) is tuple else node.row
    return "constant" if row is None else f"{function_name(row.f).split('.')[-1]}({operands})"


def text(value: Any) -> str:
    plain = bottom(value)
    return np.array2string(plain, separator=", ").replace("\n", "") if isinstance(plain, np.ndarray) else str(plain)
