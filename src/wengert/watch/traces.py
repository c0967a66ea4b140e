"""Traces that are watched: they know the user's line of each call, and where what is not finite came from.

    tape = WatchedTape(watcher)     a tape in every other respect; its sweeps are watched too
    watcher.called(call)                   told of each call
    watcher.reached(origin, where)         told when NaN or infinity has come through to a result or a derivative

A watched trace sends every call by the plain route, through `call`. Nothing here is run, or asked for, by the others.

What was broken on the way and does not come through (the branch not taken of `np.where(x > 0, np.log(x), 0.0)`) is nobody's
trouble. So each value, tangent and cotangent that is not finite remembers its origin, and only those that arrive are reported.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wengert.rules.declare import row_of
from wengert.rules.row import Row
from wengert.rules.verbs import Elementwise, Pair
from wengert.rules.vocabulary import Like, bottom
from wengert.trace.dispatch import ADD, IN_FORCE, IN_PLACE, dispatch, tensors
from wengert.trace.dual import Dual, tangent_and_mask
from wengert.trace.nodes import WRITTEN, Call, Node, Pick, Pull, Push, Record, Ref, bare, operand_places, place_of
from wengert.trace.tape import LISTS, Tape
from wengert.trace.tensor import Tensor, View
from wengert.watch.lines import STANDING, Line, here
from wengert.watch.origins import Origin, Sketch, Sweep, broken, finite, first, kind_of, made, numbers, short_name, such, text

DEPTH = 4  # of sketches


@dataclass(frozen=True)
class Called:
    """One call that a watched trace has made."""

    row: Row | None  # None: a write into an array, which has no result
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    y: Any
    line: Line
    trace: Any


class Watcher:
    """Who is told of what a watched trace sees."""

    def called(self, call: Called) -> None:
        """A call was made."""

    def reached(self, origin: Origin, where: str) -> None:
        """A result (or gradient, or tangent: `where`) is not finite, and this is where that comes from."""


class Notes:
    """What a watched trace has seen: the lines of its nodes, and the origins of what is not finite."""

    __slots__ = ("began", "lines", "sketches", "tangents", "trouble", "watcher")

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.began = False
        self.lines: dict[int, Line] = {}  # by place
        self.trouble: dict[Any, tuple[Origin, Any]] = {}  # by storage (see `key`): of values; with what keeps the key alive
        self.tangents: dict[Any, tuple[Origin, Any]] = {}  # the same, of tangents
        self.sketches: dict[Any, Sketch] = {}  # how a storage was computed

    def origin(self, t: Any) -> Origin | None:
        return self.trouble.get(key(t), (None, None))[0]

    def at(self, place: Any) -> Origin | None:
        return self.trouble.get(place, (None, None))[0]


def key(t: Tensor) -> Any:
    """What names the storage of a tensor: on a tape its place."""
    return t.place if isinstance(t._trace, Tape) else id(storage(t))


def storage(t: Tensor) -> Tensor:
    return t.base if isinstance(t, View) else t


class Watching:
    """What a watched trace does besides."""

    __slots__ = ()
    notes: Notes

    def lift(self, value: Any) -> Tensor:
        t: Tensor = super().lift(value)  # type: ignore[misc]
        self.notes.sketches.pop(key(t), None)
        if not finite(value):
            inside = self.notes.began or IN_FORCE.get() is self
            note(self.notes.trouble, t, came_in("outside" if inside else "input", bottom(value)))
        return t

    def unary(self, f: Any, x: Any) -> Any:
        return dispatch(f, (x,), {})

    def binary(self, f: Any, x: Any, y: Any) -> Any:
        return dispatch(f, (x, y), {})

    def call(self, f: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.notes.began = True
        try:
            y = super().call(f, args, kwargs)  # type: ignore[misc]
        except (ArithmeticError, ValueError) as error:  # LinAlgError too: what it was given may be to blame
            self.blame(row_of(f).f if f not in IN_PLACE else f, args, error)
            raise
        row = None if f in IN_PLACE else row_of(f)
        call = Called(row, args, kwargs, y, here(), self)
        if row is None:
            self.look_at_write(call, adds=f == ADD)
        else:
            self.look_at_results(call, row)
        self.notes.watcher.called(call)
        return y

    def blame(self, f: Any, args: Any, error: Exception) -> None:
        """A call refused what it was given: report whence that came, if it is not finite."""
        for t in self.own(args):
            origin = self.notes.origin(t)
            if origin is not None and not finite(t.primal):
                try:
                    self.notes.watcher.reached(origin, f"{short_name(f)} raised {type(error).__name__}")
                except Exception as report:
                    raise report from error

    def own(self, args: Any) -> list[Tensor]:
        """This trace's tensors among arguments."""
        return [t for t in tensors(args) if t._trace is self and not t.constant]

    # --- values ---

    def look_at_results(self, call: Called, row: Row) -> None:
        """Remember of the results of a call how they were computed, and the origin of what is not finite."""
        operands = [a for b in (*call.args, *call.kwargs.values()) for a in numbers(b)]
        sketches = tuple(self.sketch(a) for a in operands[:3])
        for y in self.own(call.y if isinstance(call.y, LISTS) else (call.y,)):
            if y.layout is None and not any(y is a for a in operands):
                self.notes.sketches[key(y)] = trimmed((short_name(row.f), sketches), DEPTH)
            if not finite(y.primal):
                note(self.notes.trouble, y, self.value_origin(call, row, operands, sketches, bottom(y.primal)))

    def value_origin(self, call: Called, row: Row, operands: list[Any], sketches: tuple[Sketch, ...], y: Any) -> Origin:
        mask = broken(row, [bottom(a) for a in operands], y)
        if mask is None:
            return handed_on([self.came(a) for a in operands if np.any(such(bottom(a), kind_of(y)))], row)
        suspects = [self.came(a) for a in operands if not finite(a)]
        because = next((o for o in suspects if o.how == "made"), None) if kind_of(np.asarray(y)[mask]) == "nan" else None
        return made(row, operands, y, mask, "forward evaluation", call.line, sketches, because)

    def came(self, a: Any) -> Origin:
        """The origin of an operand that is not finite."""
        known = self.notes.origin(a) if isinstance(a, Tensor) and a._trace is self else None
        return known or came_in("outside", bottom(a))

    def look_at_write(self, call: Called, *, adds: bool) -> None:
        """What is not finite and was written into an array makes that array's trouble."""
        x, _, v = call.args
        if not finite(v):
            note(self.notes.trouble, x, self.came(v))
        elif adds and not finite(x.primal):
            mask = such(bottom(x.primal), "inf")
            note(self.notes.trouble, x, made(row_of(np.add), [v], bottom(x.primal), mask, "forward evaluation", call.line))

    def sketch(self, a: Any) -> Sketch:
        return self.notes.sketches.get(key(a), ()) if isinstance(a, Tensor) and a._trace is self else ()

    def returned(self, leaves: Iterable[Any]) -> None:
        """Report a result that is not finite."""
        for a in leaves:
            if isinstance(a, Tensor) and a._trace is self and not a.constant and not finite(a.primal):
                report(self.notes, self.came(a), f"the result is {kind_of(bottom(a.primal))}")


