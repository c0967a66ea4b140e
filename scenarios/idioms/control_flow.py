"""Branches, loops, exceptions and generators that depend on values."""

import asyncio
import contextlib
import functools
import math
import operator

import numpy as np

X = np.array([0.3, 0.7, 1.1])


def if_on_a_value(x=X):
    """`if x[0] > 0`, `elif`, `else`"""
    if x[0] > 1:
        return x[1] ** 2
    elif x[0] > 0 and x[1] < 1:
        return x[1] * np.sin(x[2])
    else:
        return x[0]


def while_converges(x=X):
    """`while abs(step) > tolerance`: Newton's method"""
    y = 1.0
    while True:
        step = (y * y - x[1]) / (2 * y)
        y = y - step
        if abs(step) < 1e-14:
            break
    return y * x[0]


def while_on_an_array(x=X):
    """`while np.linalg.norm(r) > tol`: conjugate gradients"""
    a = np.outer(x, x) + 2.0 * np.eye(3)
    y, r = np.zeros(3), x.copy()
    p = r.copy()
    while np.linalg.norm(r) > 1e-12:
        ap = a @ p
        alpha = (r @ r) / (p @ ap)
        y = y + alpha * p
        new = r - alpha * ap
        p = new + ((new @ new) / (r @ r)) * p
        r = new
    return np.sum(y * x)


def for_else(x=X):
    """`for ... else`, `break`, `continue`"""
    total = 0.0
    for k in range(10):
        if k == 1:
            continue
        total = total + x[k % 3] ** k
        if total > 100:
            break
    else:
        total = total * x[0]
    return total


def bisection(x=X):
    """bisection: the brackets are differentiated, the choices are not; its derivative is that of the last step"""
    low, high = x[0], x[2]
    for _ in range(4):
        middle = 0.5 * (low + high)
        if middle**3 > 0.4:
            high = middle
        else:
            low = middle
    return low * high


def cube_root(a):
    low, high = 0.0, 2.0
    while high - low > 1e-12:
        middle = 0.5 * (low + high)
        if middle**3 > a:
            high = middle
        else:
            low = middle
    return low


def bisection_between_plain_numbers(x=X):
    """bisection between plain numbers, and nothing computed with x afterwards"""
    return cube_root(x[0] + x[1] * x[2])


def bisection_between_plain_numbers_instead(x=X):
    """a step of Newton's from there, which keeps the value: `root - (root**3 - a) / (3 * root**2)`"""
    a = x[0] + x[1] * x[2]
    root = 1.0
    for _ in range(50):
        root = root - (root**3 - a) / (3 * root**2)
    return root


def fixed_point(x=X):
    """a fixed point, iterated for a number of steps"""
    y = 0.5
    for _ in range(60):
        y = np.cos(x[0] * y) * x[1]
    return y


def early_return(x=X):
    """`return` from inside nested loops"""
    for i in range(3):
        for j in range(3):
            if x[i] * x[j] > 0.5:
                return x[i] * x[j] ** 2
    return 0.0


def try_except(x=X):
    """`try: ... except ValueError`"""
    total = 0.0
    for t in x - 0.5:
        try:
            total = total + math.sqrt(t)
        except ValueError:
            total = total + t**2
    return total


def try_linalg_error(x=X):
    """`except np.linalg.LinAlgError`: a Cholesky factor with jitter"""
    a = np.outer(x, x)
    jitter = 0.0
    while True:
        try:
            root = np.linalg.cholesky(a + jitter * np.eye(3) - 0.1 * np.eye(3))
            break
        except np.linalg.LinAlgError:
            jitter += 0.3
    return np.sum(np.log(np.diag(root)))


def try_finally(x=X):
    """`finally`, and an exception that is raised and caught"""
    seen = []
    try:
        seen.append(x[0] ** 2)
        raise RuntimeError("no convergence")
    except RuntimeError:
        seen.append(np.sum(x))
    finally:
        seen.append(x[1])
    return np.prod(np.array(seen))


def exception_with_a_value(x=X):
    """a value that travels in an exception"""

    class FoundError(Exception):
        def __init__(self, value):
            super().__init__("found")
            self.value = value

    try:
        for t in x:
            if t > 0.5:
                raise FoundError(t**2)
    except FoundError as found:
        return found.value * x[0]
    return 0.0


def stop_iteration(x=X):
    """`next(iterator, default)`, `iter`"""
    values = iter(x**2)
    first, second = next(values), next(values)
    return first * second + next((t for t in x if t > 5), x[0])


def assertion(x=X):
    """`assert np.all(x > 0)`"""
    assert np.all(x > 0), "positive numbers only"
    assert x.shape == (3,) and x.dtype == float
    return np.sum(np.log(x))


def generator(x=X):
    """a generator: `yield`"""

    def steps(u):
        for _ in range(4):
            u = u + 0.1 * np.sin(u)
            yield u

    return sum(np.sum(u**2) for u in steps(x))


def generator_with_send(x=X):
    """a generator that is sent values"""

    def averaging():
        total, count = 0.0, 0
        value = yield 0.0
        while True:
            total, count = total + value, count + 1
            value = yield total / count

    average = averaging()
    next(average)
    return [average.send(t**2) for t in x][-1]


def yield_from(x=X):
    """`yield from`"""

    def leaves(tree):
        if isinstance(tree, list):
            for branch in tree:
                yield from leaves(branch)
        else:
            yield tree

    return functools.reduce(operator.mul, leaves([x[0], [x[1], [x[2] ** 2]]]))


