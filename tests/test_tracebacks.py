"""Errors leave Wengert with short tracebacks: the user's frames, and one of ours."""

import math
import os
import traceback

import numpy as np
import pytest

import wengert as wg

X = np.array([1.0, 2.0, 3.0])
TABLE = {"sine": math.sin}


def inner(x):
    return TABLE["sine"](x[0])


def refused(x):
    return inner(x * 2.0)


def mistaken(x):
    return np.sum(np.reshape(x, 7))


def failing(x):
    try:
        return inner(x * 2.0)
    except TypeError as error:
        raise ValueError("no sine") from error


def hidden(x):
    x = wg.track(x)
    y = np.sum(x * x)
    y.backward()
    y.backward()


ENTRANCES = {
    "grad": lambda f: wg.grad(f)(X),
    "value_and_grad": lambda f: wg.value_and_grad(f)(X),
    "vjp": lambda f: wg.vjp(f, X),
    "jvp": lambda f: wg.jvp(f, (X,), (X,)),
    "linearize": lambda f: wg.linearize(f, X),
    "jacobian": lambda f: wg.jacobian(f)(X),
    "hessian": lambda f: wg.hessian(f)(X),
    "hvp": lambda f: wg.hvp(f)(X, X),
    "derivative": lambda f: wg.derivative(f)(X),
    "grad of grad": lambda f: wg.grad(lambda x: np.sum(wg.grad(f)(x)))(X),
}


def shown(error):
    """(file, function) of each frame of a traceback below this test's own."""
    return [(os.path.basename(frame.filename), frame.name) for frame in traceback.extract_tb(error.__traceback__)]


@pytest.mark.parametrize("entrance", ENTRANCES.values(), ids=ENTRANCES)
def test_the_frames_between_are_the_users(entrance):
    with pytest.raises(wg.errors.ConversionError) as caught:
        entrance(refused)
    frames = shown(caught.value)
    assert frames[-2:] == [("test_tracebacks.py", "refused"), ("test_tracebacks.py", "inner")]
    ours = [name for file, name in frames if file != "test_tracebacks.py"]
    assert set(ours) <= {"__call__", "entered"} and len(ours) <= 2


def test_an_error_of_numpys_keeps_numpys_frames():
    with pytest.raises(ValueError, match="reshape") as caught:
        wg.grad(mistaken)(X)
    files = [file for file, _ in shown(caught.value)]
    assert files[1:3] == ["calling.py", "test_tracebacks.py"] and set(files[3:]) == {"fromnumeric.py"}


def test_what_it_came_from_is_short_too():
    with pytest.raises(ValueError, match="no sine") as caught:
        wg.grad(failing)(X)
    assert [name for _, name in shown(caught.value.__cause__)] == ["failing", "inner"]


def test_a_refused_argument_is_shown_at_the_call():
    with pytest.raises(wg.errors.InputError) as caught:
        wg.grad(refused)("no number")
    assert [name for _, name in shown(caught.value)] == ["test_a_refused_argument_is_shown_at_the_call", "__call__"]


def test_pullbacks_and_sweeps_are_short_too():
    _, pull = wg.vjp(np.sin, X)
    _, push = wg.linearize(np.sin, X)
    for call in (lambda: pull(np.ones(2)), lambda: push(np.ones(2)), lambda: hidden(X)):
        with pytest.raises(wg.errors.WengertError) as caught:
            call()
        ours = [file for file, _ in shown(caught.value) if file != "test_tracebacks.py"]
        assert ours == ["tracebacks.py"]


def test_all_frames_are_shown_on_request():
    with wg.config(full_tracebacks=True), pytest.raises(wg.errors.ConversionError) as caught:
        wg.grad(refused)(X)
    assert {"calling.py", "reverse.py", "tensor.py"} <= {file for file, _ in shown(caught.value)}
