"""Functions that change how a value is differentiated, not what it is."""

from typing import Any

from wengert import tree
from wengert.trace.tensor import Tensor


def stop_gradient(x: Any) -> Any:
    """x as a constant: its value without any trace (a copy), in containers too.

    >>> from wengert import grad
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    np.float64(3.0)
    """
    if isinstance(x, Tensor):
        return x.let_go()
    if x is None or type(x) in tree.PLAIN:
        return x
    return tree.map(lambda a: a.let_go() if isinstance(a, Tensor) else a, x)
