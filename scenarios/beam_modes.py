"""Natural modes of a tapered cantilever beam, by Hermite elements and a generalised eigenvalue problem.

Cholesky's factor of the mass matrix turns it into an ordinary, symmetric one. The result is the ratio of the first two frequencies, and
the part of the mass that moves with the first mode.

Source: A. K. Chopra, Dynamics of Structures, Pearson 2012, chapter 16. `known` is of the uniform beam: the first roots of
cos x cosh x = -1 are 1.8751 and 4.6941, and 61.3 % of its mass move with the first mode.
"""

import numpy as np

ELEMENTS = 3


def element(length, EI, mass):
    L = length
    k = np.array(
        [
            [12, 6 * L, -12, 6 * L],
            [6 * L, 4 * L**2, -6 * L, 2 * L**2],
            [-12, -6 * L, 12, -6 * L],
            [6 * L, 2 * L**2, -6 * L, 4 * L**2],
        ]
    )
    m = np.array(
        [
            [156, 22 * L, 54, -13 * L],
            [22 * L, 4 * L**2, 13 * L, -3 * L**2],
            [54, 13 * L, 156, -22 * L],
            [-13 * L, -3 * L**2, -22 * L, 4 * L**2],
        ]
    )
    return EI / L**3 * k, mass * L / 420 * m


def matrices(heights):
    n = 2 * (ELEMENTS + 1)
    K, M = np.zeros((n, n)), np.zeros((n, n))
    for e, h in enumerate(heights):
        k, m = element(1.0, h**3, h)
        at = slice(2 * e, 2 * e + 4)
        K[at, at] += k
        M[at, at] += m
    return K[2:, 2:], M


def modes(K, M):
    L = np.linalg.cholesky(M)
    Linv = np.linalg.inv(L)
    squares, vectors = np.linalg.eigh(Linv @ K @ Linv.T)
    return np.sqrt(squares), Linv.T @ vectors


def objective(heights):
    K, M = matrices(heights)
    w, phi = modes(K, M[2:, 2:])
    shake = np.zeros(len(M))
    shake[::2] = 1.0  # the ground moves
    effective = (phi[:, 0] @ M[2:] @ shake) ** 2
    return w[1] / w[0] + effective / (shake @ M @ shake)


program = objective
arguments = (np.full(ELEMENTS, 1.1),)
known = (4.694091 / 1.875104) ** 2 + 0.6131
accuracy = 3e-3