def comprehensions(x=X):
    """list, dict and nested comprehensions, with conditions"""
    squares = [t**2 for t in x if t > 0.5]
    named = {f"x{k}": t for k, t in enumerate(x)}
    table = [[a * b for a in x] for b in x]
    return sum(squares) * named["x0"] + table[1][2] + sum(v for row in table for v in row)


def walrus(x=X):
    """`:=`"""
    if (energy := np.sum(x**2)) > 1:
        return energy * x[0]
    return sum(last := t * 2 for t in x) * last


def match_statement(x=X):
    """`match` on shapes, strings and structure"""

    def element(rule):
        match rule:
            case ("scale", factor):
                return factor * x[0]
            case {"kind": "power", "exponent": n}:
                return x[1] ** n
            case [first, *rest]:
                return first + sum(rest)
            case _:
                return 0.0

    match x.shape:
        case (n,):
            scale = n
        case _:
            scale = 0
    return scale * (element(("scale", x[2])) + element({"kind": "power", "exponent": 3}) + element([x[0], x[1]]))


def match_on_values(x=X):
    """`match` with guards on values"""
    match x[0]:
        case t if t > 0.5:
            return x[1]
        case t:
            return t**2 * x[1]


def conditional_expression(x=X):
    """`a if x > 0 else b`, in a comprehension"""
    return sum(t**2 if t < 0.5 else np.log(t) if t < 1 else t for t in x)


def recursion(x=X):
    """recursion: a product tree"""

    def product(values):
        if len(values) == 1:
            return values[0]
        half = len(values) // 2
        return product(values[:half]) * product(values[half:])

    return product(x) + product(x[::-1] ** 2)


def recursion_to_depth(x=X):
    """adaptive quadrature by recursion"""

    def f(t):
        return np.exp(-x[0] * t) * np.sin(x[1] * t + x[2])

    def simpson(a, b):
        return (b - a) / 6 * (f(a) + 4 * f((a + b) / 2) + f(b))

    def integral(a, b, depth):
        whole, halves = simpson(a, b), simpson(a, (a + b) / 2) + simpson((a + b) / 2, b)
        if depth == 0 or abs(whole - halves) < 1e-9:
            return halves
        return integral(a, (a + b) / 2, depth - 1) + integral((a + b) / 2, b, depth - 1)

    return integral(0.0, 2.0, 6)


def mutual_recursion(x=X):
    """functions that call each other"""

    def even(n):
        return x[0] if n == 0 else odd(n - 1) * x[1]

    def odd(n):
        return x[2] if n == 0 else even(n - 1) + x[1]

    return even(6) + odd(3)


def context_manager(x=X):
    """`with` and a context manager of one's own"""
    log = []

    @contextlib.contextmanager
    def scaled(factor):
        log.append(factor)
        yield factor**2
        log.append(-factor)

    with scaled(x[0]) as f, contextlib.suppress(ZeroDivisionError):
        y = f * x[1]
    return y + sum(log) + log[0]


def errstate(x=X):
    """`with np.errstate(divide="ignore")`"""
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(x > 0.5, 1.0 / (x - 0.3), x)
    return np.sum(y**2)


def multiple_assignment(x=X):
    """`a, (b, *c) = ...`, chained assignment, `del`"""
    a, (b, *c) = x[0], [x[1], x[2], x[0] ** 2]
    d = e = a * b
    d += 1.0
    del a
    return d * e + sum(c)


def chained_ternaries_and_shortcuts(x=X):
    """`value or default`, `None` as a default"""

    def scaled(t, factor=None):
        factor = factor if factor is not None else x[2]
        return t * factor

    return scaled(x[0]) + scaled(x[1], 2.0)


def loop_over_dict_items(x=X):
    """`for name, value in parameters.items()`"""
    parameters = {"a": x[0], "b": x[1], "c": x[2]}
    total = 0.0
    for name, value in parameters.items():
        total += value**2 if name == "a" else value
    return total


def collatz_like(x=X):
    """the number of iterations depends on the value"""
    y, steps = x[0], 0
    while y < 5.0:
        y = y * (1.0 + x[1]) + 0.1
        steps += 1
    return y * steps


def global_constant(x=X):
    """constants of the module"""
    return GRAVITY * np.sum(x) + GRAVITY_VECTOR @ x


GRAVITY = 9.81
GRAVITY_VECTOR = np.array([0.0, 0.0, -9.81])


def global_counter(x=X):
    """`global count; count += 1`, with `np.zeros` beside it"""
    global count
    count += 1
    y = np.zeros(2)
    y[0] = x[0] ** 2
    return np.sum(y)


count = 0


def global_counter_instead(x=X):
    """a counter that is an item: `COUNTS["calls"] += 1`"""
    COUNTS["calls"] += 1
    y = np.zeros(2)
    y[0] = x[0] ** 2
    return np.sum(y)


COUNTS = {"calls": 0}


def global_counter_alone(x=X):
    """`global count` in code that needs nothing from us"""
    global count
    count += 1
    return np.sum(x**2)


def nonlocal_state(x=X):
    """`nonlocal total`"""
    total = 0.0

    def add(t):
        nonlocal total
        total = total + t**2

    for t in x:
        add(t)
    return total


def coroutine(x=X):
    """`async def`, `await asyncio.gather(...)`"""

    async def part(t):
        await asyncio.sleep(0)
        y = np.zeros(2)
        y[0] = math.sin(t)
        return np.sum(y)

    async def whole():
        return await asyncio.gather(*map(part, x))

    return sum(asyncio.run(whole()))


PROMISED = (
    if_on_a_value,
    while_converges,
    try_except,
    generator,
    recursion,
)
