"""Substitution is invisible: what a function means, and whom it tells, is what it was, but for np.zeros, math.sin, float and kin."""

import asyncio
import functools
import math
import pickle
import subprocess
import sys
import threading
import types
from dataclasses import dataclass
from math import sin as sine

import numpy as np
import pytest
from numpy import zeros as nothing

import wengert as wg
from wengert.errors import ConversionError
from wengert.testing import check
from wengert.trace.substitute import program

X = np.array([0.3, 0.7, 1.1])
SCALE = 2.0
POWERS = {"two": 2, "three": 3}


def filled(x):
    z = np.zeros(3)
    for i in range(3):
        z[i] = SCALE * x[i] ** 2
    return z


def recursive(x, n=3):
    return math.sin(x[n - 1]) + recursive(x, n - 1) if n else 0.0


def even(x, n):
    return math.exp(-x[0]) if n == 0 else odd(x, n - 1)


def odd(x, n):
    return float(x[1]) * even(x, n - 1)


def decorated(f):
    @functools.wraps(f)
    def around(*args):
        return 2.0 * f(*args)

    return around


@decorated
def doubled(x):
    return math.cos(x[0]) * np.array([x[1], 1.0])[0]


def generated(x):
    for t in x:
        yield math.sin(t) * nothing(1).size


def with_default(x, make=np.zeros, f=filled):
    z = make(3)
    z[1:] = f(x)[1:]
    return np.sum(z)


def with_keyword_default(x, *, f=math.sin):
    return f(x[0])


def local_imports(x):
    import math as m

    import numpy as local
    from numpy import array

    return m.sin(x[0]) + local.sum(array([x[1], SCALE]))


def local_class(x):
    @dataclass
    class Point:
        a: float
        b: float = SCALE

        def norm(self):
            return math.hypot(self.a, self.b)

    return Point(x[0]).norm() + len(POWERS)


def compares_types(x):
    kinds = [k for k in (1.0, 2, "a") if type(k) is float]
    return np.sum(np.array([x[0], x[1]])) * len(kinds)


def asks_instances(x):
    if isinstance(x, np.ndarray) and isinstance(x[0], float) and not isinstance(x, (int, str)):
        return np.sum(x**2)
    return 0.0


def makes_floats(x):
    z = np.zeros(3, dtype=float)
    z += np.ones(3).astype(float)
    z[0] = float(x[0]) + float("2.5") + float(3)
    return np.sum(z * np.asarray(x, dtype=float))


class Base:
    scale = 3.0

    def prepared(self, x):
        z = np.zeros(2)
        z[0] = x[0] * self.scale
        return z


class Spring(Base):
    def __init__(self, stiffness):
        self.stiffness = stiffness
        self.calls = 0

    def energy(self, x):
        self.calls += 1
        return self.stiffness * np.sum(self.prepared(x) ** 2) + self.shared(x[1]) + self.warmth + self.made(x)

    def prepared(self, x):
        return super().prepared(x) + np.array([0.0, x[1]])

    @staticmethod
    def shared(t):
        return math.sin(t)

    @classmethod
    def made(cls, x):
        return np.array([x[2], cls.scale])[0]

    @property
    def warmth(self):
        return math.exp(self.stiffness)

    def __call__(self, x):
        return self.energy(x)


SPRING = Spring(0.5)

