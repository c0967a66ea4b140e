"""wg.debug(): what is reported, in which words, at every order and mode; and what is not."""

import asyncio
import threading

import numpy as np
import pytest

import wengert as wg
from wengert import extend
from wengert.errors import NotFiniteError
from wengert.trace.dual import Dual
from wengert.trace.tape import Tape

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # what the function itself meets
A = np.array


def logarithm(x):
    y = 2.0 * x
    z = np.log(y)
    return np.sum(z)


def origin(call):
    """The origin that a call under debug reports."""
    with wg.debug(), pytest.raises(NotFiniteError) as raised:
        call()
    return raised.value.origin


def text(call):
    with wg.debug(), pytest.raises(NotFiniteError) as raised:
        call()
    return str(raised.value)


def test_the_message_says_who_where_at_what_and_what_to_write():
    assert text(lambda: wg.grad(logarithm)(A([0.5, 0.0, 1.0]))).splitlines() == [
        "log made -inf, and the result is -inf: log(0) at [1] (1 of 3 elements)",
        "  [test_debug.py:21: z = np.log(y)]",
        "  Keep the argument away from 0: np.log(np.maximum(x, tiny)), or np.where(x > 0, np.log(x), ...).",
    ]


def test_the_origin_says_it_in_fields():
    found = origin(lambda: wg.grad(logarithm)(A([0.5, 0.0, 0.0])))
    assert (found.how, found.what, found.sweep, found.function) == ("made", "-inf", "forward evaluation", "log")
    assert (found.line.function, found.line.text) == ("logarithm", "z = np.log(y)")
    assert (found.index, found.count, found.size, found.values) == ((1,), 2, 3, (0.0,))


WAYS = {
    "grad": lambda f, x: wg.grad(f)(x),
    "value_and_grad": lambda f, x: wg.value_and_grad(f)(x),
    "grad with aux": lambda f, x: wg.grad(lambda x: (f(x), 0), has_aux=True)(x),
    "vjp": lambda f, x: wg.vjp(f, x)[1](1.0),
    "jvp": lambda f, x: wg.jvp(f, (x,), (np.ones(2),)),
    "linearize": lambda f, x: wg.linearize(f, x)[1](np.ones(2)),
    "jacfwd": lambda f, x: wg.jacfwd(f)(x),
    "jacrev": lambda f, x: wg.jacrev(f)(x),
    "hessian": lambda f, x: wg.hessian(f)(x),
    "hvp": lambda f, x: wg.hvp(f)(x, np.ones(2)),
    "grad of jvp": lambda f, x: wg.grad(lambda x: wg.jvp(f, (x,), (np.ones(2),))[1])(x),
    "grad of grad": lambda f, x: wg.grad(lambda x: np.sum(wg.grad(f)(x)))(x),
    "jvp of jvp": lambda f, x: wg.jvp(lambda x: wg.jvp(f, (x,), (np.ones(2),))[1], (x,), (np.ones(2),)),
    "track": lambda f, x: tracked(f, x),
    "Tape": lambda f, x: taped(f, x),
}


def tracked(f, x):
    x = wg.track(x)
    wg.rewrite(f)(x).backward()
    return x.grad


def taped(f, x):
    with wg.Tape() as tape:
        x = tape.watch(x)
        y = wg.rewrite(f)(x)
    return tape.gradient(y, x)


def root(x):
    return np.sum(np.sqrt(x))


def three_halves(x):
    return np.sum(x**1.5)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_broken_value_is_reported_in_every_way(way):
    found = origin(lambda: way(logarithm, A([0.5, 0.0])))
    assert (found.function, found.sweep, found.line.text) == ("log", "forward evaluation", "z = np.log(y)")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_broken_derivative_is_reported_in_every_way(way):
    found = origin(lambda: way(root, A([0.5, 0.0])))
    assert (found.function, found.what, found.values) == ("sqrt", "inf", (0.0,))
    assert found.sweep in ("reverse sweep", "tangent")
    assert found.line.text == "return np.sum(np.sqrt(x))"


