"""What a function may return: numbers, arrays, and containers of them.

    leaves, treedef = results(y, f)         refuses what cannot be read
    aux = auxiliary(aux, tape, f)           with has_aux: any object

What cannot be read may hold traced values, whose derivative would be lost: an instance of a class not known here, the values of a
dict, a generator. Strings, integers and None inside containers are constants, as in arguments (diff/arguments.py).
"""

from collections.abc import Iterable, Sequence, ValuesView
from typing import Any

import numpy as np

from wengert import tree
from wengert.diff.arguments import plain
from wengert.errors import OutputError, function_name, user_line
from wengert.rules.vocabulary import bottom
from wengert.trace.dispatch import tensors
from wengert.trace.tensor import Tensor


def results(y: Any, f: Any) -> tuple[list[Any], Any]:
    """The leaves of what f returned, and their structure (None for a traced value by itself)."""
    if isinstance(y, Tensor):
        return [y], None
    leaves, treedef = tree.flatten(y)
    if y is None or isinstance(y, str | bytes):
        refuse_result(y, "it", f)
    for k, a in enumerate(leaves):
        if not readable(a):
            refuse_result(a, tree.names(treedef, "the result")[k], f)
    return leaves, treedef


def readable(a: Any) -> bool:
    """Whether a leaf of a result is a number, an array of numbers, or a constant that is surely nothing else."""
    if isinstance(a, Tensor | int | float | complex | str | bytes):
        return True
    return isinstance(a, np.ndarray | np.generic) and a.dtype.kind in "biufc"


def refuse_result(a: Any, where: str, f: Any) -> None:
    what = f"an array of dtype {a.dtype}" if isinstance(a, np.ndarray) else "None" if a is None else f"of type {type(a).__name__}"
    raise OutputError(
        f"{function_name(f)} returned what is not a number: {where} is {what}, in which no traced value could be followed. Return"
        " numbers, arrays, or containers of them (dict, list, tuple, named tuple, dataclass, or a class registered with"
        " optree.register_pytree_node in namespace 'wengert'); has_aux=True hands out the rest." + user_line()
    )


def holomorphic(f: Any, xs: Sequence[Any], ys: Sequence[Any]) -> None:
    """What holomorphic=True promises: complex arguments, complex results. Of a real one, half of the derivative would be lost."""
    if not all(np.iscomplexobj(bottom(x)) for x in xs):
        raise OutputError(
            f"{function_name(f)} has a real argument, and a holomorphic function has complex ones. Pass it as complex (x + 0j), or"
            " leave holomorphic=True out and differentiate the real and the imaginary part." + user_line()
        )
    if not all(np.iscomplexobj(bottom(y)) for y in ys):
        raise OutputError(
            f"{function_name(f)} returned a real number, and a holomorphic function that does is constant. Leave holomorphic=True out:"
            " the gradient of a real function of complex x is df/dx - i df/dy." + user_line()
        )


def auxiliary(aux: Any, trace: Any, f: Any) -> Any:
    """What f returned beside its result, as the caller gets it: any object, but none that holds tensors where none can be replaced."""
    aux = plain(aux, trace)
    for a in () if isinstance(aux, Tensor) else tree.flatten(aux)[0]:
        if any(t._trace is trace for t in tensors(inside(a))):
            raise OutputError(
                f"the auxiliary result of {function_name(f)} holds a traced value inside a {type(a).__name__}, out of which it cannot"
                " be taken. Return it in a dict, list, tuple, named tuple or dataclass." + user_line()
            )
    return aux


def inside(a: Any) -> Iterable[Any]:
    """What an object that is no container known here holds, as far as one can look without running its code."""
    if isinstance(a, np.ndarray):
        return a.ravel().tolist() if a.dtype.hasobject else ()
    held = a if isinstance(a, ValuesView) else a.values() if isinstance(a, dict) else getattr(a, "__dict__", {}).values()
    return [c for b in held for c in (b.values() if isinstance(b, dict) else (b,))]