PROGRAMS = {
    "an array filled in a loop": lambda x: np.sum(filled(x)),
    "names of its own for NumPy's functions": lambda x: np.sum(nothing(3) + sine(x[0])),
    "recursion": lambda x: recursive(x),
    "mutual recursion": lambda x: even(x, 4),
    "a decorator": lambda x: doubled(x),
    "a generator": lambda x: sum(generated(x)),
    "a generator expression": lambda x: sum(math.sin(t) for t in x),
    "a comprehension": lambda x: np.sum(np.array([[math.sin(t), SCALE] for t in x])),
    "a default": lambda x: with_default(x),
    "a keyword's default": lambda x: with_keyword_default(x),
    "a partial": lambda x: functools.partial(with_default, f=filled)(x),
    "map": lambda x: sum(map(math.sin, x)),
    "reduce": lambda x: functools.reduce(lambda a, t: a * math.cos(t), x, 1.0),
    "a lambda inside": lambda x: (lambda t: math.sin(t) * np.full(2, t)[1])(x[0]),
    "local imports": lambda x: local_imports(x),
    "a local class": lambda x: local_class(x),
    "types compared": lambda x: compares_types(x),
    "instances asked for": lambda x: asks_instances(x),
    "float as a dtype": lambda x: makes_floats(x),
    "a bound method": SPRING.energy,
    "a callable object": SPRING,
    "a function of the user's module": lambda x: wg_module.area(x),
    "np.vectorize": lambda x: np.sum(np.vectorize(lambda t, n: math.sin(t) ** n)(x, [[1], [2]])),
    "np.vectorize with a signature": lambda x: np.sum(
        np.vectorize(lambda a, b: np.dot(a, b), signature="(n),(n)->()")(x, np.ones((2, 3)))
    ),
    "np.frompyfunc": lambda x: np.sum(np.frompyfunc(lambda t: math.sin(t), 1, 1)(x)),
    "np.r_ and np.c_": lambda x: (
        np.sum(np.r_[x[0], 1:3, x] ** 2) + np.sum(np.c_[x, x**2, np.ones(3)] ** 2) + np.r_["0,2,0", x, x].shape[0]
    ),
    "np.arange": lambda x: np.sum(np.arange(x[0], x[0] + 2.0, 0.5) ** 2),
    "np.fromiter": lambda x: np.sum(np.fromiter((math.sin(t) for t in x), float) ** 2),
    "np.fromfunction": lambda x: np.sum(np.fromfunction(lambda i, j: x[0] * i + x[1] * j, (2, 3)) ** 2),
    "np.piecewise": lambda x: np.sum(
        np.piecewise(np.linspace(-1, 1, 5), [np.linspace(-1, 1, 5) < 0], [lambda t: t * x[0], lambda t: t**2 * x[1]])
    ),
    "np.apply_along_axis": lambda x: np.sum(np.apply_along_axis(lambda row: row[0] * x[0] + row[1], 1, np.ones((2, 2)))),
    "np.linspace of numbers, written": lambda x: written(np.linspace(0.0, 1.0, 3), x),
    "np.array of numbers, written": lambda x: written(np.array([1.0, 2.0, 3.0]), x),
    "np.tile, written": lambda x: written(np.tile([1.0], 3), x),
    "np.eye, written through its diagonal": lambda x: np.sum(diagonal_written(np.eye(3), x) ** 2),
    "complex": lambda x: abs(complex(x[0], x[1]) ** 2),
    "math": lambda x: (
        math.hypot(x[0], x[1]) + math.atan2(x[1], x[2]) + math.log(x[2], 3) + math.pow(x[0], 1.5) + math.dist(x[:2], [1.0, 2.0])
    ),
    "math.prod and fsum": lambda x: math.prod(x) + math.fsum(t * t for t in x) + math.remainder(x[2], 0.4) + math.degrees(x[0]),
    "flat": lambda x: sum(t * t for t in np.outer(x, x).flat),
}


def written(z, x):
    z[0] += x[0]
    z[1:] *= x[1:]
    return np.sum(z**2)


def diagonal_written(a, x):
    v = a[::2]
    v[0] = x
    a.T[1] = x[0]
    return a


wg_module = types.ModuleType("geometry_of_a_user")
wg_module.__file__ = __file__
exec(
    compile(
        "import numpy as np\n\ndef area(x):\n    z = np.zeros(2)\n    z[0] = x[0] * x[1]\n    return np.sum(z)\n", __file__, "exec"
    ),
    vars(wg_module),
)


@pytest.mark.parametrize("f", PROGRAMS.values(), ids=PROGRAMS)
def test_ordinary_code_is_differentiated(f):
    check(f, X)


def test_objects_keep_what_methods_do_to_them():
    spring = Spring(0.5)
    wg.grad(spring.energy)(X)
    wg.grad(spring)(X)
    assert spring.calls == 2 and type(spring) is Spring and "prepared" not in vars(spring)


# --- nothing goes stale ---------------------------------------------------------------------------------------------------------


def change_scale():
    global SCALE
    SCALE = 5.0


@pytest.fixture
def _scale():
    yield
    globals()["SCALE"] = 2.0


@pytest.mark.usefixtures("_scale")
def test_globals_are_live():
    def f(x):
        before = SCALE
        change_scale()
        return x * SCALE + 0.0 * before

    assert wg.grad(f)(1.0) == 5.0
    globals()["SCALE"] = 7.0
    assert wg.grad(lambda x: x * SCALE)(1.0) == 7.0


def helper(x):
    return math.sin(x)