def came_in(how: Any, a: Any) -> Origin:
    """The origin of what was not finite when it came in."""
    mask = such(np.asarray(a), kind_of(a))
    count, size = int(np.count_nonzero(mask)), int(np.size(mask))
    return Origin(how, kind_of(a), "forward evaluation", line=here(), index=first(mask), count=count, size=size, operands=(text(a),))


def handed_on(origins: Sequence[Origin], row: Row | None = None) -> Origin:
    """Of several origins the one to tell of, which has now come through one more call."""
    origin = min(origins, key=lambda o: ("made", "seed", "input", "outside").index(o.how))
    if row is not None and len(origin.through) < 32:
        origin.through.append(short_name(row.f))
    return origin


def note(table: dict[Any, tuple[Origin, Any]], t: Tensor, origin: Origin) -> None:
    """Remember an origin, if it is the first of this storage."""
    table.setdefault(key(t), (origin, None if isinstance(t._trace, Tape) else storage(t)))


def report(notes: Notes, origin: Origin, where: str) -> None:
    """Tell of what arrived; an infinity that was given from outside (a mask, a bound) is there on purpose."""
    if origin.root.how != "outside" or origin.root.what == "nan" or origin.how == "made":
        notes.watcher.reached(origin, where)


def trimmed(sketch: Sketch, depth: int) -> Sketch:
    return (sketch[0], tuple(trimmed(s, depth - 1) for s in sketch[1])) if sketch and depth else ()


# --- the tape and its sweeps ------------------------------------------------------------------------------------------


