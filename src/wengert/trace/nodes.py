"""The nodes of a Wengert list, and the two sweeps over it.

    record.pull([(ref, cotangent, mask)])      backwards: cotangents flow from results to operands
    record.push([(place, tangent, mask)])      forwards: tangents flow from operands to results

Both walk the list once, without recursion, and leave it as it was: a record may be swept many times, by several threads at once,
and again after an exception. Three forms of node:

    (None, like)                                           a leaf: an input, or a value that joined
    (row, like, p, y, x), (row, like, p, q, y, x, z)       y = f(x) or f(x, z), by the quick route; p and q are the places of x and z
    (row, p, y, x), (row, p, q, y, x, z)                   the same, all of them floats: nothing to broadcast or cast
    Call, Read, Write, Pick                                everything else

`like` is the shape and dtype, None for a float. p or q is None for a constant. What a row does not read of y, x and z was not kept.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from wengert.rules.row import Row, zeros
from wengert.rules.vocabulary import SCALAR, Traced, match, match_live
from wengert.trace.storage import Layout, Shadow, copied, owner

Ref = Any  # the place of an operand, or (place, layout) for a view
Node = Any


class Call:
    """A call through its row: operands by position, and y, args, kwargs as far as the row reads them."""

    __slots__ = ("args", "kwargs", "like", "refs", "row", "y")

    def __init__(self, row: Row, like: Any, refs: dict[Any, Ref], y: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.row = row
        self.like = like
        self.refs = refs
        self.y = y
        self.args = args
        self.kwargs = kwargs

    def pull(self, sweep: "Pull", g: Any) -> None:
        g, live = sweep.together(g, self.like) if isinstance(g, list) else bare(g)
        if g is None:
            return
        for position, c, m in self.row.pull(g, live, self.y, self.args, self.kwargs, tuple(self.refs)):
            sweep.add(self.refs[position], None, c, m)

    def push(self, sweep: "Push", place: int) -> None:
        tangents = {position: t for position, r in self.refs.items() if (t := sweep.read(r))[0] is not None}
        if tangents:
            t, live = self.row.push(self.y, self.args, self.kwargs, tangents)
            sweep.set(place, t, live, self.like)

    def places(self) -> Iterator[int]:
        return (place_of(r) for r in self.refs.values())

    def copied(self, fresh: Callable[[Any], Any]) -> "Call":
        return Call(self.row, self.like, self.refs, deeply(fresh, self.y), deeply(fresh, self.args), self.kwargs)


class Read:
    """x[index] as a copy: its cotangent goes into its part of x's shadow."""

    __slots__ = ("index", "like", "ref")

    def __init__(self, ref: Ref, index: Any, like: Any) -> None:
        self.ref = ref
        self.index = index
        self.like = like

    def pull(self, sweep: "Pull", g: Any) -> None:
        g, live = bare(g)
        if g is not None:
            sweep.add(self.ref, self.index, g, live)

    def push(self, sweep: "Push", place: int) -> None:
        shadow = sweep.tangents[place_of(self.ref)]
        t, live = (None, False) if shadow is None else shadow.part(layout_of(self.ref), self.index)
        if t is not None:
            sweep.set(place, t, live, self.like)

    def places(self) -> Iterator[int]:
        return iter(())  # it keeps nothing of x

    def copied(self, fresh: Callable[[Any], Any]) -> "Read":
        return self


class Write:
    """x[index] = v, or np.add.at(x, index, v) (adds): it has no result."""

    __slots__ = ("adds", "index", "ref", "value")

    def __init__(self, ref: Ref, index: Any, value: Ref | None, adds: bool) -> None:
        self.ref = ref
        self.index = index
        self.value = value
        self.adds = adds

    def pull(self, sweep: "Pull", g: Any) -> None:
        place = place_of(self.ref)
        if sweep.cotangents[place] is None or sweep.cotangents[place] is WRITTEN:
            return
        shadow = sweep.shadow(place)
        layout = layout_of(self.ref)
        c, live = shadow.part(layout, self.index) if self.adds else shadow.take(layout, self.index)
        if self.value is not None:
            sweep.add(self.value, None, c, live)

    def push(self, sweep: "Push", place: int) -> None:
        t, live = (None, False) if self.value is None else sweep.read(self.value)
        target = place_of(self.ref)
        if t is None and (self.adds or sweep.tangents[target] is None):
            return
        shadow = sweep.shadow(target)
        if self.adds:
            shadow.add(layout_of(self.ref), self.index, t, live)
        else:
            shadow.write(layout_of(self.ref), self.index, t, live)

    def places(self) -> Iterator[int]:
        return iter(())

    def copied(self, fresh: Callable[[Any], Any]) -> "Write":
        return self