@pytest.mark.parametrize("change", [lambda x: math.cos(x), np.cos, lambda x: 2.0 * x])
def test_a_function_that_is_bound_anew_is_called(change, monkeypatch):
    f = wg.grad(lambda x: helper(x))
    assert f(0.3) == pytest.approx(math.cos(0.3))
    monkeypatch.setitem(globals(), "helper", change)
    assert f(0.3) == pytest.approx(-math.sin(0.3) if change(0.0) == 1.0 else 2.0)
    monkeypatch.undo()
    assert f(0.3) == pytest.approx(math.cos(0.3))


def test_a_builtin_that_is_shadowed_later_is_seen(monkeypatch):
    f = wg.grad(lambda x: float(x) * abs(x))
    assert f(2.0) == 4.0
    monkeypatch.setitem(globals(), "abs", lambda x: 1.0)
    assert f(2.0) == 1.0


def test_cells_are_shared():
    count = 0

    def f(x):
        nonlocal count
        count += 1
        return x * count

    assert [wg.grad(f)(1.0), wg.grad(f)(1.0), count] == [1.0, 2.0, 2]


def test_a_cell_that_is_filled_late_and_one_that_changes():
    def f(x):
        return later(x)

    def later(x):
        return math.sin(x)

    assert wg.grad(f)(0.0) == 1.0

    def later(x):  # noqa: F811
        return 3.0 * math.sin(x)

    assert wg.grad(f)(0.0) == 3.0


def test_lambdas_with_other_cells_are_other_functions():
    gradients = [wg.grad(lambda x, g=g, k=k: g(x) * k)(0.0) for k, g in enumerate([math.sin, lambda x: math.exp(x), helper])]
    assert gradients == [0.0, 1.0, 2.0]

    def times(k):
        return lambda x: k * helper(x)

    assert [wg.grad(times(k))(0.0) for k in (1.0, 2.0, 3.0)] == [1.0, 2.0, 3.0]


def turned(x):
    return 2.0 * x


def tripled(x, k=3.0):
    turned.calls = getattr(turned, "calls", 0) + 1
    return k * x


def calls_turned(x):
    return turned(x)


def calls_tripled(x):
    return tripled(x)


def test_functions_that_change_in_place_are_seen(monkeypatch):
    assert wg.grad(calls_turned)(1.0) == 2.0
    monkeypatch.setattr(turned, "__code__", (lambda x: 7.0 * x).__code__)  # as reloading does
    assert wg.grad(calls_turned)(1.0) == 7.0
    assert wg.grad(calls_tripled)(1.0) == 3.0
    monkeypatch.setattr(tripled, "__defaults__", (5.0,))
    assert wg.grad(calls_tripled)(1.0) == 5.0
    assert turned.calls == 2  # attributes are shared


def test_a_name_that_is_bound_anew_during_the_run_is_loud():
    current = helper

    def switch():
        nonlocal current
        current = turned

    def f(x):
        y = current(x)
        switch()
        return y + current(x)

    with pytest.raises(wg.errors.TraceError, match="bound anew"):
        wg.grad(f)(0.5)


# --- who is who -----------------------------------------------------------------------------------------------------------------


def by_default(x, method=helper):
    return 2.0 * x if method is helper else 100.0 * x


def by_argument(x, method):
    return 2.0 * x if method is helper else 100.0 * x


RATES = {helper: 2.0}


class Body:
    def __init__(self, p):
        self.p = p

    def force(self, bodies, x):
        return sum(x * b.p for b in bodies if b is not self)


BODIES = [Body(1.0), Body(10.0)]


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda x: by_default(x), 2.0),
        (lambda x: by_argument(x, helper), 2.0),
        (lambda x: RATES.get(helper, 100.0) * x, 2.0),
        (functools.partial(BODIES[0].force, BODIES), 10.0),
        (lambda x: BODIES[0].force(BODIES, x), 10.0),
        (lambda x: 2.0 * x if type(x) in (float, np.float64) else 100.0 * x, 2.0),
        (lambda x: 2.0 * x if not hasattr(x, "__iter__") and not hasattr(x, "__len__") and not np.iterable(x) else 100.0, 2.0),
        (lambda x: 2.0 * x if isinstance(x, float) and np.ndim(x) == 0 else 100.0 * x, 2.0),
    ],
)
def test_identities_are_what_they_were(f, slope):
    assert wg.grad(f)(1.0) == slope
    assert wg.jvp(f, (1.0,), (1.0,))[1] == slope


