"""Matrices: products, factorisations, solvers, and what is made of them."""

import numpy as np

X = np.array([0.3, 0.7, 1.1])
A = np.array([[2.0, 0.3, -0.4], [0.5, 2.1, 0.7], [-0.4, 0.9, 1.9]])
B = np.array([[1.2, 0.3, -0.4], [0.5, 2.1, 0.7]])


def products(a=A, x=X):
    """`a @ x`, `a.dot(x)`, `np.dot`, `np.matmul`, `x @ a @ x`"""
    return x @ a @ x + a.dot(x)[0] * np.dot(x, x) + np.matmul(a, a)[0, 1] + np.vdot(x, a[0]) + np.inner(a, x)[2]


def einsum(a=A, x=X):
    """`np.einsum("ij,j->i", a, x)`, also with an ellipsis and an outer product"""
    return np.sum(np.einsum("ij,j->i", a, x) ** 2) + np.einsum("ij,ji", a, a) + np.sum(np.einsum("...i,i", a, x))


def tensordot(b=B):
    """`np.tensordot`, `np.kron`, `np.trace`"""
    return np.tensordot(b, b, axes=2) + np.trace(b @ b.T) + np.sum(np.kron(b, b.T))


def stacked_matrices(a=A):
    """stacks of matrices: `stack @ x`, `np.linalg.solve(stack, b)`"""
    stack = np.stack([a, a.T, a @ a])
    return np.sum(stack @ X) + np.sum(np.linalg.solve(stack, X[:, None])) + np.sum(np.linalg.det(stack))


def solve(a=A, x=X):
    """`np.linalg.solve(a, x)`"""
    return np.linalg.solve(a, x) @ x


def inverse_and_determinant(a=A):
    """`np.linalg.inv`, `det`, `slogdet`, `matrix_power`"""
    sign, logarithm = np.linalg.slogdet(a)
    return np.sum(np.linalg.inv(a)) * np.linalg.det(a) + sign * logarithm + np.linalg.matrix_power(a, 3)[0, 1]


def cholesky(a=A, x=X):
    """`np.linalg.cholesky`: a Gaussian log density"""
    root = np.linalg.cholesky(a @ a.T + np.eye(3))
    z = np.linalg.solve(root, x)
    return -0.5 * z @ z - np.sum(np.log(np.diag(root)))


def symmetric_eigenvalues(a=A, x=X):
    """`np.linalg.eigh`: values and vectors"""
    w, v = np.linalg.eigh(a + a.T)
    return w[0] * w[2] + (v[:, 0] @ x) ** 2


def eigenvalues(a=A):
    """`np.linalg.eig`, `eigvals`: of a general matrix"""
    w = np.linalg.eigvals(a)
    return np.sum(np.abs(w) ** 2) + np.max(w.real)


def singular_values(b=B, x=X):
    """`np.linalg.svd(full_matrices=False)`"""
    u, s, vt = np.linalg.svd(b, full_matrices=False)
    return s[0] * s[1] + (vt[0] @ x) ** 2 * abs(u[0, 0])


def low_rank(b=B):
    """the best approximation of rank one by `svd`"""
    u, s, vt = np.linalg.svd(b, full_matrices=False)
    return np.sum((s[0] * np.outer(u[:, 0], vt[0])) ** 3)


def qr(b=B):
    """`np.linalg.qr`"""
    q, r = np.linalg.qr(b.T)
    return np.sum(q @ r) + np.abs(np.prod(np.diag(r)))


def least_squares(b=B, x=X):
    """`np.linalg.lstsq(a, b)[0]`, `np.linalg.pinv(a) @ b`"""
    return np.sum(np.linalg.lstsq(b.T, x, rcond=None)[0] ** 2) + np.sum(np.linalg.pinv(b) @ x[:2])


def norms(a=A, x=X):
    """`np.linalg.norm` of vectors and matrices: `ord=1, 2, np.inf, "fro"`, `axis=`"""
    vectors = np.linalg.norm(x, 1) * np.linalg.norm(x, np.inf) + np.sum(np.linalg.norm(a, axis=1))
    return vectors + np.linalg.norm(a, 2) + np.linalg.norm(a, "fro") * np.linalg.norm(x, 3) + np.linalg.cond(a)


