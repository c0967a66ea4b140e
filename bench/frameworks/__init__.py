"""The columns of the table: one row here, and one adapter file beside it, for each framework.

An adapter is a module with one function, `prepare(scenario, framework) -> Prepared`; it raises `NotAvailable(reason)`
where the framework has no way to run the scenario. Only the worker process of a framework imports its adapter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from bench.scenario import Answer

Role = Literal["reference", "ours", "peer"]


class Prepared(NamedTuple):
    """What is timed, a call without arguments that returns when its result exists; and how to read that result."""

    call: Callable[[], Any]
    read: Callable[[Any], Answer]


@dataclass(frozen=True)
class Framework:
    """`module` is what a user imports and `adapter` our file; two rows may share both and differ in `compiled`."""

    name: str
    module: str
    adapter: str
    role: Role = "peer"
    compiled: bool = False


FRAMEWORKS = (
    Framework("numpy", "numpy", "bench.frameworks.numpy", role="reference"),
    Framework("by-hand", "numpy", "bench.frameworks.by_hand", role="reference"),
    Framework("wengert", "wengert", "bench.frameworks.wengert", role="ours"),
    Framework("wengert-jit", "wengert", "bench.frameworks.wengert", role="ours", compiled=True),
    Framework("autograd", "autograd", "bench.frameworks.autograd"),
    Framework("mygrad", "mygrad", "bench.frameworks.mygrad"),
    Framework("torch", "torch", "bench.frameworks.torch"),
    Framework("jax", "jax", "bench.frameworks.jax"),
    Framework("jax-jit", "jax", "bench.frameworks.jax", compiled=True),
    Framework("casadi", "casadi", "bench.frameworks.casadi", compiled=True),
    Framework("tensorflow", "tensorflow", "bench.frameworks.tensorflow"),
    Framework("tensorflow-jit", "tensorflow", "bench.frameworks.tensorflow", compiled=True),
)


def named(framework: str) -> Framework:
    """The framework of that exact name."""
    return next(f for f in FRAMEWORKS if f.name == framework)