@pytest.mark.parametrize("way", ["hessian", "hvp", "grad of jvp", "grad of grad", "jvp of jvp"])
def test_a_broken_second_derivative_has_the_line_of_the_call_that_it_is_of(way):
    with wg.debug():
        np.testing.assert_allclose(wg.grad(three_halves)(A([4.0, 0.0])), [3.0, 0.0])
    found = origin(lambda: WAYS[way](three_halves, A([4.0, 0.0])))
    assert found.line.text == "return np.sum(x**1.5)"
    assert found.function in ("power", "multiply")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_input_that_holds_nan_is_called_that(way):
    found = origin(lambda: way(lambda x: np.sum(x * x), A([1.0, np.nan])))
    assert (found.how, found.what, found.index) == ("input", "nan", (1,))


def test_an_outside_array_that_holds_nan_is_called_that():
    weights = A([1.0, np.nan])
    assert origin(lambda: wg.grad(lambda x: np.sum(weights * x))(np.ones(2))).how == "outside"


def test_a_cotangent_that_holds_nan_is_called_that():
    found = origin(lambda: wg.vjp(lambda x: 2.0 * x, np.ones(2))[1](A([1.0, np.nan])))
    assert (found.how, found.what) == ("seed", "nan")
    assert origin(lambda: wg.jvp(lambda x: 2.0 * x, (np.ones(2),), (A([1.0, np.nan]),))).how == "seed"


def test_nan_out_of_infinity_names_both():
    found = origin(lambda: wg.grad(lambda x: np.exp(x) / np.exp(x))(1000.0))
    assert (found.function, found.root.function, found.root.values) == ("divide", "exp", (1000.0,))


def test_a_call_that_refuses_nan_is_explained():
    matrix = lambda x: np.linalg.svd(np.outer(x, 1.0 / x))[1][0]
    message = text(lambda: wg.grad(matrix)(A([1.0, 0.0])))
    assert message.startswith("divide made inf, and linalg.svd raised LinAlgError: divide(1, 0) at [1]")
    with wg.debug(), pytest.raises(NotFiniteError) as raised:
        wg.grad(matrix)(A([1.0, 0.0]))
    assert isinstance(raised.value.__cause__, np.linalg.LinAlgError)


# --- in-place code --------------------------------------------------------------------------------------------------------


def filled(x):
    z = np.zeros(3)
    for i in range(3):
        z[i] = np.sqrt(x[i])
    v = z[::-1]
    v[0] += 1.0 / x[1]
    return np.sum(z)


FILLING = [way for name, way in WAYS.items() if name != "track"]  # with no tape in force, np.zeros makes a plain array


@pytest.mark.parametrize("way", FILLING)
def test_through_writes_and_views(way):
    x = A([1.0, 0.0])
    assert origin(lambda: way(lambda x: filled(np.concatenate([x, x[:1]])), x)).line.text == "v[0] += 1.0 / x[1]"


def written(x):
    z = np.empty(2)  # whatever it holds, it is overwritten
    z[:] = np.nan
    z[0] = x[0]
    z[1] = np.sqrt(x[1])
    return np.sum(z)


@pytest.mark.parametrize("way", FILLING)
def test_what_was_overwritten_is_forgotten(way):
    found = origin(lambda: way(written, A([1.0, 0.0])))
    assert (found.function, found.line.text) == ("sqrt", "z[1] = np.sqrt(x[1])")
    found = origin(lambda: way(written, A([1.0, -1.0])))
    assert (found.function, found.sweep) == ("sqrt", "forward evaluation")


# --- what is not reported -------------------------------------------------------------------------------------------------

