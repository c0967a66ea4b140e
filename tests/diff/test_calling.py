"""What a transformed function is: it keeps name, signature and docstring, pickles, and composes."""

import functools
import inspect
import multiprocessing
import pickle
import typing

import numpy as np
import pytest

import wengert as wg
from wengert.errors import InputError, OutputError

TRANSFORMS = {
    "grad": wg.grad,
    "value_and_grad": wg.value_and_grad,
    "jacobian": wg.jacobian,
    "jacfwd": wg.jacfwd,
    "jacrev": wg.jacrev,
    "hessian": wg.hessian,
    "derivative": wg.derivative,
}
EACH = pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)


def energy(x: float, k: float = 2.0, *, shift: float = 0.0) -> float:
    """The energy of a spring."""
    return 0.5 * k * (x - shift) ** 2


@EACH
def test_name_signature_and_docstring_are_kept(transform):
    d = transform(energy)
    assert d.__name__ == "energy" and d.__doc__ == "The energy of a spring." and inspect.unwrap(d) is energy
    assert list(inspect.signature(d).parameters) == ["x", "k", "shift"]
    assert d.__module__ == energy.__module__


def test_transforms_of_transforms_keep_them_too():
    d = wg.grad(wg.grad(energy))
    assert d.__name__ == "energy" and list(inspect.signature(d).parameters) == ["x", "k", "shift"]


@EACH
def test_a_transform_says_what_it_is(transform):
    assert "energy" in repr(transform(energy))


@EACH
def test_a_transform_is_called_as_its_function(transform):
    d = transform(energy)
    for a, b in [(d(3.0), d(3.0, 2.0)), (d(3.0, k=2.0), d(3.0, 2.0, shift=0.0))]:
        assert a == b


def test_callables_of_every_kind():
    class Spring:
        def __call__(self, x):
            return x**3

        def method(self, x):
            return x**3

        @classmethod
        def made(cls, x):
            return x**3

        @staticmethod
        def static(x):
            return x**3

    @functools.wraps(energy)
    def wrapped(x):
        return x**3

    for f in (
        Spring(),
        Spring().method,
        Spring.made,
        Spring.static,
        functools.partial(lambda k, x: x**k, 3),
        wrapped,
        lambda x: x**3,
    ):
        assert wg.grad(f)(2.0) == 12.0 and wg.hessian(f)(2.0) == 12.0
    assert wg.grad(np.sin)(0.0) == 1.0
    assert np.isclose(wg.grad(np.linalg.norm)(np.array([3.0, 4.0]))[0], 0.6)


def test_as_decorators():
    @wg.grad
    def slope(x):
        return x**3

    @functools.partial(wg.grad, argnums=(0, 1))
    def both(x, y):
        return x * y

    class Model:
        @wg.grad
        def loss(x):
            return x**2

    assert slope(2.0) == 12.0 and both(2.0, 3.0) == (3.0, 2.0) and Model.loss(3.0) == 6.0


@pytest.mark.parametrize("x", [3.0, None, "sin", np.ones(2), [np.sin]], ids=lambda x: type(x).__name__)
@EACH
def test_what_cannot_be_called_is_refused(transform, x):
    with pytest.raises(InputError, match="(?s)a function is to be differentiated.*test_calling.py"):
        transform(x)


# --- pickling ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@EACH
def test_a_transform_pickles(transform, protocol):
    d = transform(energy)
    again = pickle.loads(pickle.dumps(d, protocol))
    assert again(3.0, k=4.0) == d(3.0, k=4.0)
    assert (again.__name__, again.__doc__, repr(again)) == (d.__name__, d.__doc__, repr(d))


def test_options_survive_pickling():
    for d, args in [
        (wg.grad(energy, (0, 1)), (3.0, 2.0)),
        (wg.jacobian(energy, mode="reverse"), (3.0,)),
        (wg.grad(np.square, holomorphic=True), (1 + 2j,)),
        (wg.hessian(energy, 1), (3.0, 2.0)),
        (wg.grad(wg.grad(energy)), (3.0,)),
        (wg.hvp(energy), (3.0, 1.0)),
        (wg.grad(functools.partial(energy, k=5.0)), (3.0,)),
    ]:
        assert pickle.loads(pickle.dumps(d))(*args) == d(*args)