class Pick:
    """One of the results of a call that has several."""

    __slots__ = ("index", "like", "parent")

    def __init__(self, parent: int, index: int, like: Any) -> None:
        self.parent = parent
        self.index = index
        self.like = like

    def pull(self, sweep: "Pull", g: Any) -> None:
        if sweep.cotangents[self.parent] is None:
            sweep.cotangents[self.parent] = [None] * len(sweep.nodes[self.parent].like)
        sweep.cotangents[self.parent][self.index] = bare(g)

    def push(self, sweep: "Push", place: int) -> None:
        if sweep.tangents[self.parent] is not None:
            ts, lives = sweep.tangents[self.parent]
            if ts[self.index] is not None:
                sweep.set(place, ts[self.index], None if lives is None else lives[self.index], self.like)

    def places(self) -> Iterator[int]:
        yield self.parent  # which keeps y

    def copied(self, fresh: Callable[[Any], Any]) -> "Pick":
        return self


WRITTEN = object()  # marks the places of writes, which have no cotangent of their own


class Record:
    """A list as far as it goes now: what the sweeps need."""

    __slots__ = ("layouts", "nodes", "writes")

    def __init__(self, nodes: list[Node], layouts: dict[int, Layout], writes: list[int]) -> None:
        self.nodes = nodes
        self.layouts = layouts
        self.writes = writes

    def pull(self, seeds: Sequence[tuple[Ref, Any, Any]]) -> "Pull":
        sweep = Pull(self, seeds)
        sweep.run()
        return sweep

    def push(self, seeds: Sequence[tuple[int, Any, Any]]) -> "Push":
        sweep = Push(self, seeds)
        sweep.run()
        return sweep