@pytest.mark.parametrize("use", [sum, list, len, iter, lambda x: [*x], lambda x: x[0]])
def test_a_number_is_no_container(use):
    for derivative in (lambda f: wg.grad(f)(1.0), lambda f: wg.jvp(f, (1.0,), (1.0,))):
        with pytest.raises((TypeError, IndexError)):
            derivative(lambda x: use(x))


# --- arrays that hold no tensor -------------------------------------------------------------------------------------------------


UNREACHED = {"as_strided": np.lib.stride_tricks.as_strided}


def test_what_would_write_into_a_copy_is_loud():
    def f(x):
        z = np.zeros(4)
        UNREACHED["as_strided"](z, (2,), (8,))[0] = 1.0
        return np.sum(z) * x

    with pytest.raises((ValueError, wg.errors.WengertError)):
        wg.grad(f)(2.0)


def test_arrays_that_outlive_the_call_are_plain_to_plain_code():
    kept = []

    def f(x):
        kept.append(np.eye(2))
        return np.sum(kept[-1] @ np.array([x, 1.0]))

    assert wg.grad(f)(3.0) == 1.0
    assert type(kept[0] @ np.ones(2)) is np.ndarray
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(kept[0])), np.eye(2))


def test_a_result_that_holds_no_tensor_has_derivative_zero():
    for f in (lambda x: np.zeros(()), lambda x: np.ones(2), lambda x: {"a": np.ones(2), "b": np.sum(x)}):
        _, pull = wg.vjp(f, X)
        g = {"a": np.ones(2), "b": 0.0} if isinstance(f(X), dict) else np.ones(np.shape(f(X)))
        np.testing.assert_array_equal(pull(g)[0], np.zeros(3))
    np.testing.assert_array_equal(wg.grad(lambda x: np.zeros(()))(X), np.zeros(3))
    np.testing.assert_array_equal(wg.jacobian(lambda x: np.ones(2))(X), np.zeros((2, 3)))
    np.testing.assert_array_equal(wg.jvp(lambda x: np.ones(2), (X,), (X,))[1], np.zeros(2))


def test_lists_are_written_as_numpy_writes_them():
    def f(x):
        a = np.zeros((2, 2))
        a[:] = [[x[0], 0.0], [1.0, x[1] * x[2]]]
        np.add.at(a, ([0, 1], [0, 1]), [x[1], 1.0])
        return np.sum(a**2) + np.sum(np.where(X > 0.5, 1.0, 0.0) * x)

    check(f, X)


def test_a_checkpoint_is_run_again_in_the_same_way():
    @wg.checkpoint
    def block(h):
        z = np.zeros(2)
        z[0] = math.sin(h[0])
        z[1] = h[1] * h[0]
        return z

    check(lambda x: np.sum(block(block(x))), X[:2])


def test_a_name_that_is_used_only_through_its_attributes_may_be_compared():
    check(lambda x: math.sin(x[0]) * np.zeros(3).size if x[1] < np.inf and x[0] < math.pi else x[2], X)


def test_vectorize_that_would_cut_to_whole_numbers_is_loud():
    with pytest.raises(ConversionError, match="otypes"):
        wg.grad(lambda x: np.sum(np.vectorize(lambda a: 0 if a > 1.0 else a * a)(x[::-1])))(X)


# --- what cannot be followed is left alone, and loud ------------------------------------------------------------------------------


def sets_a_global(x):
    global SCALE
    SCALE = SCALE + 0.0
    return math.sin(x)


def reads_globals(x):
    return math.sin(x) * globals()["SCALE"]


@functools.lru_cache
def cached(x):
    return x * 2.0


@pytest.mark.parametrize(
    "f",
    [sets_a_global, reads_globals, lambda x: cached(x), lambda x: [helper][0](x), lambda x: {"f": helper}["f"](x) * TABLE["f"](x)],
)
def test_what_is_out_of_reach_is_right_or_loud(f):
    try:
        gradient = wg.grad(f)(0.3)
    except ConversionError:
        return
    np.testing.assert_allclose(gradient, (f(0.3 + 1e-6) - f(0.3 - 1e-6)) / 2e-6, rtol=1e-6)


TABLE = {"f": helper}


def test_what_is_out_of_reach_is_reached_by_rewrite():
    table = {"f": wg.rewrite(helper)}
    assert wg.grad(lambda x: table["f"](x))(0.0) == 1.0
    assert table["f"](0.5) == math.sin(0.5)
    with pytest.raises(ConversionError, match="rewrite|np.sin"):
        wg.grad(lambda x: TABLE["f"](x))(0.0)


