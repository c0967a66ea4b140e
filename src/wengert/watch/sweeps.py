"""Sweeps that are watched: which call's derivative first made a cotangent or a tangent NaN or infinite.

record.pull(seeds).at(places)  reported, if that cotangent is not finite
record.push(seeds)[ref]        likewise
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from wengert.rules.vocabulary import Like, bottom
from wengert.trace.nodes import WRITTEN, Node, Pick, Pull, Push, Record, Ref, bare, operand_places, place_of, taken_apart
from wengert.watch.lines import STANDING
from wengert.watch.notes import Notes, came_in, report
from wengert.watch.origins import Origin, Sweep, finite, first, kind_of, made, operands_of, such


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


class Journey:
    """Where a sweep is, and the origins of what is not finite in it."""

    __slots__ = ("inherited", "notes", "place", "trouble")

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.trouble: dict[int, Origin] = {}  # by place
        self.place: int | None = None  # of the node that hands on its cotangent; None: the seeds are handed in
        self.inherited: Origin | None = None  # of that cotangent

    def of(self, place: int) -> Origin:
        """The origin of what is not finite at a place; where writes hide it, the first of all."""
        return self.trouble.get(place) or next(iter(self.trouble.values()))


class WatchingPull:
    """What a watched reverse sweep does besides."""

    __slots__ = ()
    journey: Journey
    nodes: Any

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
        node, journey = self.nodes[place], self.journey
        journey.place = place
        STANDING.set(journey.notes.lines.get(place))
        if g is WRITTEN:
            journey.inherited = journey.trouble.get(place_of(node.ref))
            return
        journey.inherited = None if finite_cotangent(g) else journey.trouble.get(place)
        if type(node) is Pick and journey.inherited is not None:
            journey.trouble.setdefault(node.parent, journey.inherited)

    def add(self, r: Ref, index: Any, c: Any, live: Any) -> None:
        if not finite(c):
            self.journey.trouble.setdefault(place_of(r), self.journey.inherited or self.broke(c))
        super().add(r, index, c, live)  # type: ignore[misc]

    def broke(self, c: Any) -> Origin:
        """The origin of a contribution that is not finite, though the node's cotangent is."""
        place = self.journey.place
        if place is None:
            return came_in("seed", c)
        return derived(self.journey.notes, place, self.nodes[place], "reverse sweep", c)

    def arrived_at(self, place: int, g: Any) -> Any:
        """A cotangent that leaves the sweep: reported if it is not finite."""
        if not finite(g):
            report(self.journey.notes, self.journey.of(place), f"the gradient is {kind_of(bottom(g))}")
        return g


class WatchedPull(WatchingPull, Pull):
    """A reverse sweep that is watched."""

    __slots__ = ("journey",)

    def __init__(self, record: Record, seeds: Sequence[tuple[Ref, Any, Any]], notes: Notes) -> None:
        self.journey = Journey(notes)
        super().__init__(record, seeds)

    def at(self, places: list[int]) -> list[Any]:
        return [self.arrived_at(place, g) for place, g in zip(places, super().at(places), strict=True)]


class WatchedPush(Push):
    """A forward sweep that is watched."""

    __slots__ = ("journey",)

    def __init__(self, record: Record, seeds: Sequence[tuple[int, Any, Any]], notes: Notes) -> None:
        self.journey = Journey(notes)
        super().__init__(record, seeds)

    def set(self, place: int, t: Any, live: Any, like: Any) -> None:
        bad = [a for a in (t if isinstance(t, tuple) else (t,)) if not finite(a)]
        if bad:
            self.journey.trouble.setdefault(place, self.origin(place, bad[0]))
        super().set(place, t, live, like)

    def origin(self, place: int, t: Any) -> Origin:
        """What an operand's tangent brought, or what this call's derivative made."""
        node = self.nodes[place]
        if is_leaf(node):
            return came_in("seed", t)
        brought = [p for p in operand_places(node) if not finite_tangent(self.tangents[p])]
        if brought:
            return self.journey.of(next((p for p in brought if p in self.journey.trouble), brought[0]))
        return derived(self.journey.notes, place, node, "tangent", t)

    def __getitem__(self, r: Ref) -> Any:
        t = super().__getitem__(r)
        if not finite(t):
            report(self.journey.notes, self.journey.of(place_of(r)), f"the tangent is {kind_of(bottom(t))}")
        return t


def derived(notes: Notes, place: int, node: Node, sweep: Sweep, c: Any) -> Origin:
    """The origin of a derivative that the call at a place made NaN or infinite, out of what it was given."""
    c = bottom(c)
    mask = such(np.asarray(c), kind_of(c))
    places = operand_places(node)
    because = next((o for p in (*places, place) if (o := notes.at(p)) is not None), None)
    line = notes.lines.get(place)
    row, args = (
        (taken_apart(node)[0], taken_apart(node)[3]) if type(node) is tuple else (getattr(node, "row", None), node_args(node))
    )
    if row is None:  # a read, a write: it moves what it gets, and adds up
        name, count, size = type(node).__name__.lower(), int(np.count_nonzero(mask)), int(np.size(mask))
        return Origin("made", kind_of(c), sweep, name, line, first(mask), count, size, because=because)
    operands = operands_of(row, [a for a in args if a is not None and not isinstance(a, Like)])
    sketches = tuple([notes.sketches.get(p, ()) for p in places])
    return made(row, operands, c, mask, sweep, line, sketches, because)


def node_args(node: Node) -> tuple[Any, ...]:
    return getattr(node, "args", ())


def is_leaf(node: Node) -> bool:
    return type(node) is tuple and node[0] is None


def finite_cotangent(g: Any) -> bool:
    """Whether a cotangent is finite, or those of several results are."""
    return all([pair is None or finite(pair[0]) for pair in g]) if isinstance(g, list) else finite(bare(g)[0])


def finite_tangent(t: Any) -> bool:
    return all(map(finite, t[0])) if isinstance(t, tuple) else finite(bare(t)[0])