class Pull:
    """One reverse sweep: the cotangents of the list's places, each freed once it has been passed on."""

    __slots__ = ("cotangents", "layouts", "nodes", "order")
    visit: Any = None  # told the place and the cotangent of each node on the way (diff/track.py, watch/); of writes, WRITTEN

    def __init__(self, record: Record, seeds: Sequence[tuple[Ref, Any, Any]]) -> None:
        self.nodes: Any = record.nodes
        self.layouts = record.layouts
        top = -1
        for r, _, _ in seeds:
            top = max(top, place_of(r))
        if record.writes:
            top = max(top, record.writes[-1])  # a write into a seed's storage comes after its place
        self.order: Sequence[int] = range(top, -1, -1)
        self.cotangents: Any = [None] * (top + 1)
        for place in record.writes:
            self.cotangents[place] = WRITTEN
        for r, g, live in seeds:
            self.add(r, None, g, live)

    def run(self) -> None:
        cotangents, nodes, visit = self.cotangents, self.nodes, self.visit
        for k in self.order:
            g = cotangents[k]
            if g is None:
                continue
            node = nodes[k]
            if visit is not None:
                visit(k, g)
            if type(node) is not tuple:
                cotangents[k] = None
                node.pull(self, g)
                continue
            row = node[0]
            if row is None:
                continue  # a leaf keeps its own
            cotangents[k] = None
            if type(g) is Shadow or row.live is not None:
                self.masked(node, *bare(g))
                continue
            try:
                if len(node) == 4:
                    _, p, y, x = node
                    c = g if row.first is None else g * row.first(y, x)
                    old = cotangents[p]
                    cotangents[p] = c if old is None else joined(old, c)
                elif len(node) == 6:
                    _, p, q, y, x, z = node
                    c = None if p is None else g if row.first is None else g * row.first(y, x, z)
                    d = None if q is None else g if row.second is None else g * row.second(y, x, z)
                    if c is not None:
                        old = cotangents[p]
                        cotangents[p] = c if old is None else joined(old, c)
                    if d is not None:
                        old = cotangents[q]
                        cotangents[q] = d if old is None else joined(old, d)
                elif len(node) == 5:
                    _, _, p, y, x = node
                    self.join(p, row.pulls[0](g, y, x))
                else:
                    _, _, p, q, y, x, z = node
                    c = None if p is None else row.pulls[0](g, y, x, z)
                    d = None if q is None else row.pulls[1](g, y, x, z)
                    if c is not None:
                        self.join(p, c)
                    if d is not None:
                        self.join(q, d)
            except (ZeroDivisionError, OverflowError):  # Python's floats raise where NumPy's say inf
                self.masked(node, g, None)

    def join(self, place: int, c: Any) -> None:
        """Add a contribution, all of it alive, for the tensor at a place."""
        like = like_at(self.nodes[place])
        if like is not None:
            if type(c) is not np.ndarray or c.shape != like.shape or c.dtype is not like.dtype:
                c = match(c, like)
        elif type(c) is not np.float64 and type(c) is not float:
            c = match(c, SCALAR)
        old = self.cotangents[place]
        self.cotangents[place] = c if old is None else joined(old, c)

    def masked(self, node: Node, g: Any, live: Any) -> None:
        """The plain form of what `run` does for a tuple: through the row, with masks."""
        row, operands, y, args = taken_apart(node)
        for i, place in enumerate(operands):
            if place is not None:
                ((_, c, m),) = row.pull(g, live, y, args, {}, (i,))
                self.add(place, None, c, m)

    def add(self, r: Ref, index: Any, c: Any, live: Any) -> None:
        """Add a contribution for x, or for x[index]."""
        place, layout = r if type(r) is tuple else (r, None)
        if index is None:
            like = layout or like_at(self.nodes[place])
            if like is None:
                like = SCALAR
                if type(c) is not np.float64:
                    c = match(c, like)
            elif type(c) is not np.ndarray or c.shape != like.shape or c.dtype is not like.dtype:
                c = match(c, like)
            if live is not None:
                live = match_live(live, like)
        old = self.cotangents[place]
        if layout is None and index is None and live is None and type(old) is not Shadow:
            self.cotangents[place] = c if old is None else old + c
        else:
            self.shadow(place).add(layout, index, c, live)

    def shadow(self, place: int) -> Shadow:
        """The cotangent of a storage as a shadow, from here on."""
        old = self.cotangents[place]
        if type(old) is not Shadow:
            whole = whole_of(self.nodes[place], place, self.layouts)
            old = Shadow(whole, old, False if old is None else None, sign=-1)
            self.cotangents[place] = old
        return old

    def together(self, gs: list[Any], likes: tuple[Any, ...]) -> tuple[Any, Any]:
        """The cotangents of several results, zeros for those that nothing reached, and a tuple of their masks (those: False)."""
        pairs = [(zeros(like or SCALAR), False) if g is None else g for g, like in zip(gs, likes, strict=True)]
        lives = tuple(live for _, live in pairs)
        return tuple(g for g, _ in pairs), (None if all(live is None for live in lives) else lives)

    def at(self, places: list[int]) -> list[Any]:
        """The cotangents of leaves, None for those that nothing reached."""
        found, end = self.cotangents, len(self.cotangents)
        gs = [found[place] if place < end else None for place in places]
        return [g.read()[0] if type(g) is Shadow else g for g in gs]


class Push:
    """One forward sweep: the tangents of the list's places."""

    __slots__ = ("layouts", "nodes", "tangents")

    def __init__(self, record: Record, seeds: Sequence[tuple[int, Any, Any]]) -> None:
        self.nodes = record.nodes
        self.layouts = record.layouts
        self.tangents: list[Any] = [None] * len(record.nodes)
        for place, t, live in seeds:
            self.set(place, t, live, like_at(self.nodes[place]))

    def run(self) -> None:
        for k, node in enumerate(self.nodes):
            if type(node) is not tuple:
                node.push(self, k)
            elif len(node) > 2:
                row, operands, y, args = taken_apart(node)
                tangents = {i: t for i, p in enumerate(operands) if p is not None and (t := self.read(p))[0] is not None}
                if tangents:
                    t, live = row.push(y, args, {}, tangents)
                    self.set(k, t, live, like_at(node))

    def set(self, place: int, t: Any, live: Any, like: Any) -> None:
        if isinstance(like, tuple):
            self.tangents[place] = t, live
            return
        self.tangents[place] = Shadow(whole_of(self.nodes[place], place, self.layouts), *spread(t, live, like or SCALAR))

    def read(self, r: Ref) -> tuple[Any, Any]:
        place, layout = r if type(r) is tuple else (r, None)
        shadow = self.tangents[place]
        return (None, False) if shadow is None else shadow.read(layout)

    def __getitem__(self, r: Ref) -> Any:
        """The tangent of a result, or None if nothing reached it."""
        return self.read(r)[0]

    def shadow(self, place: int) -> Shadow:
        if self.tangents[place] is None:
            self.tangents[place] = Shadow(whole_of(self.nodes[place], place, self.layouts))
        return self.tangents[place]


