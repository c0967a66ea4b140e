"""Buffers, masks and index arrays that are overwritten after they were used."""

import numpy as np

X = np.array([0.3, 0.7, 1.1, -0.5])
N = 10_000


def scratch_in_a_loop(x=X):
    """a scratch array, overwritten in a loop"""
    w, total = np.empty(4), 0.0
    for k in range(1, 4):
        w[:] = k
        total = total + np.sum(x * x * w)
    return total


def scratch_overwritten_after_use(x=X):
    """a constant array, overwritten after its use"""
    w = np.ones(4)
    y = np.sum(w * x**2)
    w[:] = np.nan
    return y


def mask_overwritten(x=X):
    """a mask, overwritten after its use"""
    mask = x > 0.5
    y = np.where(mask, x**2, 3.0 * x)
    selected = x[mask]
    mask[:] = ~mask
    return np.sum(y) + np.sum(selected**3) + np.sum(x[mask])


def index_overwritten(x=X):
    """an index array, overwritten after its use"""
    i = np.array([0, 2, 3])
    y = x[i] ** 2
    z = np.zeros(4)
    z[i] = x[:3]
    i[:] = 1
    return np.sum(y * z[:3]) + np.sum(x[i] ** 3)


def traced_buffer_overwritten(x=X):
    """an array of results, overwritten after it was used"""
    w = np.zeros(4)
    total = 0.0
    for k in range(3):
        w[:] = np.sin((k + 1) * x)
        total = total + w @ w
    w[:] = 0.0
    return total


def one_buffer_for_all_steps(x=X):
    """one buffer for the right-hand side of all steps"""
    u, rate = x.copy(), np.empty(4)
    for _ in range(4):
        np.multiply(u, -0.3, out=rate)
        rate[1:] += 0.1 * u[:-1] ** 2
        u = u + 0.1 * rate
    return np.sum(u**2)


def large_scratch(x=X):
    """a large scratch array, overwritten"""
    w = np.ones(N)
    y = np.sum(w * x[0] ** 2)
    w *= 2.0
    y = y + np.sum(w * x[1] ** 3)
    w[:] = 0.0
    return y / N


def outer_scratch(x=X):
    """a scratch array of the enclosing function, overwritten by numbers"""
    w = np.empty(4)

    def weighted(k):
        w[:] = k
        return np.sum(w * x**2)

    return weighted(1.0) + weighted(2.0) ** 2


SCRATCH = np.zeros(4)


def global_scratch(x=X):
    """a scratch array of the module, overwritten by numbers"""
    SCRATCH[:] = 2.0
    y = np.sum(SCRATCH * x**2)
    SCRATCH[:] = 0.0
    return y


def global_mask(x=X, *, mask=np.array([True, False, True, True])):
    """a mask from outside, negated in place and back"""
    y = np.sum(x[mask] ** 2)
    np.logical_not(mask, out=mask)
    z = np.sum(x[mask] ** 3)
    np.logical_not(mask, out=mask)
    return y * z


def accumulator_reset(x=X):
    """an accumulator that is reset: `acc[:] = 0`, `acc *= 0`"""
    acc, total = np.zeros(4), 0.0
    for k in range(3):
        acc *= 0.0
        for j in range(2):
            acc += x ** (k + j + 1)
        total += np.prod(acc)
    return total


def list_of_indices_changed(x=X):
    """a list used as an index, changed later"""
    i = [0, 2]
    y = x[i] ** 2
    i.append(3)
    i[0] = 1
    return np.sum(y) * np.sum(x[i])


def operand_list_changed(x=X):
    """a list of arrays, joined and then changed"""
    parts = [x, np.ones(2)]
    y = np.concatenate(parts) ** 2
    parts[1] = x[:2]
    parts.reverse()
    return np.sum(y * np.concatenate(parts))


def input_overwritten_after_use(x=X):
    """the argument itself, overwritten after it was used"""
    y = np.sin(x) * x
    x[:] = 0.0
    x[0] = y[1]
    return np.sum(y**2) + x[0]


def result_overwritten_before_return(x=X):
    """an intermediate that a product kept, overwritten before the end"""
    y = np.exp(x)
    z = y * x
    y[1:3] = 0.0
    return np.sum(z * y)


PROMISED = (
    scratch_in_a_loop,
    scratch_overwritten_after_use,
    mask_overwritten,
    index_overwritten,
    traced_buffer_overwritten,
    large_scratch,
    input_overwritten_after_use,
)
