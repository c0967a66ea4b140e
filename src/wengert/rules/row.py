"""What a row is: the two questions that every trace may ask of it, and what it says to a tape of the memory that these need.

    row.push(y, args, kwargs, tangents)   the tangent of y, from the tangents of some of its operands
    row.pull(g, y, args, kwargs, wanted)  the cotangents of the wanted operands, from that of y
    row.strip(y, args, active)            y and args, with `Like` for what neither will read

A row knows nothing of tapes, and answers in plain NumPy.

An operand's *position* is its index in args, or (index, index in that list) when the argument is a list of arrays.
A tangent or cotangent travels with its mask of live elements: None when all are, else booleans, False where it is zero by
structure and not by arithmetic (see `vocabulary.times`). `live=` on a row says what it does to masks: "moves" (each element of
the result is a sum of elements of the operand), "selects" (the same, and what is not taken is dead), or None (masks end).

Conventions: cotangents pair with tangents as Re(sum(g * t)), so the cotangent of a complex value is df/dx - i df/dy, and a
transpose never conjugates what the primal did not.
"""

import dis
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from wengert.rules.vocabulary import SCALAR, Like, Traced

Position = Any  # an index in args, or (index, index in that list)
Masked = tuple[Any, Any]  # a tangent or cotangent, and its mask of live elements (None: all)
Args = tuple[Any, ...]
Kwargs = dict[str, Any]
Tangents = dict[Position, Masked]
Wanted = Sequence[Position]
Pulled = Iterator[tuple[Position, Any, Any]]
Reads = tuple[bool, frozenset[int] | None]
Live = Literal["moves", "selects"] | None
Batch = Literal["broadcast", "axis", "stacked", "loop"]