SOUND = {
    "the branch not taken": lambda x: np.sum(np.where(x > 0, np.log(x), x)),
    "the branch not taken, its derivative": lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0)),
    "what was not selected": lambda x: np.sum(np.sqrt(x[x > 0])) + np.log(x)[0] + np.max(np.sqrt(x * x)),
    "a mask of infinities": lambda x: np.sum(np.exp(np.where(x > 0, x, -np.inf))),
    "a maximum that begins at -inf": lambda x: np.max(x, initial=-np.inf),
    "an infinite bound": lambda x: np.sum(np.clip(x, -np.inf, np.inf)),
    "a result that is infinite on purpose": lambda x: np.sum(np.where(x > 9, x, -np.inf)),
    "an infinity that is divided by": lambda x: np.sum(np.where(x == 0, 0.0, 1.0 / np.exp(np.where(x == 0, np.inf, x)))),
    "norm at 0": lambda x: np.linalg.norm(x * 0.0),
    "no traced result": lambda x: np.inf,
}


@pytest.mark.parametrize("f", SOUND.values(), ids=SOUND)
def test_what_does_not_come_through_is_no_error(f):
    x = A([1.0, 0.0, -1.0])
    plain = wg.value_and_grad(f)(x)
    with wg.debug():
        for a, b in zip(wg.value_and_grad(f)(x), plain, strict=True):
            np.testing.assert_array_equal(a, b)
        np.testing.assert_allclose(wg.jvp(f, (x,), (np.ones(3),))[1], np.sum(plain[1]), rtol=1e-12)
        np.testing.assert_array_equal(wg.jacfwd(f)(x), plain[1])
        tape = wg.Tape()
        with tape:
            y = f(t := tape.watch(x))
        if isinstance(y, wg.Tensor):
            np.testing.assert_array_equal(tape.gradient(y, t), plain[1])


def test_auxiliary_results_may_hold_nan():
    with wg.debug():
        gradient, aux = wg.grad(lambda x: (x * x, np.log(-x)), has_aux=True)(3.0)
    assert gradient == 6.0 and np.isnan(aux)


def test_values_and_derivatives_are_what_they_are_without():
    def f(x):
        y = np.sin(x) @ np.outer(x, x)
        y[0] = y[1] * x[2]
        return np.sum(np.linalg.solve(np.outer(y, y) + np.eye(3), x) * np.fft.ifft(np.fft.fft(x)).real)

    x = A([0.3, 0.5, 0.7])
    for way in (wg.value_and_grad(f), wg.hessian(f), wg.jacfwd(f), lambda x: wg.hvp(f)(x, x)):
        plain = way(x)
        with wg.debug():
            watched = way(x)
        np.testing.assert_allclose(np.hstack([np.ravel(a) for a in watched]), np.hstack([np.ravel(a) for a in plain]), rtol=1e-12)


# --- where it holds -------------------------------------------------------------------------------------------------------


def test_it_leaves_nothing_behind(monkeypatch):
    with wg.debug(), pytest.raises(NotFiniteError):
        wg.grad(root)(np.zeros(2))
    kinds = []

    def noted(x):
        kinds.append(type(x._trace))
        return root(x)

    assert np.all(wg.grad(noted)(np.zeros(2)) == np.inf)
    wg.jvp(noted, (np.ones(2),), (np.ones(2),))
    wg.track(np.ones(2))
    noted(wg.track(np.ones(2)))
    assert kinds == [Tape, Dual, wg.Tape]


def test_a_pullback_that_outlives_it_raises_nothing():
    with wg.debug():
        _, pull = wg.vjp(root, A([1.0, 0.0]))
    np.testing.assert_array_equal(pull(1.0)[0], [0.5, np.inf])


def test_values_tracked_before_join_those_tracked_inside():
    x = wg.track(2.0)
    with wg.debug():
        y = wg.track(3.0)
        z = x * y
        z.backward()
        assert (x.grad, y.grad) == (3.0, 2.0)
        with pytest.raises(NotFiniteError, match="log made -inf"):
            np.log(x * y * 0.0).backward()
    w = wg.track(0.0)
    np.sqrt(x * w).backward()
    assert w.grad == np.inf


