"""Wengert differentiates the NumPy code you already have."""

import wengert.rules.numpy  # noqa: F401 (declares the rows)
from wengert import errors, tree
from wengert.config import config
from wengert.diagnose.doctor import doctor
from wengert.diff.checkpoint import checkpoint
from wengert.diff.control import stop_gradient
from wengert.diff.custom import custom_jvp, custom_vjp
from wengert.diff.forward import derivative, jvp, linearize
from wengert.diff.jacobian import hessian, hvp, jacfwd, jacobian, jacrev
from wengert.diff.picture import print_tree
from wengert.diff.primitive import primitive
from wengert.diff.reverse import grad, value_and_grad, vjp
from wengert.diff.rewrite import rewrite
from wengert.diff.track import Tape, track
from wengert.rules.coverage import coverage
from wengert.trace.substitute.explain import explain
from wengert.trace.tensor import Tensor
from wengert.version import __version__
from wengert.watch.guard import debug

__all__ = [
    "Tape",
    "Tensor",
    "__version__",
    "checkpoint",
    "config",
    "coverage",
    "custom_jvp",
    "custom_vjp",
    "debug",
    "derivative",
    "doctor",
    "errors",
    "explain",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "linearize",
    "primitive",
    "print_tree",
    "rewrite",
    "stop_gradient",
    "track",
    "tree",
    "value_and_grad",
    "vjp",
]

tree.PLAIN.add(Tensor)