def test_a_transform_of_a_local_function_does_not_pickle():
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(wg.grad(lambda x: x))


def test_a_spawned_process_differentiates():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(wg.grad(np.sinh), [0.0, 1.0]) == [1.0, np.cosh(1.0)]


# --- has_aux -------------------------------------------------------------------------------------------------------------------------


def test_auxiliary_results_of_each():
    f = lambda x: (x**3, {"double": 2 * x, "n": 7, "none": None})
    aux = {"double": 4.0, "n": 7, "none": None}
    assert wg.grad(f, has_aux=True)(2.0) == (12.0, aux)
    assert wg.value_and_grad(f, has_aux=True)(2.0) == ((8.0, aux), 12.0)
    assert wg.jacobian(f, has_aux=True)(2.0) == (12.0, aux)
    assert wg.hessian(f, has_aux=True)(2.0) == (12.0, aux)
    y, pull, found = wg.vjp(f, 2.0, has_aux=True)
    assert (y, pull(1.0), found) == (8.0, (12.0,), aux)


def test_auxiliary_results_of_outer_levels_stay_traced():
    def f(a):
        g, aux = wg.grad(lambda x: (a * x**2, a * x), has_aux=True)(3.0)
        return g * aux  # 6a * 3a

    assert wg.grad(f)(2.0) == 72.0
    assert wg.jvp(f, (2.0,), (1.0,))[1] == 72.0


@pytest.mark.parametrize("result", [lambda x: x, lambda x: (x,), lambda x: (x, 1, 2), lambda x: [x, 1], lambda x: None])
def test_a_function_without_the_promised_pair_is_refused(result):
    for d in (wg.grad(result, has_aux=True), wg.value_and_grad(result, has_aux=True), wg.jacobian(result, has_aux=True)):
        with pytest.raises(OutputError, match=r"(?s)has_aux=True.*\(y, aux\).*test_calling.py"):
            d(1.0)


def test_type_checkers_see_the_functions_parameters():
    hints = typing.get_type_hints(wg.grad)
    assert "return" in hints and "f" in hints


OUT_OF_REACH = {"float": float}


@pytest.mark.parametrize("derivative", [wg.grad, wg.derivative, wg.hessian, lambda f: lambda x: wg.jvp(f, (x,), (1.0,))])
@pytest.mark.parametrize("caught", [Exception, TypeError, wg.errors.WengertError])
def test_a_refusal_that_the_function_catches_is_raised_when_it_returns(derivative, caught):
    def f(x):
        try:
            return OUT_OF_REACH["float"](x) ** 2
        except caught:
            return 1e10

    with pytest.raises(wg.errors.ConversionError, match='OUT_OF_REACH\\["float"\\]'):
        derivative(f)(3.0)


def test_an_error_that_the_function_makes_of_a_refusal_is_its_own():
    def f(x):
        try:
            return OUT_OF_REACH["float"](x) ** 2
        except TypeError as refusal:
            raise RuntimeError("no number") from refusal

    with pytest.raises(RuntimeError, match="no number") as raised:
        wg.grad(f)(3.0)
    assert isinstance(raised.value.__cause__, wg.errors.ConversionError)


def test_asking_for_attributes_is_no_refusal():
    def f(x):
        return 2.0 * x if not hasattr(x, "nonsense") and not hasattr(x, "tobytes") else x

    assert wg.grad(f)(np.float64(3.0)) in (1.0, 2.0)


def test_what_an_inner_call_was_refused_and_an_outer_one_catches_is_kept():
    def f(x):
        try:
            return wg.grad(lambda y: OUT_OF_REACH["float"](y * x))(1.0)
        except TypeError:
            return 0.0

    with pytest.raises(wg.errors.ConversionError):
        wg.grad(f)(3.0)
