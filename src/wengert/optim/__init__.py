"""Going downhill: one step, a path of steps, and steppers that keep a state.

    >>> from wengert.optim import descend, gradient_descent
    >>> descend(lambda x: x * x, 1.0, 0.25)
    np.float64(0.5)
    >>> [float(x) for x in gradient_descent(lambda x: x * x, 1.0, rate=0.25, steps=3)]
    [1.0, 0.5, 0.25, 0.125]

`SGD` and `Adam` are for gradients that come one by one, as in training: `state = opt.init(params)`, then
`params, state = opt.step(params, grads, state)`. Parameters are any containers; each keeps its dtype; nothing is
written in place. NaN and inf pass through, as in NumPy: a path shows where they began.
"""

from wengert.optim.adam import Adam, AdamState
from wengert.optim.descent import descend, gradient_descent
from wengert.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamState", "descend", "gradient_descent"]
