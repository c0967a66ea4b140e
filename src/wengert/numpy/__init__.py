"""NumPy, with functions of Wengert's where NumPy's do not take traced values: the explicit twin of what substitution does by itself.

    import wengert.numpy as np      np.zeros, np.array, np.full, np.r_, np.vectorize, ... are ours; all else is NumPy's own

For code that substitution does not reach, and for define-by-run, where no function is called:

    >>> import wengert as wg
    >>> import wengert.numpy as np
    >>> with wg.Tape() as tape:
    ...     x = tape.watch(2.0)
    ...     z = np.zeros(2)
    ...     z[0] = x * x
    ...     y = np.sum(z)
    >>> tape.gradient(y, x)
    np.float64(4.0)
"""

from typing import Any

import numpy

from wengert.extend import stand_in

OURS = stand_in(numpy)


def __getattr__(name: str) -> Any:
    return getattr(OURS, name)


def __dir__() -> list[str]:
    return dir(OURS)
