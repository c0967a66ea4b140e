"""What a watched trace knows besides: the user's line of each call, and where what is not finite came from.

    notes.lines[place]          the line of a node
    notes.origin(t)             the origin of a tensor's NaN or infinity
    report(notes, origin, "the result is nan")

What was broken on the way and does not come through (the branch not taken of `np.where(x > 0, np.log(x), 0.0)`) is nobody's
trouble. So each value, tangent and cotangent that is not finite remembers its origin, and only those that arrive are reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wengert.rules.row import Row
from wengert.rules.vocabulary import bottom
from wengert.trace.tape import Tape
from wengert.trace.tensor import Tensor, View
from wengert.watch.lines import Line, here
from wengert.watch.origins import How, Origin, Sketch, first, kind_of, short_name, such, text

DEPTH = 4  # of sketches
STEPS = 32  # of which it is remembered that they handed something on


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


Origins = dict[Any, tuple[Origin, Any]]
"""By storage (see `key`), with what has to live as long as the key."""


class Notes:
    """What a watched trace has seen so far."""

    __slots__ = ("began", "lines", "sketches", "tangents", "trouble", "watcher")

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.began = False  # whether anything was computed yet
        self.lines: dict[int, Line] = {}  # by place
        self.trouble: Origins = {}  # of values
        self.tangents: Origins = {}  # of tangents, in forward mode
        self.sketches: dict[Any, Sketch] = {}  # how a storage was computed

    def origin(self, t: Tensor) -> Origin | None:
        """That of a tensor's value."""
        return self.at(key(t))

    def at(self, place: Any) -> Origin | None:
        return self.trouble[place][0] if place in self.trouble else None


def key(t: Tensor) -> Any:
    """What names the storage of a tensor: on a tape its place."""
    return t.place if isinstance(t._trace, Tape) else id(storage(t))


def storage(t: Tensor) -> Tensor:
    return t.base if isinstance(t, View) else t


def note(table: Origins, t: Tensor, origin: Origin) -> None:
    """Remember an origin, if it is the first of this storage, or more to blame: np.empty may hold anything to begin with."""
    known = table.get(key(t))
    if known is None or BLAME.index(origin.how) < BLAME.index(known[0].how):
        table[key(t)] = origin, None if isinstance(t._trace, Tape) else storage(t)


def came_in(how: How, a: Any) -> Origin:
    """The origin of what was not finite already when it came in."""
    a = bottom(a)
    mask = such(np.asarray(a), kind_of(a))
    count, size = int(np.count_nonzero(mask)), int(np.size(mask))
    return Origin(
        how, kind_of(a), "forward evaluation", line=here(), index=first(mask), count=count, size=size, operands=(text(a),)
    )


def handed_on(origins: Sequence[Origin], row: Row | None = None) -> Origin:
    """Of several origins the one to tell of, which has now come through one more call."""
    origin = min(origins, key=lambda o: BLAME.index(o.how))
    if row is not None and len(origin.through) < STEPS:
        origin.through.append(short_name(row.f))
    return origin


BLAME: tuple[How, ...] = ("made", "seed", "input", "outside")


def report(notes: Notes, origin: Origin, where: str) -> None:
    """Tell of what arrived; an infinity that was given from outside (a mask, a bound) is there on purpose."""
    if origin.how != "outside" or origin.what == "nan":
        notes.watcher.reached(origin, where)


def trimmed(sketch: Sketch, depth: int) -> Sketch:
    return (sketch[0], tuple([trimmed(s, depth - 1) for s in sketch[1]])) if sketch and depth else ()
