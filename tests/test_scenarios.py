"""Programs of the field, unmodified, agree with finite differences and with the complex step, in both modes and to second order.

Neither oracle knows Wengert: differences are extrapolated from runs of the program as it stands, complex steps come from its source,
run again in analytic arithmetic (complex_step.py). Second derivatives are held against differences of complex steps.
"""

import ast
import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import scenarios
from tests.complex_step import Replay

import wengert as wg
from wengert import tree
from wengert.testing import differences

LIBRARIES = {"numpy", "math", "dataclasses", "functools", "itertools", "collections", "heapq", "typing", "scipy.special"}
FEW = 12  # elements of all arguments together, up to which each is tried by itself

# Why a program has no complex step. Its second derivatives are then held against differences of the gradient.
NO_COMPLEX_STEP: dict[str, str] = {}

named = pytest.mark.parametrize("name", scenarios.NAMES)


@dataclass(frozen=True)
class Subject:
    """A scenario, as a function of the floating leaves of its arguments."""

    scenario: scenarios.Scenario
    leaves: list[Any]
    treedef: Any
    gradient: list[Any]  # one a floating leaf
    value: Any
    replay: Replay | None

    @property
    def program(self):
        return self.scenario.program

    @property
    def arguments(self):
        return self.scenario.arguments

    @property
    def argnums(self):
        return tuple(range(len(self.arguments)))

    def directions(self, count):
        """Random tangents, as large as their arguments; None for leaves that are constants."""
        random = np.random.default_rng(0)
        return [[random_like(x, random) if floating(x) else None for x in self.leaves] for _ in range(count)]

    def single(self):
        """A tangent for each element, if there are few."""
        shapes = [np.shape(x) if floating(x) else (0,) for x in self.leaves]
        if sum(np.prod(s, dtype=int) for s in shapes) > FEW:
            return
        for k, shape in enumerate(shapes):
            for place in np.ndindex(shape):
                ts = [np.zeros(np.shape(x)) if floating(x) else None for x in self.leaves]
                ts[k][place] = typical(self.leaves[k])
                yield [t if t is None or t.ndim else t[()] for t in ts]

    def at(self, h, ts):
        return tree.unflatten(self.treedef, [x if t is None else moved(x, h * t) for x, t in zip(self.leaves, ts, strict=True)])

    def contained(self, ts):
        return tree.unflatten(self.treedef, ts)


@functools.cache
def subject(name):
    scenario = scenarios.load(name)
    leaves, treedef = tree.flatten(scenario.arguments)
    value, gradient = wg.value_and_grad(scenario.program, argnums=tuple(range(len(scenario.arguments))))(*scenario.arguments)
    replay = None if name in NO_COMPLEX_STEP else Replay(scenario.path)
    return Subject(scenario, leaves, treedef, tree.flatten(gradient)[0], value, replay)


def floating(x):
    return isinstance(x, float) or (isinstance(x, np.ndarray) and x.dtype.kind == "f")


def moved(x, step):
    return type(x)(x + step) if isinstance(x, float) else x + step


def typical(x):
    """The size of an argument's elements."""
    return float(np.sqrt(np.mean(np.square(x)))) or 1.0


def random_like(x, random):
    t = random.uniform(0.3, 1.0, np.shape(x)) * random.choice((-1.0, 1.0), np.shape(x))
    return t * (0.5 * np.abs(x) + 0.5 * typical(x))


def paired(gradient, ts):
    """Their inner product."""
    return sum(np.sum(g * t) for g, t in zip(gradient, (t for t in ts if t is not None), strict=True))


def size(gradient, ts):
    """The sum of the magnitudes of what their inner product sums: what its rounding is relative to."""
    return float(sum(np.sum(np.abs(g * t)) for g, t in zip(gradient, (t for t in ts if t is not None), strict=True)))


def close(ours, truth, scale, tolerance):
    assert abs(ours - truth) <= tolerance * scale, f"{ours:.15g} should be {truth:.15g} ({abs(ours - truth) / scale:.1e} off)"


def estimated(curve, scale):
    """A derivative by differences, which must have settled."""
    (estimate,) = differences(curve)
    assert estimate.error <= 1e-6 * scale, f"the differences do not settle ({estimate.error / scale:.1e})"
    return estimate.value


# --- the claims -------------------------------------------------------------------------------------------------------------------