def test_it_is_of_one_thread_or_task():
    results, inside, outside = {}, threading.Event(), threading.Event()

    def debugging():
        with wg.debug():
            inside.set()
            outside.wait(10)
            try:
                wg.grad(root)(np.zeros(1))
            except NotFiniteError as error:
                results["debugging"] = error

    thread = threading.Thread(target=debugging)
    thread.start()
    inside.wait(10)
    results["other"] = wg.grad(root)(np.zeros(1))
    outside.set()
    thread.join()
    assert isinstance(results["debugging"], NotFiniteError)
    assert results["other"] == np.inf

    async def task(debug):
        with wg.config(debug=debug):
            await asyncio.sleep(0)
            return wg.grad(root)(np.zeros(1))

    async def both():
        return await asyncio.gather(task(True), task(False), return_exceptions=True)

    first, second = asyncio.run(both())
    assert isinstance(first, NotFiniteError) and second == np.inf


def test_it_is_a_setting():
    try:
        wg.config.debug = True
        with pytest.raises(NotFiniteError):
            wg.grad(root)(np.zeros(1))
        with wg.config(debug=False):
            wg.grad(root)(np.zeros(1))
    finally:
        wg.config.debug = False


def test_single_precision_and_complex_numbers():
    found = origin(lambda: wg.grad(lambda x: np.sum(np.exp(x)))(A([100.0], np.float32)))
    assert (found.function, found.what) == ("exp", "inf")
    found = origin(lambda: wg.grad(lambda z: np.abs(np.log(z)))(0j))
    assert found.function == "log"


def test_empty_arrays_and_arrays_without_axes():
    with wg.debug():
        assert wg.grad(lambda x: np.sum(np.log(x)))(np.ones(0)).shape == (0,)
        assert wg.grad(lambda x: np.log(x) * 1.0)(np.ones(())) == 1.0
    assert origin(lambda: wg.grad(lambda x: np.log(x) * 1.0)(np.zeros(()))).function == "log"


def test_in_a_method_and_in_a_callee():
    class Model:
        scale = 0.0

        def loss(self, x):
            return self.part(x) + 1.0

        def part(self, x):
            return np.sum(x / (x * self.scale))

    found = origin(lambda: wg.grad(Model().loss)(np.ones(2)))
    assert (found.line.function, found.line.text) == ("part", "return np.sum(x / (x * self.scale))")


def test_a_primitive_a_custom_rule_and_a_checkpoint_are_named():
    @wg.primitive
    def pole(x):
        return 1.0 / x

    extend.elementwise(pole, lambda y, x: -1.0 / x**2)
    stored = wg.checkpoint(pole.f)
    for f in (pole, stored):
        found = origin(lambda f=f: wg.grad(lambda x: np.sum(f(x)))(A([1.0, 0.0])))
        assert "pole" in found.function and (found.what, found.count, found.sweep) == ("inf", 1, "forward evaluation")

    @wg.custom_vjp
    def half(x):
        return 0.5 * x

    half.defvjp(lambda x: (0.5 * x, x), lambda x, g: (g / x,))
    found = origin(lambda: wg.grad(lambda x: np.sum(half(x)))(A([1.0, 0.0])))
    assert "half" in found.function and (found.what, found.index, found.sweep) == ("inf", (1,), "reverse sweep")
    assert found.line.text.startswith("found = origin(lambda: wg.grad(lambda x: np.sum(half(x)))")


def test_an_element_that_is_read_brings_its_origin():
    def f(x):
        y = np.log(x)
        return 2.0 * y[1]

    for way in (lambda: wg.grad(f)(A([1.0, 0.0])), lambda: wg.jvp(f, (A([1.0, 0.0]),), (np.ones(2),))):
        found = origin(way)
        assert (found.function, found.line.text) == ("log", "y = np.log(x)")