class WatchingTape(Watching):
    """A watched tape: what it does besides."""

    __slots__ = ()

    def append(self, node: Node) -> int:
        place: int = super().append(node)  # type: ignore[misc]
        self.notes.lines[place] = here()
        return place

    def node(
        self,
        row: Row,
        y: Any,
        like: Any,
        positions: list[Any],
        operands: list[Tensor],
        primals: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Call:
        """With all operands kept that can explain a derivative, not only what the rule reads."""
        node: Call = super().node(row, y, like, positions, operands, primals, kwargs)  # type: ignore[misc]
        if isinstance(row, Elementwise | Pair):
            node.args = tuple(
                (np.copy(b) if isinstance(b, np.ndarray) else b) if a is None or isinstance(a, Like) else a
                for a, b in zip(node.args, primals, strict=True)
            )
        return node


class WatchedTape(WatchingTape, Tape):  # type: ignore[misc]
    """A tape that is watched."""

    __slots__ = ("notes",)

    def __init__(self, watcher: Watcher) -> None:
        super().__init__()
        self.notes = Notes(watcher)

    def finish(self) -> "WatchedRecord":
        record = super().finish()
        return WatchedRecord(record, self.notes)


class WatchedRecord(Record):
    """The list of a watched tape."""

    __slots__ = ("notes",)

    def __init__(self, record: Record, notes: Notes) -> None:
        super().__init__(record.nodes, record.layouts, record.writes)
        self.notes = notes

    def pull(self, seeds: Sequence[tuple[Ref, Any, Any]]) -> "WatchedPull":
        for r, _, _ in seeds:
            if type(r) is not tuple and (origin := self.notes.at(r)) is not None:
                report(self.notes, origin, f"the result is {origin.what}")
        sweep = WatchedPull(self, seeds, self.notes)
        sweep.run()
        return sweep

    def push(self, seeds: Sequence[tuple[int, Any, Any]]) -> "WatchedPush":
        sweep = WatchedPush(self, seeds, self.notes)
        sweep.run()
        return sweep


class WatchingPull:
    """A watched reverse sweep: what it does besides."""

    __slots__ = ()
    notes: Notes
    trouble: dict[int, Origin]  # of cotangents, by place
    place: int | None  # of the node whose cotangent is being handed on; None: the seeds are
    inherited: Origin | None  # of that cotangent
    nodes: Any
    cotangents: Any

    def begin(self, notes: Notes) -> None:
        self.notes = notes
        self.trouble = {}
        self.place = self.inherited = None

    def run(self) -> None:
        token = STANDING.set(STANDING.get())
        try:
            super().run()  # type: ignore[misc]
        finally:
            STANDING.reset(token)

    def visit(self, place: int, g: Any) -> None:
        """A node is about to hand on its cotangent."""
        if (others := super().visit) is not None:  # type: ignore[misc]
            others(place, g)
        node = self.nodes[place]
        self.place = place
        STANDING.set(self.notes.lines.get(place))
        if g is WRITTEN:
            self.inherited = self.trouble.get(place_of(node.ref))
            return
        self.inherited = None if alive_and_finite(g) else self.trouble.get(place)
        if type(node) is Pick and self.inherited is not None:
            self.trouble.setdefault(node.parent, self.inherited)

    def add(self, r: Ref, index: Any, c: Any, live: Any) -> None:
        if not finite(c):
            self.trouble.setdefault(place_of(r), self.inherited or self.broke(c))
        super().add(r, index, c, live)  # type: ignore[misc]

    def broke(self, c: Any) -> Origin:
        """The origin of a contribution that is not finite, though the node's cotangent is."""
        if self.place is None:
            return came_in("seed", bottom(c))
        node, c = self.nodes[self.place], bottom(c)
        row = node[0] if type(node) is tuple else getattr(node, "row", None)
        return derived(self.notes, self.place, node, row, "reverse sweep", c)

    def check(self, place: int, g: Any, where: str = "the gradient") -> Any:
        """A cotangent that leaves the sweep: report it if it is not finite."""
        if not finite(g):
            origin = self.trouble.get(place) or next(iter(self.trouble.values()))
            report(self.notes, origin, f"{where} is {kind_of(bottom(g))}")
        return g


class WatchedPull(WatchingPull, Pull):  # type: ignore[misc]
    """A reverse sweep that is watched."""

    __slots__ = ("inherited", "place", "trouble", "notes")

    def __init__(self, record: Record, seeds: Sequence[tuple[Ref, Any, Any]], notes: Notes) -> None:
        self.begin(notes)
        super().__init__(record, seeds)

    def __getitem__(self, place: int) -> Any:
        return self.check(place, super().__getitem__(place))


class WatchedPush(Push):
    """A forward sweep that is watched."""

    __slots__ = ("trouble", "notes")

    def __init__(self, record: Record, seeds: Sequence[tuple[int, Any, Any]], notes: Notes) -> None:
        self.notes = notes
        self.trouble: dict[int, Origin] = {}
        super().__init__(record, seeds)

    def set(self, place: int, t: Any, live: Any, like: Any) -> None:
        if not all(map(finite, t if isinstance(t, tuple) else (t,))):
            self.trouble.setdefault(place, self.origin(place, t))
        super().set(place, t, live, like)

    def origin(self, place: int, t: Any) -> Origin:
        """What an operand's tangent brought, or what this call's derivative made."""
        node = self.nodes[place]
        if type(node) is tuple and node[0] is None:
            return came_in("seed", bottom(t))
        brought = [p for p in operand_places(node) if self.tangents[p] is not None and not tangent_finite(self.tangents[p])]
        if brought:
            return next((self.trouble[p] for p in brought if p in self.trouble), next(iter(self.trouble.values())))
        row = getattr(node, "row", None)
        parts = t if isinstance(t, tuple) else (t,)
        return derived(self.notes, place, node, row, "tangent", bottom(next(a for a in parts if not finite(a))))

    def __getitem__(self, r: Ref) -> Any:
        t = super().__getitem__(r)
        if not finite(t):
            origin = self.trouble.get(place_of(r)) or next(iter(self.trouble.values()))
            report(self.notes, origin, f"the tangent is {kind_of(bottom(t))}")
        return t


def derived(notes: Notes, place: int, node: Node, row: Row | None, sweep: Sweep, c: Any) -> Origin:
    """The origin of a derivative that the call at a place made infinite or NaN, out of what it was given."""
    mask = such(np.asarray(c), kind_of(c))
    places = [p for p in operand_places(node) if p is not None]
    because = next((o for p in (*places, place) if (o := notes.at(p)) is not None), None)
    if row is None:
        name, count, size = type(node).__name__.lower(), int(np.count_nonzero(mask)), int(np.size(mask))
        return Origin("made", kind_of(c), sweep, name, notes.lines.get(place), first(mask), count, size, because=because)
    operands = [a for a in node_args(node) if a is not None and not isinstance(a, Like) for a in numbers(a)]
    sketches = tuple(notes.sketches.get(p, ()) for p in places)
    return made(row, operands, c, mask, sweep, notes.lines.get(place), sketches, because)


def node_args(node: Node) -> tuple[Any, ...]:
    """What a node kept of its operands."""
    return node[-((len(node) - 1 - len(node) % 2 - 1) // 2) :] if type(node) is tuple else node.args


def alive_and_finite(g: Any) -> bool:
    """Whether a cotangent is finite, or those of several results are."""
    if isinstance(g, list):
        return all(pair is None or finite(pair[0]) for pair in g)
    return finite(bare(g)[0])


def tangent_finite(t: Any) -> bool:
    return all(map(finite, t[0])) if isinstance(t, tuple) else finite(bare(t)[0])


# --- forward mode -----------------------------------------------------------------------------------------------------


class WatchedDual(Watching, Dual):  # type: ignore[misc]
    """A forward trace that is watched, tangents too."""

    __slots__ = ("notes",)

    def __init__(self, watcher: Watcher) -> None:
        super().__init__()
        self.notes = Notes(watcher)

    def look_at_results(self, call: Called, row: Row) -> None:
        super().look_at_results(call, row)
        operands = self.own((*call.args, *call.kwargs.values()))
        for y in self.own(call.y if isinstance(call.y, LISTS) else (call.y,)):
            t, _ = tangent_and_mask(y)
            if not finite(t):
                note(self.notes.tangents, y, self.tangent_origin(call, row, operands, y, bottom(t)))

    def tangent_origin(self, call: Called, row: Row, operands: list[Tensor], y: Tensor, t: Any) -> Origin:
        brought = [o for x in operands if (o := self.brought(x)) is not None]
        if brought:
            return handed_on(brought)
        because = next((o for x in (*operands, y) if (o := self.notes.origin(x)) is not None), None)
        values = [a for b in call.args for a in numbers(b)]
        sketches = tuple(self.sketch(a) for a in values[:3])
        return made(row, values, t, such(np.asarray(t), kind_of(t)), "tangent", call.line, sketches, because)

    def brought(self, x: Tensor) -> Origin | None:
        """The origin of an operand's tangent, if that is not finite."""
        t, _ = tangent_and_mask(x)
        if finite(t):
            return None
        return self.notes.tangents.get(key(x), (None, None))[0] or came_in("seed", bottom(t))

    def look_at_write(self, call: Called, *, adds: bool) -> None:
        super().look_at_write(call, adds=adds)
        x, _, v = call.args
        if isinstance(v, Tensor) and v._trace is self and not v.constant and (origin := self.brought(v)) is not None:
            note(self.notes.tangents, x, origin)

    def returned(self, leaves: Iterable[Any]) -> None:
        leaves = list(leaves)
        super().returned(leaves)
        for a in self.own(leaves):
            if (origin := self.brought(a)) is not None:
                report(self.notes, origin, f"the tangent is {kind_of(bottom(tangent_and_mask(a)[0]))}")

