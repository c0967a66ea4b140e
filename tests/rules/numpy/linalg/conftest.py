"""Second derivatives, by each pair of modes."""

import pytest

import wengert as wg

HESSIANS = {
    "forward over reverse": wg.hessian,
    "reverse over reverse": lambda f: wg.jacrev(wg.grad(f)),
    "forward over forward": lambda f: wg.jacfwd(wg.jacfwd(f)),
    "reverse over forward": lambda f: wg.jacrev(wg.jacfwd(f)),
}


@pytest.fixture(params=HESSIANS.values(), ids=list(HESSIANS))
def hessian(request):
    """A function that makes the Hessian of a function."""
    return request.param
