"""Traces that are watched: they know the user's line of each call, and where what is not finite came from.

    tape = WatchedTape(watcher)         a tape in every other respect; its sweeps are watched too
    watcher.called(call)                told of each call
    watcher.reached(origin, where)      told when NaN or infinity has come through to a result or a derivative

A watched trace sends every call by the plain route, through `call`. Nothing here is run, or asked for, by the others.
"""

from typing import Any

import numpy as np

from wengert.rules.declare import row_of
from wengert.rules.row import Row
from wengert.rules.verbs import Elementwise, Pair
from wengert.rules.vocabulary import Like, bottom, getitem
from wengert.trace.dispatch import ADD, IN_FORCE, IN_PLACE, dispatch, tensors
from wengert.trace.dual import Dual, tangent_and_mask
from wengert.trace.nodes import Call, Node
from wengert.trace.storage import copied
from wengert.trace.tape import LISTS, Tape
from wengert.trace.tensor import Tensor
from wengert.watch.lines import here
from wengert.watch.notes import DEPTH, Called, Notes, Watcher, came_in, handed_on, key, note, report, trimmed
from wengert.watch.origins import Origin, Sketch, broken, finite, kind_of, made, operands_of, short_name, such
from wengert.watch.sweeps import WatchedRecord


class Watching:
    """What a watched trace does besides."""

    __slots__ = ()
    notes: Notes

    def lift(self, value: Any) -> Tensor:
        t: Tensor = super().lift(value)  # type: ignore[misc]
        self.notes.sketches.pop(key(t), None)
        if not finite(value):
            inside = self.notes.began or IN_FORCE.get() is self
            note(self.notes.trouble, t, came_in("outside" if inside else "input", value))
        return t

    def item(self, x: Any, index: Any) -> Any:
        return dispatch(getitem, (x, index), {})

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
        """The tensors of this trace among arguments."""
        return [t for t in tensors(args) if t._trace is self and not t.constant]

    # --- values ---

    def look_at_results(self, call: Called, row: Row) -> None:
        """Remember of the results of a call how they were computed, and the origin of what is not finite."""
        operands = operands_of(row, (*call.args, *call.kwargs.values()))
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
        return known or came_in("outside", a)

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

    def returned(self, leaves: Any) -> Any:
        """Report a result that is not finite."""
        for a in self.own(leaves):
            if not finite(a.primal):
                report(self.notes, self.came(a), f"the result is {kind_of(bottom(a.primal))}")
        return leaves


# --- the tape ---------------------------------------------------------------------------------------------------------


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
                copied(bottom(b)) if a is None or isinstance(a, Like) else a for a, b in zip(node.args, primals, strict=True)
            )
        return node


class WatchedTape(WatchingTape, Tape):
    """A tape that is watched."""

    __slots__ = ("notes",)

    def __init__(self, watcher: Watcher) -> None:
        super().__init__()
        self.notes = Notes(watcher)

    def finish(self) -> "WatchedRecord":
        record = super().finish()
        return WatchedRecord(record, self.notes)


# --- forward mode -----------------------------------------------------------------------------------------------------


class WatchedDual(Watching, Dual):
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
        values = operands_of(row, call.args)
        sketches = tuple(self.sketch(a) for a in values[:3])
        return made(row, values, t, such(np.asarray(t), kind_of(t)), "tangent", call.line, sketches, because)

    def brought(self, x: Tensor) -> Origin | None:
        """The origin of an operand's tangent, if that is not finite."""
        t, _ = tangent_and_mask(x)
        if finite(t):
            return None
        return self.notes.tangents[key(x)][0] if key(x) in self.notes.tangents else came_in("seed", t)

    def look_at_write(self, call: Called, *, adds: bool) -> None:
        super().look_at_write(call, adds=adds)
        x, _, v = call.args
        if isinstance(v, Tensor) and v._trace is self and not v.constant and (origin := self.brought(v)) is not None:
            note(self.notes.tangents, x, origin)

    def returned(self, leaves: Any) -> Any:
        super().returned(leaves)
        for a in self.own(leaves):
            if (origin := self.brought(a)) is not None:
                report(self.notes, origin, f"the tangent is {kind_of(bottom(tangent_and_mask(a)[0]))}")
        return leaves
