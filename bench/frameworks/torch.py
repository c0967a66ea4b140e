"""PyTorch, eager: float64 tensors on the CPU, made once; `torch.autograd.grad`, twice for second derivatives."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch

from bench.frameworks import Framework, Prepared
from bench.scenario import Answer, Function, Scenario


def prepare(scenario: Scenario, framework: Framework) -> Prepared:
    """Reverse mode, applied twice for second derivatives: forward over reverse took 4 times as long on W10."""
    torch.set_num_threads(1)
    function = scenario.function(framework.name, torch, torch)
    arguments = [torch.tensor(a, dtype=torch.float64) for a in scenario.arguments()]
    if scenario.task == "hessian":
        return Prepared(partial(hessian, function, *arguments), scenario.read)
    if scenario.task == "hvp":
        return Prepared(partial(hvp, function, *arguments), scenario.read)
    variables = [arguments[i].requires_grad_() for i in scenario.positions]
    return Prepared(partial(value_and_gradient, function, arguments, variables), read)


def value_and_gradient(function: Function, arguments: list[Any], variables: list[Any]) -> tuple[Any, tuple[Any, ...]]:
    """One sweep, without touching `.grad`."""
    value = function(*arguments)
    return value, torch.autograd.grad(value, variables)


def hessian(function: Function, x: Any) -> Any:
    """The rows as one batch."""
    return torch.autograd.functional.hessian(function, x, vectorize=True)


def hvp(function: Function, x: Any, v: Any) -> Any:
    """The gradient of the gradient along v."""
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(function(x), x, create_graph=True)
    return torch.autograd.grad(gradient, x, v)[0]


def read(result: tuple[Any, tuple[Any, ...]]) -> Answer:
    """The value still carries its graph, which NumPy would refuse."""
    value, gradients = result
    return Answer(value.detach(), gradients)
