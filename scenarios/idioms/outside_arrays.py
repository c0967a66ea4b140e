"""Arrays made outside: read, copied and then written, or written as they are."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

X = np.array([0.3, 0.7, 1.1])
INITIAL = np.array([0.0, 0.5, 1.0])
RESULTS = np.zeros(3)
PLACES = [0.0, 0.0]


def outside_array_read(x=X):
    """an array of the module, read"""
    return np.sum(INITIAL * x**2) + INITIAL[1:] @ x[1:]


def outside_array_copied_and_written(x=X):
    """`u = INITIAL.copy(); u[0] = x[0]`"""
    u = INITIAL.copy()
    u[0] = x[0] ** 2
    u[1:] += x[1:]
    return np.sum(u**2)


def outside_array_copied_by_numpy(x=X):
    """`u = np.copy(INITIAL)`, `np.array(INITIAL)`, written"""
    u, v = np.copy(INITIAL), np.array(INITIAL)
    u[0] = x[0] ** 2
    v[1] = x[1] ** 2
    return np.sum(u * v)


def array_of_a_closure_copied_and_written(x=X, *, start=INITIAL):
    """an argument that is not differentiated by, copied and written"""
    u = start.copy()
    u[:2] = x[:2] * x[2]
    return np.sum(u**2)


def expression_of_outside_arrays_written(x=X):
    """`u = 2.0 * INITIAL`, `INITIAL[1:].copy()`, written"""
    u, v = 2.0 * INITIAL, INITIAL[1:].copy()
    u[0] = x[0]
    v[0] = x[1]
    return np.sum(u**2) * np.sum(v)


def astype_of_an_outside_array_written(x=X):
    """`u = INITIAL.astype(float)`, written"""
    u = INITIAL.astype(float)
    u[0] = x[0]
    return np.sum(u**2)


def outside_array_written(x=X):
    """`RESULTS[i] = x[i]`: an array of the module, written"""
    for i in range(3):
        RESULTS[i] = x[i] ** 2
    return np.sum(RESULTS)


def outside_array_written_instead(x=X):
    """an array made inside, or the values in a list"""
    results = np.zeros(3)
    for i in range(3):
        results[i] = x[i] ** 2
    return np.sum(results)


def outside_slice_written(x=X):
    """`RESULTS[:] = x`"""
    RESULTS[:] = x
    return np.sum(RESULTS**2)


def outside_slice_written_instead(x=X):
    """`results = x.copy()`"""
    results = x.copy()
    return np.sum(results**2)


def outside_added_to(x=X):
    """`total += x` on an array of the enclosing call"""
    total = INITIAL
    total += x
    return np.sum(total)


def outside_added_to_instead(x=X):
    """`total = total + x`"""
    total = INITIAL
    total = total + x
    return np.sum(total)


def outside_out(x=X):
    """`np.multiply(x, x, out=RESULTS)`"""
    np.multiply(x, x, out=RESULTS)
    return np.sum(RESULTS)


def outside_out_instead(x=X):
    """`np.multiply(x, x)`, or a buffer made inside"""
    return np.sum(np.multiply(x, x))


def outside_add_at(x=X):
    """`np.add.at(RESULTS, i, x)`"""
    np.add.at(RESULTS, [0, 0, 1], x)
    return np.sum(RESULTS)


def outside_add_at_instead(x=X):
    """into `np.zeros(3)`"""
    results = np.zeros(3)
    np.add.at(results, [0, 0, 1], x)
    return np.sum(results**2)


def outside_copyto(x=X):
    """`np.copyto(RESULTS, x)`"""
    np.copyto(RESULTS, x)
    return np.sum(RESULTS)


def outside_copyto_instead(x=X):
    """`results = x.copy()`"""
    results = x.copy()
    return np.sum(results**2)


def outside_view_written(x=X):
    """a view of an array of the module, written"""
    view = RESULTS[1:]
    view[0] = x[0]
    return np.sum(RESULTS)


def outside_view_written_instead(x=X):
    """a view of a copy: `np.copy(RESULTS)[1:]`"""
    results = np.zeros(3)
    view = results[1:]
    view[0] = x[0]
    return np.sum(results**2)


def outside_list_written(x=X):
    """`PLACES[0] = x[0]`: a list of the module"""
    PLACES[0] = x[0] ** 2
    PLACES[1] = PLACES[0] * x[1]
    return PLACES[1] + PLACES[0]


def outside_array_overwritten_by_numbers(x=X, *, scratch=np.zeros(3)):
    """an outside array, overwritten by plain numbers between two uses"""
    scratch[:] = 1.0
    y = np.sum(scratch * x**2)
    scratch[:] = 2.0
    return y * np.sum(scratch * x**3)


def default_array_written(x=X):
    """a default that is an array, written by a helper"""

    def accumulated(t, total=np.zeros(3)):
        total += t
        return np.sum(total**2)

    return accumulated(x)


def history_kept_outside(x=X):
    """values kept in a list of the module, for a look later"""
    HISTORY.append(x[0])
    HISTORY[:] = HISTORY[-2:]
    return np.sum(x**2)


HISTORY = []


def thread_pool_of_plain_work(x=X):
    """a thread pool for work on constants"""
    with ThreadPoolExecutor(2) as pool:
        tables = list(pool.map(np.cos, [np.arange(3.0), np.ones(3)]))
    return np.sum(tables[0] * x) * np.sum(tables[1] * x**2)


def thread_pool(x=X):
    """a thread pool on traced values: `pool.map(f, x)`"""
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda t: np.sin(t) * t, [x[0], x[1], x[2]]))
    return sum(parts)


def thread_pool_that_fills(x=X):
    """a thread pool whose work needs `np.zeros` or `math`"""

    def part(t):
        z = np.zeros(2)
        z[0] = np.sin(t)
        return np.sum(z)

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(part, [x[0], x[1], x[2]]))


def thread_that_writes(x=X):
    """threads that write into one array"""
    y = np.zeros_like(x)

    def work(k):
        y[k] = np.exp(x[k])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return np.sum(y**2)


PROMISED = (
    outside_array_read,
    outside_array_copied_and_written,
    outside_array_overwritten_by_numbers,
)
