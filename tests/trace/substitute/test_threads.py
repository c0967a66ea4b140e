"""Threads that a traced function starts make arrays that can be written; what they are refused is not lost."""

import concurrent.futures
import concurrent.futures as futures
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import wengert as wg
from wengert.errors import ConversionError
from wengert.testing import check

X = np.array([1.0, 2.0, 3.0])


def part(v):
    z = np.zeros(2)
    z[0] = v**2
    z[1] = v
    return np.sum(z * z)


def by_threads(x):
    out = [0.0] * len(x)

    def work(i):
        out[i] = part(x[i])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(x))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(out)


def by_a_pool(x):
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(part, x))


def by_tasks(x):
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        return sum(task.result() for task in [pool.submit(part, v) for v in x])


def by_another_name(x):
    with futures.ThreadPoolExecutor() as pool:
        return sum(pool.map(part, x))


def by_a_local_class(x):
    class Worker(threading.Thread):
        def __init__(self, v):
            super().__init__()
            self.v = v

        def run(self):
            self.out = part(self.v)

    workers = [Worker(v) for v in x]
    assert isinstance(workers[0], threading.Thread) and not isinstance(threading.current_thread(), Worker)
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(worker.out for worker in workers)


@pytest.mark.parametrize("f", [by_threads, by_a_pool, by_tasks, by_another_name, by_a_local_class])
def test_threads_go_on_in_the_context_of_the_function(f):
    check(f, X)


class Worker(threading.Thread):
    out = 0.0

    def __init__(self, v):
        super().__init__()
        self.v = v

    def run(self):
        self.out = part(self.v)


def by_a_class_that_is_not_reached(x):
    workers = [Worker(v) for v in x]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(worker.out for worker in workers) + x[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("derivative", [wg.grad, lambda f: lambda x: wg.jvp(f, (x,), (x,)), wg.hessian])
def test_what_a_thread_was_refused_is_not_lost(derivative):
    with pytest.raises(ConversionError, match=r"z\[0\] = v\*\*2"):
        derivative(by_a_class_that_is_not_reached)(X)
    assert np.all(np.isfinite(wg.grad(by_threads)(X)))  # and not kept for later
