"""Rows: the derivative of a function, declared once and read by every trace.

    elementwise(np.sin,   lambda y, x: np.cos(x))
    linear(np.transpose,  lambda g, x, axes=None: np.transpose(g, inverse(axes)), live="moves")
    pair(np.linalg.inv,   jvp=inv_jvp, vjp=inv_vjp)

A row knows nothing of tapes. It answers two questions about one call y = f(*args, **kwargs), in plain NumPy:

    push(y, args, kwargs, tangents)   the tangent of y, from the tangents of some of its operands
    pull(g, y, args, kwargs, wanted)  the cotangents of the wanted operands, from that of y

and says what of y and args these need (`strip`), so that a tape keeps no memory it will not read.

An operand's *position* is its index in args, or (index, index in that list) when the argument is a list of arrays.
A tangent or cotangent travels with its mask of live elements: None when all are, else booleans, False where it is zero by
structure and not by arithmetic (see `vocabulary.times`). `live=` on a row says what it does to masks: "moves" (each element of
the result is a sum of elements of the operand), "selects" (the same, and what is not taken is dead), or None (masks end).

Conventions: cotangents pair with tangents as Re(sum(g * t)), so the cotangent of a complex value is df/dx - i df/dy, and a
transpose never conjugates what the primal did not.
"""

import dis
import functools
import importlib
import inspect
import operator
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from wengert.errors import MissingRuleError, RuleError, function_name, user_line
from wengert.rules.vocabulary import SCALAR, Like, Traced, times

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


def unset(*_: Any) -> Any:
    """A column that has to be given."""
    raise RuleError("a pair needs both jvp= and vjp=")


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


