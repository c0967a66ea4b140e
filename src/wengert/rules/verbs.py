"""The verbs: the kinds of row there are, and how each answers from what was declared.

Elementwise     partial derivatives                     Pair          both modes, by hand
Linear          a transpose for each operand            Constant      nothing moves
Multilinear     the same, of products                   Fresh         new memory, no operands
Several         Elementwise, of several results         Composite     a definition in other functions
"""

import functools
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from wengert.errors import MissingRuleError, RuleError, function_name
from wengert.rules.row import (
    Args,
    Kwargs,
    Masked,
    Position,
    Pulled,
    Reads,
    Row,
    Tangents,
    Wanted,
    as_tuple,
    joined,
    mask_of,
    parameters_read,
    replaced,
    selected,
    shape_of,
    strong,
    union,
    within,
    zeros,
)
from wengert.rules.vocabulary import times


def unset(*_: Any) -> Any:
    """A column that has to be given."""
    raise RuleError("a pair needs both jvp= and vjp=")


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