# --- small things ---------------------------------------------------------------------------------------------------------


def bare(g: Any) -> tuple[Any, Any]:
    """A cotangent and its mask, out of the shadow that may hold them."""
    return g.read() if type(g) is Shadow else (g, None)


def spread(t: Any, live: Any, like: Any) -> tuple[Any, Any]:
    """A tangent and mask as those of a result like: broadcast to its shape, cast, real for a real result."""
    if not hasattr(t, "dtype"):
        t = np.asarray(t)[()]
    if t.dtype != like.dtype:
        t = (np.real(t) if like.dtype.kind == "f" and t.dtype.kind == "c" else t).astype(like.dtype)
    if live is not None and np.shape(live) != like.shape:
        live = np.broadcast_to(live, like.shape)
    return (t if t.shape == like.shape else np.broadcast_to(t, like.shape)), live


def whole_of(node: Node, place: int, layouts: dict[int, Layout]) -> Layout:
    """The layout of the storage at a place; if it has no views and was never written, any will do."""
    whole = layouts.get(place)
    if whole is None:
        like = like_at(node) or SCALAR
        whole = Layout.contiguous(like.shape, like.dtype)
    return whole


def taken_apart(node: Node) -> tuple[Any, tuple[int | None, ...], Any, tuple[Any, ...]]:
    """(row, places of the operands, y, values of the operands) of a tuple."""
    first = 1 + len(node) % 2
    count = (len(node) - first - 1) // 2
    return node[0], node[first : first + count], node[first + count], node[first + count + 1 :]


def like_at(node: Node) -> Any:
    """The shape and dtype of a node's tensor; None for a float."""
    if type(node) is tuple:
        return None if len(node) in (4, 6) else node[1]
    return node.like


def joined(old: Any, c: Any) -> Any:
    """A cotangent with another contribution; nothing but a shadow is changed in place."""
    if type(old) is Shadow:
        old.add(None, None, c, None)
        return old
    return old + c


def place_of(r: Ref) -> int:
    return r[0] if type(r) is tuple else r


def layout_of(r: Ref) -> Layout | None:
    return r[1] if type(r) is tuple else None


def places(node: Node) -> Iterator[int]:
    """The places of the storages of which a node may have kept values, besides its own."""
    return iter(operand_places(node)) if type(node) is tuple else node.places()


OPERANDS = {2: slice(0), 4: slice(1, 2), 5: slice(2, 3), 6: slice(1, 3), 7: slice(2, 4)}  # of a tuple, by its length


def operand_places(node: Node) -> tuple[int, ...]:
    """The places of a node's operands."""
    if type(node) is tuple:
        places = node[OPERANDS[len(node)]]
        return places if None not in places else tuple([p for p in places if p is not None])
    if isinstance(node, Call):
        return tuple(map(place_of, node.refs.values()))
    if isinstance(node, Write):
        return (place_of(node.ref),) if node.value is None else (place_of(node.ref), place_of(node.value))
    return (place_of(node.ref),) if isinstance(node, Read) else (node.parent,) if isinstance(node, Pick) else ()


def private(node: Node, memory: Any) -> Node:
    """The node with copies of whatever it keeps in the given memory."""

    def fresh(a: Any) -> Any:
        return copied(a) if isinstance(a, np.ndarray | Traced) and owner(a) is memory else a

    return tuple(map(fresh, node)) if type(node) is tuple else node.copied(fresh)


def deeply(fresh: Callable[[Any], Any], a: Any) -> Any:
    if isinstance(a, list | tuple):
        return type(a)(deeply(fresh, b) for b in a) if type(a) in (list, tuple) else a
    return fresh(a)