@dataclass(frozen=True, eq=False)
class Elementwise(Row):
    """y[i] depends on the i-th elements alone: one partial derivative an operand, a function of (y, *args) or a number."""

    partials: tuple[Callable[..., Any] | float | None, ...] = ()
    first: Any = field(init=False, default=None)  # the partials as a sweep wants them at hand: None is 1
    second: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        for name, d in zip(("first", "second"), self.partials, strict=False):
            object.__setattr__(self, name, None if d == 1.0 else d if callable(d) else times_constant(d))

    def partial(self, i: int, y: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        d = self.partials[i] if i < len(self.partials) else None
        if d is None:
            raise MissingRuleError(
                f"{function_name(self.f)} has no derivative with respect to argument {i}"
                f" ({self.where or 'its row'} declares none). Keep that argument constant: wg.stop_gradient(...)."
            )
        if not callable(d):
            return d
        try:
            return d(y, *args, **kwargs)
        except (ZeroDivisionError, OverflowError):  # Python's floats raise where NumPy's say inf
            return d(strong(y), *map(strong, args), **kwargs)

    def push(self, y: Any, args: Args, kwargs: Kwargs, tangents: Tangents) -> Masked:
        total, alive = None, False
        for i, (t, live) in tangents.items():
            d = self.partial(i, y, args, kwargs)
            live = selected(d, live) if self.live == "selects" else live
            term = times(t, d, live)
            alive = live if total is None else union(alive, live)
            total = term if total is None else total + term
        return total, alive

    def pull(self, g: Any, live: Any, y: Any, args: Args, kwargs: Kwargs, wanted: Wanted) -> Pulled:
        for i in wanted:
            d = self.partial(i, y, args, kwargs)
            m = selected(d, live) if self.live == "selects" else live
            yield i, times(g, d, m), m

    def joined(self, args: Args) -> Args:
        return tuple(map(joined, args))

    def reads(self, active: frozenset[int]) -> Reads:
        keep_y, keep = False, set()
        for i in active:
            d = self.partials[i] if i < len(self.partials) else None
            used = parameters_read(d) if callable(d) else frozenset()
            if used is None:
                return True, None
            keep_y = keep_y or 0 in used
            keep |= {j - 1 for j in used if j}
        return keep_y, frozenset(keep)

    @cached_property
    def pulls(self) -> tuple[Callable[..., Any], ...]:
        return tuple([times_partial(d) for d in self.partials])


@dataclass(frozen=True, eq=False)
class Several(Elementwise):
    """An elementwise function of several results: each partial gives a tuple, with the derivative of each result."""

    def push(self, y: Any, args: Args, kwargs: Kwargs, tangents: Tangents) -> Masked:
        slopes = {i: self.partial(i, y, args, kwargs) for i in tangents}
        ts = [[times(t, slopes[i][k], live) for i, (t, live) in tangents.items()] for k in range(len(y))]
        alive = functools.reduce(union, (live for _, live in tangents.values()))
        return tuple(functools.reduce(operator.add, terms) for terms in ts), (alive,) * len(y)

    def pull(self, g: Any, live: Any, y: Any, args: Args, kwargs: Kwargs, wanted: Wanted) -> Pulled:
        lives = (None,) * len(g) if live is None else live  # False: nothing reached this result, however steep it is
        reached = [k for k, m in enumerate(lives) if m is not False]
        if not reached:
            return
        alive = functools.reduce(union, (lives[k] for k in reached))
        for i in wanted:
            slopes = self.partial(i, y, args, kwargs)
            yield i, functools.reduce(operator.add, (times(g[k], slopes[k], lives[k]) for k in reached)), alive


@dataclass(frozen=True, eq=False)
class Linear(Row):
    """f is linear in its operands together, whatever the other arguments: one transpose an operand, (g, *args) -> cotangent."""

    transposes: tuple[Callable[..., Any] | None, ...] = ()

    def push(self, y: Any, args: Args, kwargs: Kwargs, tangents: Tangents) -> Masked:
        named = kwargs.keys() & self.named  # operands given by keyword are constants: traced ones were moved to their places
        ts = replaced(self.f, args, self.operands, lambda p, a: tangents[p][0] if p in tangents else zeros(a))
        t = self.f(*ts, **kwargs | {k: zeros(kwargs[k]) for k in named} if named else kwargs)
        if self.live is None or (self.live == "moves" and not named and all(live is None for live in self.masks(args, tangents))):
            return t, None
        masks = replaced(
            self.f, args, self.operands, lambda p, a: mask_of(tangents[p][1], a) if p in tangents else mask_of(False, a)
        )
        return t, np.asarray(self.f(*masks, **kwargs | {k: mask_of(False, kwargs[k]) for k in named})).astype(bool)

    def masks(self, args: tuple[Any, ...], tangents: dict[Position, Masked]) -> list[Any]:
        """The mask of each operand; that of a constant, whose zero joins, is False."""
        positions = [(i, j) if isinstance(args[i], list | tuple) else i for i in self.operands if i < len(args)
                     for j in range(len(args[i]) if isinstance(args[i], list | tuple) else 1)]  # fmt: skip
        return [tangents[p][1] if p in tangents else False for p in positions]

    def pull(self, g: Any, live: Any, y: Any, args: Args, kwargs: Kwargs, wanted: Wanted) -> Pulled:
        mask = live if live is not None or self.live != "selects" else np.ones(shape_of(g), bool)
        plain = mask is None and "where" not in kwargs
        done: dict[int, tuple[Any, Any]] = {}
        for position in wanted:
            i, j = position if isinstance(position, tuple) else (position, None)
            if i not in self.operands:
                continue  # a condition, an index, a prototype: piecewise constant
            transpose = self.transposes[i]
            assert transpose is not None
            if plain and j is None:  # most calls
                yield position, transpose(g, *args, **kwargs), None
                continue
            if i not in done:
                moved = transpose(mask, *args, **kwargs) if self.live is not None and mask is not None else None
                done[i] = transpose(g, *args, **kwargs), moved
            c, m = done[i] if j is None else (done[i][0][j], done[i][1] and done[i][1][j])
            m = within(m, args[i], kwargs)
            yield position, c, (None if m is None else np.asarray(m != 0))

    @cached_property
    def operands(self) -> tuple[int, ...]:
        return tuple(i for i, transpose in enumerate(self.transposes) if transpose is not None)

    @cached_property
    def named(self) -> frozenset[str]:
        return frozenset(self.parameters[i] for i in self.operands if i < len(self.parameters))

    def rules(self) -> tuple[Callable[..., Any], ...]:
        return tuple(filter(None, self.transposes))

    def reads(self, active: frozenset[int]) -> Reads:
        return False, frozenset(range(64)) - frozenset(self.operands)


@dataclass(frozen=True, eq=False)
class Multilinear(Row):
    """f is linear in each operand while the others are held: transposes as in `Linear`, or one for all, (g, i, *args)."""

    transposes: tuple[Callable[..., Any] | None, ...] | Callable[..., Any] = ()

    def transpose(self, i: int, g: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        if callable(self.transposes):
            return self.transposes(g, i, *args, **kwargs)
        transpose = self.transposes[i]
        assert transpose is not None, "only operands with a transpose are asked for"
        return transpose(g, *args, **kwargs)

    def rules(self) -> tuple[Callable[..., Any], ...]:
        return () if callable(self.transposes) else tuple(filter(None, self.transposes))

    def push(self, y: Any, args: Args, kwargs: Kwargs, tangents: Tangents) -> Masked:
        total = None
        for i, (t, _) in tangents.items():
            term = self.f(*args[:i], t, *args[i + 1 :], **kwargs)
            total = term if total is None else total + term
        return total, None

    def pull(self, g: Any, live: Any, y: Any, args: Args, kwargs: Kwargs, wanted: Wanted) -> Pulled:
        for i in wanted:
            yield i, self.transpose(i, g, args, kwargs), None

    def joined(self, args: Args) -> Args:
        return tuple(map(joined, args))

    def reads(self, active: frozenset[int]) -> Reads:
        return False, None if len(active) > 1 else frozenset(range(64)) - active

    @cached_property
    def pulls(self) -> tuple[Callable[..., Any], ...]:
        if callable(self.transposes) or not isinstance(self.f, np.ufunc):
            return ()
        return tuple([without_result(transpose) for transpose in self.transposes if transpose is not None])


@dataclass(frozen=True, eq=False)
class Pair(Row):
    """Both modes by hand, side by side: jvp(y, *operands, *tangents, *rest) and vjp(g, y, *operands, *rest), tuple of cotangents.

    The first `operands` arguments are differentiable. `vjp` may return a single cotangent when there is one operand.
    Where the row has `live=`, both get masks too, as live= (those of the operands; that of g), and return their result and its masks.
    """

    jvp: Callable[..., Any] = unset
    vjp: Callable[..., Any] = unset
    operands: int = 1

    def push(self, y: Any, args: Args, kwargs: Kwargs, tangents: Tangents) -> Masked:
        self.check(tangents)
        n = min(self.operands, len(args))
        ts = [tangents[i][0] if i in tangents else zeros(args[i]) for i in range(n)]
        if self.live is None:
            return self.jvp(y, *args[:n], *ts, *args[n:], **kwargs), None
        masks = [tangents[i][1] if i in tangents else False for i in range(n)]
        return self.jvp(y, *args[:n], *ts, *args[n:], live=masks, **kwargs)

    def pull(self, g: Any, live: Any, y: Any, args: Args, kwargs: Kwargs, wanted: Wanted) -> Pulled:
        self.check(wanted)
        if self.live is None:
            cotangents = as_tuple(self.vjp(g, y, *args, **kwargs))
            masks = (None,) * len(cotangents)
        else:
            cotangents, masks = map(as_tuple, self.vjp(g, y, *args, live=live, **kwargs))
        for i in wanted:
            yield i, cotangents[i], within(masks[i], args[i], kwargs)

    @cached_property
    def placed(self) -> frozenset[str]:
        return frozenset(self.parameters[: self.operands])

    def joined(self, args: Args) -> Args:
        return (*map(joined, args[: self.operands]), *args[self.operands :])

    def check(self, positions: Any) -> None:
        for i in positions:
            if isinstance(i, tuple) or i >= self.operands:
                raise MissingRuleError(
                    f"{function_name(self.f)} has no derivative with respect to argument {i}."
                    " Keep that argument constant: wg.stop_gradient(...)."
                )

    def reads(self, active: frozenset[int]) -> Reads:
        vjp, jvp = parameters_read(self.vjp), parameters_read(self.jvp)
        if vjp is None or jvp is None:
            return True, None
        n = self.operands
        keep = {i - 2 for i in vjp if i >= 2} | {i - 1 if i <= n else i - 1 - n for i in jvp if 1 <= i <= n or i > 2 * n}
        return 1 in vjp or 0 in jvp, frozenset(keep) | frozenset(range(n, 64))


@dataclass(frozen=True, eq=False)
class Constant(Row):
    """The result is piecewise constant in every argument, or not a number at all."""

    def push(self, y: Any, args: Args, kwargs: Kwargs, tangents: Tangents) -> Masked:
        return zeros(y), None

    def pull(self, g: Any, live: Any, y: Any, args: Args, kwargs: Kwargs, wanted: Wanted) -> Pulled:
        return iter(())


@dataclass(frozen=True, eq=False)
class Fresh(Row):
    """The result is new memory, whatever the arguments hold: traced, but only so that tensors can be written into it."""

    def push(self, y: Any, args: Args, kwargs: Kwargs, tangents: Tangents) -> Masked:
        return None, False

    def pull(self, g: Any, live: Any, y: Any, args: Args, kwargs: Kwargs, wanted: Wanted) -> Pulled:
        return iter(())


@dataclass(frozen=True, eq=False)
class Composite(Row):
    """Defined by calls of other functions: it needs no derivative of its own."""

    def push(self, y: Any, args: Args, kwargs: Kwargs, tangents: Tangents) -> Masked:
        raise self.wrong()

    def pull(self, g: Any, live: Any, y: Any, args: Args, kwargs: Kwargs, wanted: Wanted) -> Pulled:
        raise self.wrong()

    def wrong(self) -> RuleError:
        return RuleError(f"{function_name(self.f)} is a composite: call its definition")


# --- the table --------------------------------------------------------------------------------------------------------

ROWS: dict[Any, Row] = {}
"""Function -> row. Spellings of one function (np.multiply, operator.mul) share one row."""


class Carrier:
    """A function object that carries its row itself: what users make, also inside functions, must not stay in the table for ever."""

    row: Row | None = None


def declare(row: Row) -> None:
    known = row.f.row if isinstance(row.f, Carrier) else ROWS.get(row.f)
    if known is not None:
        raise twice(row.f, known)
    if isinstance(row.f, Carrier):
        row.f.row = row
    else:
        ROWS[row.f] = row


def twice(f: Any, known: Row) -> RuleError:
    return RuleError(f"{function_name(f)} has a rule already, declared at {known.where}. Change that one.")


def declared_at() -> str:
    caller = sys._getframe(2)
    if caller.f_globals.get("__name__") == "wengert.extend" and caller.f_back is not None:
        caller = caller.f_back
    return f"{caller.f_globals.get('__name__', '?')}:{caller.f_lineno}"


def elementwise(f: Callable[..., Any], *partials: Callable[..., Any] | float | None, **columns: Any) -> None:
    """Declare f by its partial derivatives, each a function of (y, *args) or a number; None: not differentiable there.

    Of a ufunc with several results, y is their tuple, and so is what a partial gives: one derivative a result.
    """
    partials = tuple(float(d) if isinstance(d, int) else d for d in partials)
    verb = Several if getattr(f, "nout", 1) > 1 else Elementwise
    declare(verb(f, partials=partials, where=declared_at(), **{"batch": "broadcast", **columns}))


def linear(f: Callable[..., Any], *transposes: Callable[..., Any] | None, **columns: Any) -> None:
    """Declare f, linear in the operands that have a transpose (g, *args, **kwargs), taken together. Operands arrive as `Like`."""
    declare(Linear(f, transposes=transposes, where=declared_at(), **columns))


def multilinear(f: Callable[..., Any], *transposes: Callable[..., Any] | None, each: Any = None, **columns: Any) -> None:
    """Declare f, linear in each operand by itself; `each=` is one transpose (g, i, *args, **kwargs) for operands without number."""
    declare(Multilinear(f, transposes=each or transposes, where=declared_at(), **columns))


def pair(f: Callable[..., Any], *, jvp: Callable[..., Any], vjp: Callable[..., Any], **columns: Any) -> None:
    """Declare f by its two modes; `operands=` counts the leading differentiable arguments (1)."""
    declare(Pair(f, jvp=jvp, vjp=vjp, where=declared_at(), **columns))


def constant(*functions: Callable[..., Any]) -> None:
    """Declare functions whose results are piecewise constant or carry no derivative."""
    for f in functions:
        declare(Constant(f, where=declared_at()))


def fresh(*functions: Callable[..., Any]) -> None:
    """Declare functions that make an array like their argument, without reading it."""
    for f in functions:
        declare(Fresh(f, where=declared_at()))


def composite(f: Callable[..., Any], definition: Callable[..., Any]) -> None:
    """Declare f by a definition in other NumPy calls, with f's own signature."""
    declare(Composite(f, definition=definition, where=declared_at()))


def spelled(f: Callable[..., Any], *others: Callable[..., Any]) -> None:
    """Other names of f: operators, aliases."""
    for other in others:
        known = ROWS.setdefault(other, ROWS[f])
        if known is not ROWS[f]:
            raise twice(other, known)


NOT_YET: dict[Any, str] = {}
"""Function -> why it has no row, and what to write instead: what an error says of it (rules/numpy/not_yet.py)."""


def not_yet(reason: str, *functions: Any) -> None:
    """Say of functions why they have no row."""
    for f in functions:
        NOT_YET[f] = reason


METHODS: dict[str, Callable[..., Any]] = {}
"""What a method of any ufunc means, by its name: a function (ufunc, *args, **kwargs) in calls of the ufunc itself."""


def ufunc_method(name: str, definition: Callable[..., Any]) -> None:
    """Declare a method (reduce, accumulate, outer) of all ufuncs that have a row."""
    METHODS[name] = definition


LATE = {"scipy.special": ("wengert.rules.scipy.special", "wengert.scipy.special")}
"""Modules of rows and of twins that wait for their library, so that importing wengert never imports it; each leaves once loaded."""


def load_late() -> None:
    """Load the modules whose library is there by now."""
    for library, modules in tuple(LATE.items()):
        if library in sys.modules:
            for module in modules:
                importlib.import_module(module)  # another thread that comes here meanwhile waits for it
            LATE.pop(library, None)


TWINS: dict[Any, Callable[..., Any]] = {}
"""Another library's function -> ours of the same name and signature, where NumPy's protocols do not hand us its calls."""


def twin(f: Any, ours: Callable[..., Any]) -> None:
    """Declare that ours stands for f."""
    if f in TWINS:
        raise RuleError(f"{function_name(f)} has a twin already, {function_name(TWINS[f])}. Change that one.")
    TWINS[f] = ours


def row_of(f: Any) -> Row:
    """The row of f, or an error that says which row to add."""
    row = f.row if isinstance(f, Carrier) else ROWS.get(f)
    if row is None and isinstance(ufunc := getattr(f, "__self__", None), np.ufunc) and f.__name__ in METHODS:
        return Composite(f, definition=functools.partial(METHODS[f.__name__], ufunc), where=row_of(ufunc).where)
    if row is None and LATE:
        load_late()
        row = ROWS.get(f)
    if row is None:
        from_method = getattr(f, "__self__", None)
        name = f"{function_name(f)}{' of ' + function_name(from_method) if isinstance(from_method, np.ufunc) else ''}"
        raise MissingRuleError(f"{name} has no derivative rule{f': {NOT_YET[f]}' if f in NOT_YET else ADVICE}" + user_line())
    return row


ADVICE = ". Write it in functions that have one, declare one (wengert.extend), or wrap it: wg.primitive."


def times_constant(d: float | None) -> Callable[..., Any]:
    """A partial that is a number, as a function; None: there is none, and `Elementwise.partial` says so."""

    def partial(*_: Any) -> Any:
        if d is None:
            raise OverflowError  # leads to the plain form
        return d

    return partial


def times_partial(d: Callable[..., Any] | float | None) -> Callable[..., Any]:
    """A partial as what it makes of a cotangent: (g, y, *args) -> g d."""
    if d == 1.0:
        return lambda g, *_: g
    d = d if callable(d) else times_constant(d)
    return lambda g, *args: g * d(*args)


def without_result(transpose: Callable[..., Any]) -> Callable[..., Any]:
    """A transpose for callers that pass the result along: (g, y, *args)."""
    return lambda g, _, *args: transpose(g, *args)


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
    return np.positive(a) if a is not None and np.ndim(a) == 0 else a


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