@wg.rewrite
class Net:
    def __init__(self, n):
        self.n = n

    def loss(self, x):
        z = np.zeros(self.n)
        z[0] = math.sin(x)
        return np.sum(z)


def test_a_class_may_be_rewritten():
    nets = [Net(2)]
    assert wg.grad(lambda x: nets[0].loss(x))(0.0) == 1.0
    assert nets[0].loss(0.5) == math.sin(0.5)


def test_it_can_be_turned_off():
    with wg.config(substitute=False), pytest.raises(ConversionError):
        wg.grad(lambda x: math.sin(x))(0.0)
    assert wg.grad(lambda x: math.sin(x))(0.0) == 1.0
    with pytest.raises(AttributeError, match="substitute"):
        wg.config.subsitute = False


# --- nobody else sees it --------------------------------------------------------------------------------------------------------


def test_nothing_is_patched_and_originals_are_untouched():
    seen = []

    def f(x):
        seen.append((np.zeros, math.sin))
        return math.sin(x)

    before = (f.__globals__, f.__code__, f.__closure__, np.zeros, math.sin)
    wg.grad(f)(0.0)
    assert (f.__globals__, f.__code__, f.__closure__, np.zeros, math.sin) == before
    assert type(f(0.5)) is float and type(np.zeros(2)) is np.ndarray


def test_threads_and_tasks_see_their_own():
    inside, done, seen = threading.Event(), threading.Event(), []

    def other():
        inside.wait(10)
        z = np.zeros(1)
        z[0] = math.sin(0.5)
        seen.append(type(z))
        done.set()

    def f(x):
        inside.set()
        done.wait(10)
        z = np.zeros(1)
        z[0] = x
        return z[0]

    thread = threading.Thread(target=other)
    thread.start()
    assert wg.grad(f)(1.0) == 1.0
    thread.join()
    assert seen == [np.ndarray]

    async def task(k):
        def g(x):
            z = np.zeros(2)
            z[0] = k * math.sin(x)
            return np.sum(z)

        await asyncio.sleep(0)
        return wg.grad(g)(0.0)

    async def main():
        return await asyncio.gather(*map(task, range(5)))

    assert asyncio.run(main()) == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_levels_make_arrays_of_their_own():
    def inner(x, y):
        z = np.zeros(2)
        z[0] = x * y
        z[1] = math.sin(y)
        return np.sum(z**2)

    def outer(x):
        z = np.zeros(2)
        z[0] = wg.grad(inner, 1)(x, 2.0)
        z[1] = wg.jvp(lambda y: inner(x, y), (1.0,), (1.0,))[1]
        return np.sum(z)

    check(outer, 0.7)


def test_programs_are_kept_for_code_that_comes_again(monkeypatch):
    made = []
    real = program.Program.function
    monkeypatch.setattr(program.Program, "function", lambda self, f: made.append(f) or real(self, f))
    for k in range(20):
        wg.grad(lambda x: k * helper(x) + np.sum(filled(X * x)))(0.5)
    assert len(made) < 20


def test_gradients_still_pickle():
    assert pickle.loads(pickle.dumps(wg.grad(filled_sum)))(X) == pytest.approx(4.0 * X)


def filled_sum(x):
    return np.sum(filled(x))


def test_frames_know_their_module():
    def f(x):
        return x * len(sys._getframe().f_globals["__name__"])

    assert wg.grad(f)(1.0) == len(__name__)


FIRST_USES = """
import datetime, pickle
import numpy as np
import wengert as wg

DATA = [np.arange(3.0)]

def f(x):
    z = np.zeros(2)
    z[0] = x
    {use}
    return z[0] * x

print(wg.grad(f)(3.0))
"""


@pytest.mark.parametrize(
    "use",
    [
        "DATA[0].mean()",
        "repr(DATA[0])",
        "pickle.loads(pickle.dumps(DATA))",
        "pickle.loads(pickle.dumps(z.shape))",
        "datetime.datetime.strptime('2020-01-02', '%Y-%m-%d')",
        "'x'.encode('punycode')",
    ],
)
def test_what_c_code_imports_on_first_use_is_found(use):
    """In a fresh process: only the first use of ndarray.mean imports."""
    done = subprocess.run([sys.executable, "-c", FIRST_USES.format(use=use)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("6.0\n", 0), done.stderr
