"""Dense Jacobians and Hessians, and products with them.

    jacobian(f)(x)      shape y.shape + x.shape
    hessian(f)(x)       shape x.shape + x.shape, for f with one number as its result
    hvp(f)(x, v)        H v, for the price of a few gradients

f runs once and leaves its list; the list is then swept once for each element of the result (backwards), or of x (forwards).
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal, ParamSpec

import numpy as np

from wengert.diff.arguments import Inputs, enter, zero
from wengert.diff.calling import Transform, apart, call
from wengert.diff.detached import Question, along, loose
from wengert.diff.forward import jvp
from wengert.diff.results import auxiliary, holomorphic
from wengert.diff.reverse import Grad, Outputs, grad
from wengert.diff.settle import settle
from wengert.errors import InputError, OutputError, function_name, user_line
from wengert.rules.vocabulary import bottom
from wengert.trace.nodes import Record
from wengert.watch.guard import tape as begin_tape

P = ParamSpec("P")
Mode = Literal["auto", "forward", "reverse"]


class Jacobian(Transform[P, Any]):
    """What `jacobian` returns."""

    def __init__(self, f: Any, argnums: Any = 0, has_aux: bool = False, holomorphic: bool = False, mode: Mode = "auto") -> None:
        super().__init__(f, argnums, has_aux, holomorphic)
        if mode not in ("auto", "forward", "reverse"):
            raise InputError(f"mode is 'auto', 'forward' or 'reverse', not {mode!r}." + user_line())
        self.mode = mode

    def __reduce__(self) -> Any:
        return type(self), (self.f, self.argnums, self.has_aux, self.holomorphic, self.mode)

    def evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        tape = begin_tape()
        try:
            new, named, inputs = enter(tape.lift, self.f, args, kwargs, self.positions)
            y, aux = call(self.f, new, named, tape), None
            if self.has_aux:
                y, aux = apart(y, self.f)
            outputs = Outputs(y, tape, self.f)
            aux = auxiliary(aux, tape, self.f)
        finally:
            record = tape.finish()
            settle(tape, self.f, args, kwargs)
        self.check(inputs, outputs)
        if tape.known is not None:
            question = Question(self.f, args, kwargs, self.positions, inputs, self.has_aux)
            slope = along(record, outputs.refs, outputs.values, inputs)
            question.ask(loose(record, outputs.refs, inputs), tape, outputs.values, slope)
        with np.errstate(all="ignore"):
            rows = self.rows(record, inputs, outputs)
        blocks = [inputs.rebuild(row) for row in rows]
        per_output = [block[0] if isinstance(self.argnums, int) else tuple(block) for block in blocks]
        jacobians = outputs.rebuild(per_output)
        return (jacobians, aux) if self.has_aux else jacobians

    def check(self, inputs: Inputs, outputs: Outputs) -> None:
        """Complex numbers need a holomorphic function, and a promise that it is one."""
        kinds = {np.asarray(bottom(v)).dtype.kind for v in [*outputs.values, *inputs.values]}
        if "c" in kinds and not self.holomorphic:
            raise OutputError(
                f"{function_name(self.f)} has complex arguments or results. Say holomorphic=True if it is, or differentiate its real"
                " and imaginary parts." + user_line()
            )
        if self.holomorphic:
            holomorphic(self.f, inputs.values, [y for r, y in zip(outputs.refs, outputs.values, strict=True) if r is not None])
        if kinds & set("SU"):
            raise OutputError(
                f"{function_name(self.f)} returned what is not a number. Hand it out beside the result (has_aux=True)."
                + user_line()
            )

    def rows(self, record: Record, inputs: Inputs, outputs: Outputs) -> list[list[Any]]:
        """By result leaf, by traced leaf: the block of the Jacobian."""
        wide = sum(map(size, inputs.values))
        tall = sum(size(y) for r, y in zip(outputs.refs, outputs.values, strict=True) if r is not None)
        forward = self.mode == "forward" or (self.mode == "auto" and wide <= tall)
        return forward_blocks(record, inputs, outputs) if forward else reverse_blocks(record, inputs, outputs)


def reverse_blocks(record: Record, inputs: Inputs, outputs: Outputs) -> list[list[Any]]:
    """One sweep an element of the result."""
    blocks = []
    for r, y in zip(outputs.refs, outputs.values, strict=True):
        gathered: list[list[Any]] = [[] for _ in inputs.tensors]
        for seed, live in units(y) if r is not None else ():
            gs = record.pull([(r, seed, live)]).at([t.place for t in inputs.tensors])
            for column, g, x in zip(gathered, gs, inputs.values, strict=True):
                column.append(zero(x) if g is None else g)
        blocks.append([block(column, y, x, 0) for column, x in zip(gathered, inputs.values, strict=True)])
    return blocks


def forward_blocks(record: Record, inputs: Inputs, outputs: Outputs) -> list[list[Any]]:
    """One sweep an element of the arguments."""
    gathered: list[list[list[Any]]] = [[[] for _ in inputs.tensors] for _ in outputs.values]
    for k, (tensor, x) in enumerate(zip(inputs.tensors, inputs.values, strict=True)):
        for seed, live in units(x):
            sweep = record.push([(tensor.place, seed, live)])
            for row, r, y in zip(gathered, outputs.refs, outputs.values, strict=True):
                t = None if r is None else sweep[r]
                row[k].append(np.zeros(np.shape(bottom(y)), dtype_of(y, x)) if t is None else t)
    return [
        [block(column, y, x, -1) for column, x in zip(row, inputs.values, strict=True)]
        for row, y in zip(gathered, outputs.values, strict=True)
    ]


def block(columns: list[Any], y: Any, x: Any, axis: int) -> Any:
    """The sweeps' answers side by side: shape y.shape + x.shape."""
    shape = np.shape(bottom(y)) + np.shape(bottom(x))
    if not columns:
        return np.zeros(shape, dtype_of(y, x))
    whole = np.reshape(np.stack(columns, axis=axis), shape)
    return whole if shape else whole[()]


