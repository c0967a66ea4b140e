"""The Wengert list: compute each call, write it down, and sweep the list backwards (or forwards) afterwards.

    tape = Tape()
    x = tape.lift(2.0)
    y = np.sin(x) * x
    record = tape.finish()
    record.pull([(y.place, 1.0, None)]).at([x.place])

A node of the list is one call. Calls of one or two operands with elementwise partials, the ones that come by the million, are plain
tuples; the others are objects (`trace/nodes.py` has the forms). A tensor's place is the index of the node that made its storage.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.errors import EndedTraceError, InputError, WengertError, user_line
from wengert.rules.declare import ROWS, row_of
from wengert.rules.row import Row, like
from wengert.rules.verbs import Constant, Elementwise, Linear, Multilinear, Pair
from wengert.rules.vocabulary import SCALAR, Like, Traced, advanced, bottom, getitem
from wengert.trace.aliases import Alias
from wengert.trace.dispatch import ADD, IN_PLACE, NUMBERS, SET, Trace, dispatch
from wengert.trace.nodes import Call, Node, Pick, Read, Record, Ref, Write, places, private
from wengert.trace.storage import CHANGING, Layout, address, copied, owner, shares
from wengert.trace.tensor import Number, Scalar, Tensor, View, kind_of, rise

SMALL = 65536  # bytes up to which an outside array is simply copied when a rule keeps it


class Tape(Trace):
    """A trace that computes each call and lists it."""

    __slots__ = ("aliased", "constants", "layouts", "nodes", "readers", "scanned", "writes")

    def __init__(self) -> None:
        self.number = next(NUMBERS)
        self.nodes: Any = []
        self.refusals = None
        self.known = None
        self.aliased: dict[int, Alias] = {}
        self.layouts: dict[int, Layout] = {}  # of the storages that have views or were written
        self.writes: list[int] = []
        self.readers: dict[int, list[int]] = {}
        self.scanned = 0
        self.constants: dict[int, tuple[Any, Any]] = {}

    # --- joining and leaving ---

    @property
    def ended(self) -> bool:  # type: ignore[override]
        return self.nodes is ENDED

    def lift(self, value: Any) -> Tensor:
        like = None if type(value) is float else like_of(value)
        return self.listed(value, (None, like)) if like is None else self.tensor(value, (None, like))

    def finish(self) -> Record:
        """End the trace: its tensors refuse to be used from here on. The list goes on as a record."""
        record = Record(self.nodes, self.layouts, self.writes)
        self.nodes = ENDED
        self.constants, self.readers = {}, {}
        return record

    def tensor(self, y: Any, node: Node) -> Tensor:
        """Append a node and wrap the value it made."""
        kind = Number if type(y) is np.float64 or type(y) is float else kind_of(y)
        return self.see(kind(y, self, self.append(node)))

    def append(self, node: Node) -> int:
        nodes = self.nodes
        place = len(nodes)
        nodes.append(node)
        return place if nodes[place] is node else self.find(node, place)

    def find(self, node: Node, place: int) -> int:
        """Where a node went when another thread appended at the same moment."""
        while self.nodes[place] is not node:
            place += 1
        return place

    # --- the quick route: one or two operands, elementwise or a product ---

    def unary(self, f: Callable[..., Any], x: Tensor) -> Any:
        row = ROWS.get(f)
        if type(row) is not Elementwise:
            return dispatch(f, (x,), {})
        if type(x) is Number:
            a = x.primal
            y = f(a)
            if type(y) is np.float64 or type(y) is float:
                return self.listed(y, (row, x.place, y, a))
        elif type(x) in OWNERS:
            a = x.primal
            y = f(a)
        else:
            return dispatch(f, (x,), {})
        keep_y, keep_x = row.keeps[1]
        return self.tensor(y, (row, like_of(y), x.place, y if keep_y else None, a if keep_x else None))

    def binary(self, f: Callable[..., Any], x: Any, y: Any) -> Any:
        row = ROWS.get(f)
        if type(row) is not Elementwise:
            return self.arrays(row, f, x, y) if type(row) is Multilinear and row.pulls else dispatch(f, (x, y), {})
        kind, other = type(x), type(y)
        if kind is Number and (other is Number or other in FLOATS):
            a, p, b, q = x.primal, x.place, y, None
            if other is Number:
                if x._trace is not y._trace:
                    return dispatch(f, (x, y), {})
                b, q = y.primal, y.place
        elif other is Number and kind in FLOATS:
            a, p, b, q = x, None, y.primal, y.place
        else:
            return self.arrays(row, f, x, y)
        z = f(a, b)
        if type(z) is np.float64 or type(z) is float:
            return self.listed(z, (row, p, q, z, a, b))
        return self.tensor(z, (row, like_of(z), p, q, z, a, b))

    def listed(self, y: Any, node: Node) -> Number:
        """What `tensor` does, for a float: the line that every scalar operation passes."""
        nodes = self.nodes
        place = len(nodes)
        nodes.append(node)
        if nodes[place] is not node:
            place = self.find(node, place)
        t = new(Number)
        t.primal = y
        t._trace = self
        t.place = place
        return t

    def arrays(self, row: Row, f: Callable[..., Any], x: Any, y: Any) -> Any:
        """x and y are storages of this tape, or one of them is and the other is a number or an outside array."""
        p = x.place if type(x) in OWNERS and x._trace is self else None
        q = y.place if type(y) in OWNERS and y._trace is self else None
        if (p is None and type(x) not in CONSTANTS) or (q is None and type(y) not in CONSTANTS):
            return dispatch(f, (x, y), {})
        a, b = (x if p is None else x.primal), (y if q is None else y.primal)
        z = f(a, b)
        keep_z, keep_a, keep_b = row.keeps[(p is not None) + 2 * (q is not None)]
        dropped = like if type(row) is Multilinear else nothing  # transposes ask for shapes
        a = dropped(a) if not keep_a else self.hold(a) if p is None else a
        b = dropped(b) if not keep_b else self.hold(b) if q is None else b
        return self.tensor(z, (row, like_of(z), p, q, z if keep_z else None, a, b))

    def item(self, x: Tensor, index: Any) -> Any:
        """One float of an array of one axis: what loops over elements read."""
        if type(index) is int and not x.constant:
            y = x.primal[index]
            if type(y) is np.float64:
                return self.tensor(y, Read(ref(x), index, None))
        return dispatch(getitem, (x, index), {})

    # --- every call ---

    def call(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if f in IN_PLACE:
            return self.write(f, *args)
        positions, operands, primals = unwrap(self, args)
        y = f(*primals, **kwargs)
        row = ROWS.get(f) or row_of(f)
        if row.own:
            self.course.ruled = True
        if self.new(row, y, operands):
            return self.tensor(y, self.node(row, y, like_of(y), positions, operands, primals, kwargs))
        if type(row) is Constant or counts(y):
            if self.nodes is ENDED:
                refuse_ended()
            self.course.released |= row.own
            self.course.decided(row, y, args)
            return y
        if f is getitem:
            return self.read(y, operands[0], args[1])
        if isinstance(y, tuple | list):
            return self.several(row, y, positions, operands, primals, kwargs)
        view = self.view(y, operands)
        return self.tensor(y, self.node(row, y, like_of(y), positions, operands, primals, kwargs)) if view is None else view

    def new(self, row: Row, y: Any, operands: list[Tensor]) -> bool:
        """Whether y is a number or an array with memory of its own, of a row that wants a node: most calls."""
        if type(row) not in DIFFERENTIABLE or row.f is getitem:
            return False
        if type(y) is np.ndarray and y.base is None and y.dtype.kind in "fc":
            return all([y is not x.primal for x in operands])
        return type(y) is np.float64

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
        """The node of a call: what its row will read is kept, and outside arrays among it copied."""
        active = frozenset([p if type(p) is int else p[0] for p in positions])
        y, kept = row.strip(y, primals, active)
        kept = tuple([a if type(a) is Like or (i in active and type(a) not in LISTS) else self.hold(a) for i, a in enumerate(kept)])
        refs = {positions[0]: ref(operands[0])} if len(operands) == 1 else dict(zip(positions, map(ref, operands), strict=True))
        return Call(row, like, refs, y, kept, {k: self.hold(v) for k, v in kwargs.items()} if kwargs else kwargs)

    def view(self, y: Any, operands: list[Tensor]) -> Tensor | None:
        """The result as a view of one of the operands, if that is what it is."""
        for x in operands:
            if y is x.primal:
                return x
            if shares(y, x.primal):
                if self.nodes is ENDED:
                    refuse_ended()
                whole = self.layouts.get(x.place) or self.layouts.setdefault(x.place, Layout.whole(bottom(x.primal)))
                return self.see(View(y, x, (x.layout or whole).inside(bottom(x.primal), bottom(y))))
        return None

    def read(self, y: Any, x: Tensor, index: Any) -> Tensor:
        """x[index]: a view, or a copy that the sweep adds into its part of x's shadow."""
        view = self.view(y, [x])
        return self.tensor(y, Read(ref(x), self.hold(index), like_of(y))) if view is None else view

    def several(
        self, row: Row, ys: Any, positions: list[Any], operands: list[Tensor], primals: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """A call with several results: views where they are views, else picks from one node."""
        results = [self.view(y, operands) for y in ys]
        if any(v is None for v in results):
            node = self.node(
                row,
                tuple(ys),
                tuple(None if passes(y) else like_of(y) for y in ys),
                positions,
                operands,
                primals,
                kwargs,
            )
            whole = self.see(Tensor(tuple(ys), self, self.append(node)))
            for j, y in enumerate(ys):
                if results[j] is None:
                    results[j] = y if passes(y) else self.tensor(y, Pick(whole.place, j, like_of(y)))
        return type(ys)._make(results) if hasattr(ys, "_make") else type(ys)(results)

    # --- writes ---

    def write(self, f: Callable[..., Any], x: Tensor, index: Any, v: Any) -> None:
        """x[index] = v, or np.add.at(x, index, v): in place, after every node has its own copy of what it read of x."""
        if self.nodes is ENDED:
            refuse_ended()
        own = isinstance(v, Tensor) and v._trace is self
        if f == SET and own and v.place == x.place and same_part(x, index, v):
            return
        if x.place not in self.layouts:
            self.layouts[x.place] = Layout.whole(bottom((x.base if isinstance(x, View) else x).primal))
        self.protect(x)
        value = v.primal if own else v
        if isinstance(value, Traced):
            rise(x, value)
        f(x.primal, index, value)
        node = Write(ref(x), self.hold(index), ref(v) if own else None, f == ADD)
        with CHANGING:
            self.wrote(x.place, self.append(node))

    def wrote(self, storage: int, place: int) -> None:
        """Told of every write into a storage."""
        self.writes.append(place)

    def protect(self, x: Tensor) -> None:
        """Give the nodes that keep values of x's storage copies of their own: it is about to be written."""
        with CHANGING:
            for k, node in self.latest():
                for place in (k, *places(node)):
                    self.readers.setdefault(place, []).append(k)
                if type(node) is Pick:
                    self.readers[k].append(node.parent)  # which may keep all its results
            memory = owner(x.primal)
            for k in self.readers.pop(x.place, ()):
                self.nodes[k] = private(self.nodes[k], memory)

    def latest(self) -> list[tuple[int, Node]]:
        """What was listed since the last write, with its places."""
        start, self.scanned = self.scanned, len(self.nodes)
        return list(enumerate(self.nodes[start : self.scanned], start))

    def hold(self, a: Any) -> Any:
        """An outside value that a node keeps: arrays that could be written later are copied (large ones once per content)."""
        if isinstance(a, Traced):
            return copied(a)
        if isinstance(a, np.ndarray):
            if a.nbytes <= SMALL:
                return a.copy()
            seen = self.constants.get(id(a))
            if seen is None or not same_bytes(seen[1], a):
                seen = self.constants[id(a)] = (a, a.copy())
            return seen[1]
        if type(a) in (list, tuple):
            return type(a)(map(self.hold, a))
        return a


class Ended(list):  # type: ignore[type-arg]
    """The list of a trace that has ended: nothing can be appended to it, or read from it."""

    def append(self, node: Any) -> None:
        refuse_ended()

    def __getitem__(self, place: Any) -> Any:
        refuse_ended()


def nothing(_: Any) -> None:
    """What is kept of a value that no partial reads."""


def refuse_ended() -> None:
    raise EndedTraceError(
        "a traced value was used after its trace had ended: it was kept from a call of grad (or its kin) that has returned."
        " Return it as auxiliary output (has_aux=True), or keep wg.stop_gradient(x)." + user_line()
    )


ENDED = Ended()
FLOATS = frozenset((float, int, np.float64))
CONSTANTS = frozenset((float, int, complex, np.ndarray, np.float64, np.float32, np.complex128))
OWNERS = frozenset((Number, Scalar, Tensor))
DIFFERENTIABLE = frozenset((Elementwise, Linear, Multilinear, Pair))
LISTS = (list, tuple)
new = object.__new__


def like_of(y: Any) -> Like | None:
    """Shape and dtype; None for a float."""
    kind = type(y)
    if kind is np.float64 or kind is float:
        return None
    if kind is Number:
        return SCALAR
    if kind is np.ndarray and y.dtype.kind in "fc":
        return Like(y.shape, y.dtype)
    if not inexact(y):
        raise WengertError(
            f"a traced call returned {type(y).__name__} ({getattr(y, 'dtype', y)}), which has no derivative."
            " Convert what the traced value met to floats: a.astype(float)." + user_line()
        )
    return Like(y.shape, y.dtype) if hasattr(y, "dtype") else Like((), np.dtype(kind))


def unwrap(trace: Trace, args: tuple[Any, ...]) -> tuple[list[Any], list[Tensor], tuple[Any, ...]]:
    """The positions of a trace's tensors in args, the tensors, and args with their values instead."""
    if len(args) == 1 and isinstance(args[0], Tensor):
        return [0], [args[0]], (args[0].primal,)
    positions: list[Any] = []
    operands, primals = [], []
    for i, a in enumerate(args):
        if isinstance(a, Tensor) and a._trace is trace:
            positions.append(i)
            operands.append(a)
            a = a.primal
        elif isinstance(a, LISTS):
            for b in a:
                if is_subclass(b):
                    refuse_subclass(b)
            mine = [(j, b) for j, b in enumerate(a) if isinstance(b, Tensor) and b._trace is trace]
            if mine:
                positions += [(i, j) for j, _ in mine]
                operands += [b for _, b in mine]
                a = [b.primal if isinstance(b, Tensor) and b._trace is trace else b for b in a]
        elif is_subclass(a):
            refuse_subclass(a)
        primals.append(a)
    return positions, operands, tuple(primals)


def is_subclass(a: Any) -> bool:
    return type(a) is not np.ndarray and isinstance(a, np.ndarray) and not isinstance(a, Traced)


def refuse_subclass(a: np.ndarray) -> None:
    """An operand whose class may give operators another meaning (np.matrix) or results a mask; memory maps do not."""
    if not isinstance(a, np.memmap):
        raise InputError(
            f"a traced value met a {type(a).__name__}, an ndarray with rules of its own that the derivative would not follow."
            " Convert it: np.asarray(a)." + user_line()
        )


def inexact(y: Any) -> bool:
    """Whether y is a float or complex number, or an array of them: what a tensor can hold."""
    return isinstance(y, float | complex) or (hasattr(y, "dtype") and y.dtype.kind in "fc")


def counts(y: Any) -> bool:
    """Whether y holds integers or booleans: piecewise constant, whatever it was computed from (`x.astype(int)`)."""
    return isinstance(y, int) or (hasattr(y, "dtype") and y.dtype.kind in "biu")


def passes(y: Any) -> bool:
    """Whether y, one of several results, is no number that has a derivative, and no array at all or one of integers."""
    return counts(y) or not (isinstance(y, float | complex) or hasattr(y, "dtype"))


def ref(x: Tensor) -> Ref:
    return x.place if x.layout is None else (x.place, x.layout)


def same_part(x: Tensor, index: Any, v: Tensor) -> bool:
    """Whether v is the very part of x that is to be written: what `x[1:] += 1` leaves Python to do."""
    if advanced(index):
        return False
    part, value = bottom(x.primal)[index], bottom(v.primal)
    if not isinstance(part, np.ndarray) or not isinstance(value, np.ndarray):
        return False
    a, b = ((p.dtype, p.shape, p.strides, address(p)) for p in (part, value))  # z.real has z's address
    return a == b


def same_bytes(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two arrays are equal to the bit, NaN and the sign of zero included."""
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype.kind == "c":
        return same_bytes(a.real, b.real) and same_bytes(a.imag, b.imag)
    if a.dtype.kind == "f" and a.dtype.itemsize in (2, 4, 8):
        a, b = (x.view(f"u{a.dtype.itemsize}") for x in (a, b))
    return np.array_equal(a, b)