def rank_and_shape_questions(a=A):
    """`np.linalg.matrix_rank(a)`, `np.allclose(a, a.T)`, used in a branch"""
    if np.linalg.matrix_rank(a) == 3 and not np.allclose(a, a.T):
        return np.sum(np.linalg.inv(a))
    return 0.0


def cross_product(x=X):
    """`np.cross`, a rotation by Rodrigues' formula"""
    axis = x / np.linalg.norm(x)
    k = np.cross(np.eye(3), axis)
    rotation = np.eye(3) + np.sin(0.4) * k + (1 - np.cos(0.4)) * k @ k
    return rotation @ np.array([1.0, 2.0, 3.0]) @ np.cross(x, [1.0, 0.0, 2.0])


def power_iteration(a=A, x=X):
    """power iteration: normalised in a loop"""
    v = x
    for _ in range(20):
        v = a @ v
        v /= np.linalg.norm(v)
    return v @ a @ v


def kalman_filter(x=X):
    """a Kalman filter: `P = F @ P @ F.T + Q`"""
    f, h = np.array([[1.0, x[0]], [0.0, 1.0]]), np.array([[1.0, 0.0]])
    state, p, total = np.zeros(2), np.eye(2), 0.0
    for z in (0.5, 1.1, 1.4):
        state, p = f @ state, f @ p @ f.T + x[1] * np.eye(2)
        s = h @ p @ h.T + x[2]
        gain = p @ h.T @ np.linalg.inv(s)
        residual = z - h @ state
        state, p = state + gain @ residual, (np.eye(2) - gain @ h) @ p
        total += 0.5 * np.sum(residual**2 / s) + 0.5 * np.log(np.linalg.det(s))
    return total


def gaussian_process(x=X):
    """a Gaussian process: kernel, Cholesky factor, log likelihood"""
    t = np.linspace(0.0, 1.0, 5)
    k = x[0] ** 2 * np.exp(-((t[:, None] - t) ** 2) / (2 * x[1] ** 2)) + x[2] ** 2 * np.eye(5)
    root = np.linalg.cholesky(k)
    alpha = np.linalg.solve(root.T, np.linalg.solve(root, np.sin(3 * t)))
    return -0.5 * np.sin(3 * t) @ alpha - np.sum(np.log(np.diag(root)))


def markov_chain(x=X):
    """the stationary distribution of a Markov chain"""
    p = np.exp(np.outer(x, [1.0, -1.0, 0.5]))
    p = p / p.sum(axis=1, keepdims=True)
    state = np.full(3, 1 / 3)
    for _ in range(15):
        state = state @ p
    return state @ np.array([1.0, 2.0, 3.0])


def finite_elements(x=X):
    """a stiffness matrix assembled in a loop, solved"""
    n = 4
    k, load = np.zeros((n, n)), np.zeros(n)
    for e in range(n - 1):
        k[e : e + 2, e : e + 2] += x[e % 3] * np.array([[1.0, -1.0], [-1.0, 1.0]])
        load[e : e + 2] += 0.5 * x[e % 3] ** 2
    free = np.arange(1, n)
    u = np.zeros(n)
    u[free] = np.linalg.solve(k[np.ix_(free, free)], load[free])
    return load @ u


def tridiagonal_solver(x=X):
    """Thomas' algorithm, in place"""
    n = 4
    a, b, c, d = np.full(n, x[0]), np.full(n, 3.0 + x[1]), np.full(n, x[2]), np.arange(1.0, n + 1)
    for i in range(1, n):
        w = a[i] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]
    u = np.zeros(n)
    u[-1] = d[-1] / b[-1]
    for i in reversed(range(n - 1)):
        u[i] = (d[i] - c[i] * u[i + 1]) / b[i]
    return np.sum(u**2)


def lapack_names(a=A):
    """`np.linalg.eigvalsh`, `np.linalg.multi_dot`, `np.linalg.tensorsolve`"""
    return np.linalg.eigvalsh(a @ a.T)[0] + np.sum(np.linalg.multi_dot([a, a.T, a]))