def units(x: Any) -> Iterator[tuple[Any, Any]]:
    """The unit vectors of x's shape, each with its mask: elsewhere it is zero by structure."""
    value = bottom(x)
    shape, dtype = np.shape(value), np.result_type(value)
    if shape == ():
        yield np.ones((), dtype)[()], None
        return
    for k in range(int(np.prod(shape))):
        seed = np.zeros(shape, dtype)
        seed.flat[k] = 1.0
        yield seed, seed != 0


def size(x: Any) -> int:
    return int(np.size(bottom(x)))


def dtype_of(y: Any, x: Any) -> np.dtype[Any]:
    """The dtype of dy/dx where y depends on nothing: y's, or x's where y counts."""
    dtype = np.result_type(bottom(y))
    return dtype if dtype.kind in "fc" else np.result_type(bottom(x))


def jacobian(
    f: Callable[P, Any],
    argnums: int | tuple[int, ...] = 0,
    *,
    mode: Mode = "auto",
    has_aux: bool = False,
    holomorphic: bool = False,
) -> Callable[P, Any]:
    """All derivatives of all results: shape y.shape + x.shape, a fresh, writable array.

    For containers, the result's structure, and inside each leaf the argument's. "auto" sweeps forwards if x has no more elements than
    y, else backwards.

    >>> import numpy as np
    >>> jacobian(lambda x: np.array([1.0, 2.0]) * x[0] ** 2 + x[1])(np.array([3.0, 5.0]))
    array([[ 6.,  1.],
           [12.,  1.]])
    """
    return Jacobian(f, argnums, has_aux, holomorphic, mode)


def jacfwd(f: Callable[P, Any], argnums: int | tuple[int, ...] = 0, **options: Any) -> Callable[P, Any]:
    """`jacobian` by forward sweeps.

    >>> jacfwd(lambda x: x * x)(3.0)
    np.float64(6.0)
    """
    return jacobian(f, argnums, mode="forward", **options)


def jacrev(f: Callable[P, Any], argnums: int | tuple[int, ...] = 0, **options: Any) -> Callable[P, Any]:
    """`jacobian` by reverse sweeps.

    >>> jacrev(lambda x: x * x)(3.0)
    np.float64(6.0)
    """
    return jacobian(f, argnums, mode="reverse", **options)


def hessian(f: Callable[P, Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Callable[P, Any]:
    """All second derivatives of a function that returns one number: shape x.shape + x.shape. Forward over reverse.

    >>> import numpy as np
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]))
    array([[10.,  6.],
           [ 6.,  0.]])
    """
    return jacobian(grad(f, argnums, has_aux=has_aux), argnums, mode="forward", has_aux=has_aux)


class HessianProduct(Transform[P, Any]):
    """What `hvp` returns."""

    def evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.product(*args, **kwargs)

    def product(self, x: Any, v: Any, *args: Any, **kwargs: Any) -> Any:
        gradient: Grad[..., Any] = Grad(self.f)

        def of_x(x: Any) -> Any:
            return gradient(x, *args, **kwargs)

        of_x.__module__, of_x.__qualname__ = "", function_name(self.f)
        return jvp(of_x, (x,), (v,))[1]


def hvp(f: Callable[..., Any]) -> Callable[..., Any]:
    """The product of the Hessian with a vector, never forming the Hessian: hvp(f)(x, v, *args), as SciPy's `hessp` is called.

    >>> import numpy as np
    >>> hvp(lambda x: np.sum(x ** 3))(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([6., 0.])
    """
    return HessianProduct(f)
