"""Gaussian elimination with partial pivoting, in place, with row swaps; determinant, solution and one step of refinement.

Source: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th edition, Johns Hopkins 2013, algorithm 3.4.1.
"""

import numpy as np


class SingularMatrix(Exception):
    pass


def lu_in_place(A):
    """Overwrite A with L and U; return the row permutation and its sign."""
    n = A.shape[0]
    perm = np.arange(n)
    sign = 1.0
    for k in range(n - 1):
        pivot = k + np.argmax(np.abs(A[k:, k]))
        if A[pivot, k] == 0.0:
            raise SingularMatrix(k)
        if pivot != k:
            A[[k, pivot]] = A[[pivot, k]]
            perm[[k, pivot]] = perm[[pivot, k]]
            sign = -sign
        A[k + 1 :, k] /= A[k, k]
        A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])
    return perm, sign


def lu_solve(LU, perm, b):
    x = b[perm]
    n = len(x)
    for i in range(1, n):
        x[i] -= LU[i, :i] @ x[:i]
    for i in reversed(range(n)):
        x[i] = (x[i] - LU[i, i + 1 :] @ x[i + 1 :]) / LU[i, i]
    return x


def analyse(A, b):
    LU = np.array(A, copy=True)
    perm, sign = lu_in_place(LU)
    determinant = sign * np.prod(np.diagonal(LU))
    x = lu_solve(LU, perm, b)
    x += lu_solve(LU, perm, b - A @ x)
    return np.log(np.abs(determinant)) + np.sum(x**2)


matrix = np.array(
    [
        [0.2, 1.3, -0.7, 0.5],
        [2.1, 0.4, 0.9, -1.2],
        [-1.1, 0.8, 3.2, 0.1],
        [0.6, -2.4, 0.3, 1.7],
    ]
)

program = analyse
arguments = (matrix, np.array([1.0, -0.5, 0.25, 2.0]))
known = np.log(abs(np.linalg.det(matrix))) + np.sum(np.linalg.solve(*arguments) ** 2)
