"""Programs of the field: the doctor finds nothing wrong with them, and the debugger leaves their gradients as they are."""

import numpy as np
import pytest
import scenarios

import wengert as wg
from wengert import tree

named = pytest.mark.parametrize("name", scenarios.NAMES)


@named
def test_the_doctor_proves_their_gradients(name):
    scenario = scenarios.load(name)
    report = wg.doctor(scenario.program, *scenario.arguments, argnums=tuple(range(len(scenario.arguments))))
    assert report.ok, str(report)
    assert {p.name: p.status for p in report.proofs}.items() >= {
        "reverse": "proved",
        "forward": "proved",
        "adjoint": "proved",
    }.items()
    assert all(line.line.file.startswith(str(scenario.path.parent)) for line in report.lines)


@named
def test_under_debug_they_have_the_gradients_that_they_have_without(name):
    scenario = scenarios.load(name)
    gradient = wg.grad(scenario.program, argnums=tuple(range(len(scenario.arguments))))
    plain = tree.flatten(gradient(*scenario.arguments))[0]
    with wg.debug():
        watched = tree.flatten(gradient(*scenario.arguments))[0]
    for a, b in zip(plain, watched, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-300)
