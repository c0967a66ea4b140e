"""CasADi: the program is written out once as a graph of scalars or arrays, and evaluated on raw buffers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import casadi
import numpy as np

from bench.frameworks import Framework, Prepared
from bench.scenario import Answer, NotAvailable, Scenario

# CasADi's functions under NumPy's names, for those that differ or that the programs call with an axis in mind.
NAMES = SimpleNamespace(exp=casadi.exp, sin=casadi.sin, cos=casadi.cos, sum=lambda x: casadi.sum1(casadi.sum2(x)))

# W4 (6 elements) takes 0.23 µs as scalars and 0.81 µs as arrays, W10's dense Hessian (100) 30 and 12 µs.
SCALAR_GRAPH_SIZE = 16


def prepare(scenario: Scenario, framework: Framework) -> Prepared:
    """A graph of scalars (SX) for small arguments, of arrays (MX) for large ones: whichever CasADi runs faster."""
    function = scenario.function(framework.name, NAMES, casadi)
    arguments = [np.asarray(a, dtype=float) for a in scenario.arguments()]
    if any(a.ndim > 2 for a in arguments):
        raise NotAvailable("casadi has no arrays of more than two axes")
    graph = casadi.SX if max(a.size for a in arguments) <= SCALAR_GRAPH_SIZE else casadi.MX
    symbols = [graph.sym(f"x{i}", *a.shape) for i, a in enumerate(arguments)]
    outputs, shapes = derivative(scenario, function, symbols, arguments)
    program = casadi.Function("program", symbols, [casadi.densify(y) for y in outputs])
    return on_buffers(program, arguments, shapes, scenario)


def derivative(scenario: Scenario, function: Any, symbols: list[Any], arguments: list[Any]) -> tuple[list[Any], list[Any]]:
    """The expressions that the task asks for, and the shapes they have in NumPy."""
    x, shape = symbols[0], arguments[0].shape
    if scenario.task == "hessian":
        return [casadi.hessian(function(x), x)[0]], [shape + shape]
    if scenario.task == "hvp":
        return [casadi.jtimes(casadi.gradient(function(x), x), x, symbols[1])], [shape]
    y = function(*symbols)
    gradients = [casadi.reshape(casadi.gradient(y, symbols[i]), symbols[i].shape) for i in scenario.positions]
    return [y, *gradients], [(), *(arguments[i].shape for i in scenario.positions)]


def on_buffers(program: Any, arguments: list[Any], shapes: list[Any], scenario: Scenario) -> Prepared:
    """Arguments and results live in memory that CasADi reads and writes itself, column by column."""
    buffer, trigger = program.buffer()
    inputs = [a.ravel(order="F") for a in arguments]
    results = [np.zeros(int(np.prod(shape))) for shape in shapes]
    for i, a in enumerate(inputs):
        buffer.set_arg(i, a.data)
    for i, r in enumerate(results):
        buffer.set_res(i, r.data)

    trigger.owners = (program, buffer, inputs, results)  # the buffer itself holds addresses only

    def read(_: None) -> Answer:
        first, *others = (r.reshape(shape, order="F") for r, shape in zip(results, shapes, strict=True))
        return Answer(first, tuple(others)) if scenario.task == "value and gradient" else Answer(None, (first,))

    return Prepared(trigger, read)