@dataclass(frozen=True, eq=False)
class Row(ABC):
    """What is declared of one function; the subclasses are the verbs."""

    f: Callable[..., Any]
    live: Live = field(default=None, kw_only=True)
    batch: Batch = field(default="loop", kw_only=True)
    domain: Any = field(default=None, kw_only=True)
    where: str = field(default="", kw_only=True)
    definition: Callable[..., Any] | None = field(default=None, kw_only=True)  # f in other functions; NotImplemented: not this call

    @abstractmethod
    def push(self, y: Any, args: Args, kwargs: Kwargs, tangents: Tangents) -> Masked:
        """The tangent of y, given those of some operands."""

    @abstractmethod
    def pull(self, g: Any, live: Any, y: Any, args: Args, kwargs: Kwargs, wanted: Wanted) -> Pulled:
        """(position, cotangent, mask) for each wanted operand, before `match`."""

    def reads(self, active: frozenset[int]) -> Reads:
        """Whether y, and which args (None: all), are read by push and pull when these args are active."""
        return True, None

    @cached_property
    def own(self) -> bool:
        """Whether it is declared outside Wengert."""
        return not self.where.startswith("wengert.")

    @cached_property
    def keeps(self) -> tuple[tuple[bool, ...], ...]:
        """For a tape's quick route: by the bits of the active operands, whether y and each operand are kept."""
        count = len(self.pulls)
        table = []
        for bits in range(2**count):
            keep_y, keep = self.reads(frozenset(i for i in range(count) if bits >> i & 1))
            table.append((keep_y, *(keep is None or i in keep for i in range(count))))
        return tuple(table)

    @cached_property
    def pulls(self) -> tuple[Callable[..., Any], ...]:
        """For a tape's quick route: the cotangent of each operand of a plain call, from (g, y, *args); () if there is none."""
        return ()

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of f's parameters that have a place, for calls that name their arrays; () where Python cannot tell."""
        return tuple(k for k, p in self.signature.parameters.items() if p.kind <= p.POSITIONAL_OR_KEYWORD)

    @cached_property
    def placed(self) -> frozenset[str]:
        """Those whose arguments a rule takes by their places, also where they are constant and were given by name."""
        return frozenset()

    @cached_property
    def out(self) -> int:
        """The place of f's parameter `out`; beyond all arguments if it has none."""
        return self.parameters.index("out") if "out" in self.parameters else 64

    def joined(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """args with arrays for the lists among those operands that are arrays."""
        return args

    @cached_property
    def defaults(self) -> dict[str, Any]:
        return {k: p.default for k, p in self.signature.parameters.items() if p.default is not p.empty}

    @cached_property
    def signature(self) -> inspect.Signature:
        """That of f; where Python cannot tell (of functions in C, before NumPy 2.4), that of a transpose without its g."""
        for f, first in ((self.f, 0), *((transpose, 1) for transpose in self.rules())):
            try:
                return inspect.Signature(list(inspect.signature(f).parameters.values())[first:])
            except (TypeError, ValueError):
                continue
        return inspect.Signature()

    def rules(self) -> tuple[Callable[..., Any], ...]:
        """The transposes (g, *args) by which f's own parameters may be known."""
        return ()

    def strip(self, y: Any, args: tuple[Any, ...], active: frozenset[int]) -> tuple[Any, tuple[Any, ...]]:
        """y and args with `Like` in place of what no derivative will read."""
        plan = self.plans.get(active)
        if plan is None:
            plan = self.plans[active] = self.reads(active)
        keep_y, keep = plan
        kept = args if keep is None else tuple([a if i in keep else like(a) for i, a in enumerate(args)])
        return (y if keep_y else like(y)), kept

    @cached_property
    def plans(self) -> dict[frozenset[int], tuple[bool, frozenset[int] | None]]:
        """What `reads` answered: reading bytecode costs more than most calls."""
        return {}


def joined(a: Any) -> Any:
    """A list of numbers, arrays and tensors as one array, as np.array would make it; anything else as it is."""
    if not isinstance(a, list | tuple):
        return a
    parts = [joined(b) for b in a]
    return np.stack(parts) if any(isinstance(b, Traced) for b in parts) else np.asarray(a)


def like(a: Any) -> Any:
    """a as a `Like`, if it is an array or a number; lists of them likewise."""
    kind = type(a)
    if kind is np.ndarray:
        return Like(a.shape, a.dtype)
    if kind is np.float64 or kind is float:
        return SCALAR
    if isinstance(a, list | tuple):
        return kind(map(like, a)) if kind in (list, tuple) else a
    if kind is complex:
        return Like((), np.dtype(complex))
    return Like(a.shape, a.dtype) if hasattr(a, "dtype") and hasattr(a, "shape") else a


# --- small things the verbs share -------------------------------------------------------------------------------------


def parameters_read(f: Callable[..., Any]) -> frozenset[int] | None:
    """The indices of the positional parameters that f's body reads; None if that cannot be told (all, then)."""
    code = getattr(f, "__code__", None)
    if code is None or code.co_flags & inspect.CO_VARARGS:
        return None
    names = code.co_varnames[: code.co_argcount]
    used = {i.argval for i in dis.get_instructions(code) if i.opname.startswith("LOAD_")} | set(code.co_cellvars)
    return frozenset(i for i, name in enumerate(names) if name in used)


def replaced(f: Any, args: tuple[Any, ...], operands: tuple[int, ...], new: Callable[[Position, Any], Any]) -> list[Any]:
    """args with new(position, value) in the places of the operands."""
    out: list[Any] = list(args)
    for i in operands:
        if i < len(args):
            a = args[i]
            out[i] = [new((i, j), b) for j, b in enumerate(a)] if isinstance(a, list | tuple) else new(i, a)
    return out


def zeros(a: Any) -> Any:
    """A zero tangent for a; of a tuple, a tuple."""
    if isinstance(a, list | tuple):
        return tuple(map(zeros, a))
    if isinstance(a, Like):
        return np.zeros(a.shape, a.dtype)
    if not hasattr(a, "dtype"):
        return 0.0  # of a Python number: as weak as that
    return np.zeros(shape_of(a), a.dtype if a.dtype.kind in "fc" else float)


def within(m: Any, x: Any, kwargs: Mapping[str, Any]) -> Any:
    """The mask of an operand of a reduction, of which `where=` took a part: the rest is dead."""
    where = kwargs.get("where", True)
    if where is True:
        return m
    where = np.broadcast_to(where, shape_of(x))
    return where if m is None else np.logical_and(where, m)


def as_tuple(cotangents: Any) -> tuple[Any, ...]:
    return cotangents if isinstance(cotangents, tuple) else (cotangents,)


def strong(a: Any) -> Any:
    """A Python float as NumPy's, which divides by zero without raising."""
    return a if a is None or isinstance(a, Like) or np.ndim(a) else np.positive(a)


def mask_of(live: Any, a: Any) -> Any:
    """A mask in full: live itself, or all True (None), or all False, in the shape of a."""
    return np.full(shape_of(a), live is None) if live is None or live is False else live


def shape_of(a: Any) -> tuple[int, ...]:
    return a.shape if hasattr(a, "shape") else np.shape(a)


def union(a: Any, b: Any) -> Any:
    """Alive where either is."""
    if a is None or b is None:
        return None
    return False if a is False and b is False else np.logical_or(a, b)


def selected(d: Any, live: Any) -> Any:
    """The mask of a partial that selects: dead where it is zero."""
    return d != 0 if live is None else np.logical_and(d != 0, live)