@named
def test_the_program_is_ordinary_numpy(name):
    code = ast.parse(scenarios.load(name).path.read_text(encoding="utf-8"))
    assert ast.get_docstring(code)
    imports = [node for node in ast.walk(code) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {a.name for node in imports if isinstance(node, ast.Import) for a in node.names}
    modules |= {node.module for node in imports if isinstance(node, ast.ImportFrom)}
    assert any(a.name == "numpy" and a.asname == "np" for node in imports if isinstance(node, ast.Import) for a in node.names)
    assert modules <= LIBRARIES


@named
def test_the_value_is_the_plain_one(name):
    s = subject(name)
    before = tree.map(np.copy, s.arguments)
    plain = s.program(*s.arguments)
    assert np.ndim(plain) == 0 and np.isfinite(plain)
    np.testing.assert_allclose(s.value, plain, rtol=4 * np.finfo(float).eps, atol=0.0)
    wg.grad(s.program, argnums=s.argnums)(*s.arguments)
    tree.map(np.testing.assert_array_equal, s.arguments, before)
    if s.scenario.known is not None:
        np.testing.assert_allclose(plain, s.scenario.known, rtol=s.scenario.accuracy)


@named
def test_reverse_mode_agrees_with_differences(name):
    s = subject(name)
    for ts in [*s.directions(2), *s.single()]:
        scale = size(s.gradient, ts) + 1e-4 * abs(s.value)
        close(paired(s.gradient, ts), estimated(lambda h, ts=ts: [s.program(*s.at(h, ts))], scale), scale, 1e-6)


@named
def test_reverse_mode_agrees_with_the_complex_step(name):
    s = subject(name)
    if s.replay is None:
        assert NO_COMPLEX_STEP[name]
        return
    for ts in [*s.directions(2), *s.single()]:
        scale = size(s.gradient, ts) + 1e-9 * abs(s.value)
        close(paired(s.gradient, ts), s.replay.slope(ts), scale, 1e-12)


@named
def test_forward_mode_is_the_adjoint_of_reverse_mode(name):
    s = subject(name)
    for ts in s.directions(3):
        value, slope = wg.jvp(s.program, s.arguments, s.contained(ts))
        np.testing.assert_allclose(value, s.value, rtol=4 * np.finfo(float).eps, atol=0.0)
        close(slope, paired(s.gradient, ts), size(s.gradient, ts), 1e-10)


@named
def test_second_derivatives_agree_in_all_four_mode_pairs(name):
    s = subject(name)
    f, xs, argnums = s.program, s.arguments, s.argnums
    ts, ws = s.directions(2)
    gradient = wg.grad(f, argnums=argnums)
    inside = s.contained(ts)

    def slope(*xs):
        return wg.jvp(f, xs, inside)[1]

    def slope_by_reverse(*xs):
        return paired(tree.flatten(gradient(*xs))[0], ts)

    forward_over_reverse = tree.flatten(wg.jvp(gradient, xs, inside)[1])[0]
    scale = size(forward_over_reverse, ws) + 1e-9 * size(s.gradient, ws)
    truth = estimated(lambda h: [along(s, ts, ws, h)], scale)
    close(paired(forward_over_reverse, ws), truth, scale, 1e-7)
    others = {
        "reverse over reverse": tree.flatten(wg.grad(slope_by_reverse, argnums=argnums)(*xs))[0],
        "reverse over forward": tree.flatten(wg.grad(slope, argnums=argnums)(*xs))[0],
    }
    largest = max(float(np.max(np.abs(a), initial=0.0)) for a in forward_over_reverse)
    for how, product in others.items():
        for a, b in zip(product, forward_over_reverse, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-10 * largest, err_msg=how)
    close(wg.jvp(slope, xs, s.contained(ws))[1], paired(forward_over_reverse, ws), scale, 1e-9)
    across = tree.flatten(wg.jvp(gradient, xs, s.contained(ws))[1])[0]
    close(paired(across, ts), paired(forward_over_reverse, ws), scale + size(across, ts), 1e-10)


def along(s, ts, ws, h):
    """The slope along ts, after h steps along ws: by the complex step where there is one, else from the gradient."""
    if s.replay is not None:
        return s.replay.slope(ts, [None if w is None else h * w for w in ws])
    return paired(tree.flatten(wg.grad(s.program, argnums=s.argnums)(*s.at(h, ws)))[0], ts)


def test_there_are_scenarios():
    assert len(scenarios.NAMES) >= 40
