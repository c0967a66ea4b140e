"""Loschmidt echo of a Heisenberg chain after a quench, and what is lost by Trotter's splitting.

Suzuki (1976) for the splitting; exponentials of complex matrices by scaling, Taylor's series and squaring, until the terms vanish
(Moler & Van Loan, 2003, method 3). A bug in either shows as a fidelity that is not 1 at small steps.
"""

import functools

import numpy as np

SX = np.array([[0.0, 1.0], [1.0, 0.0]])
SY = np.array([[0.0, -1.0j], [1.0j, 0.0]])
SZ = np.array([[1.0, 0.0], [0.0, -1.0]])


def on_sites(operators, n):
    """A product of one-site operators {site: matrix}, identity elsewhere."""
    return functools.reduce(np.kron, [operators.get(i, np.eye(2)) for i in range(n)])


def expm(a):
    norm = np.abs(a).sum(axis=0).max()
    squarings = 0
    while norm > 0.5:
        norm = norm / 2
        squarings += 1
    a = a / 2**squarings
    result = np.eye(len(a), dtype=complex)
    term = result.copy()
    k = 0
    while np.abs(term).max() > 1e-18:
        k += 1
        term = term @ a / k
        result += term
    for _ in range(squarings):
        result = result @ result
    return result


def hamiltonians(couplings, fields):
    n = len(fields)
    bonds = sum(j * on_sites({i: s, i + 1: s}, n) for i, j in enumerate(couplings) for s in (SX, SY, SZ))
    local = sum(h * on_sites({i: SZ}, n) + 0.3 * on_sites({i: SX}, n) for i, h in enumerate(fields))
    return bonds, local


def loss(couplings, fields, time, steps=2):
    bonds, local = hamiltonians(couplings, fields)
    exact = expm(-1j * time * (bonds + local))
    half = expm(-0.5j * time / steps * local)
    step = half @ expm(-1j * time / steps * bonds) @ half
    psi = np.zeros(len(bonds), dtype=complex)
    psi[1] = 1.0
    approximate = np.linalg.matrix_power(step, steps) @ psi
    fidelity = abs(np.vdot(exact @ psi, approximate)) ** 2
    echo = np.abs((exact @ psi)[1]) ** 2
    return -np.log(echo) - np.log(fidelity)


program = loss
arguments = (np.array([1.0, 0.7]), np.array([0.3, -0.5, 0.8]), 0.6)
