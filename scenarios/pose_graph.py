"""Two Gauss-Newton steps on a graph of planar poses with loop closures, and the error that is left.

Grisetti, Kuemmerle, Stachniss & Burgard (2010), "A tutorial on graph-based SLAM". Blocks are added into one matrix; the first pose
is held; angles are kept between -pi and pi.
"""

import math

import numpy as np


def wrapped(angle):
    while angle > math.pi:
        angle -= 2 * math.pi
    while angle <= -math.pi:
        angle += 2 * math.pi
    return angle


def rotation(angle):
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]])


def error_and_jacobians(a, b, z):
    """The error of one constraint z between poses a and b, and its derivatives by hand."""
    R = rotation(a[2])
    d = b[:2] - a[:2]
    Rz = rotation(z[2])
    e = np.empty(3)
    e[:2] = Rz.T @ (R.T @ d - z[:2])
    e[2] = wrapped(b[2] - a[2] - z[2])
    dR = np.array([[-math.sin(a[2]), math.cos(a[2])], [-math.cos(a[2]), -math.sin(a[2])]])
    A, B = np.zeros((3, 3)), np.zeros((3, 3))
    A[:2, :2], A[:2, 2], A[2, 2] = -Rz.T @ R.T, Rz.T @ dR @ d, -1.0
    B[:2, :2], B[2, 2] = Rz.T @ R.T, 1.0
    return e, A, B


def chi_squared(poses, edges):
    n = poses.size
    H, b, total = np.zeros((n, n)), np.zeros(n), 0.0
    for i, j, z, information in edges:
        e, A, B = error_and_jacobians(poses[i], poses[j], z)
        si, sj = slice(3 * i, 3 * i + 3), slice(3 * j, 3 * j + 3)
        H[si, si] += A.T @ information @ A
        H[si, sj] += A.T @ information @ B
        H[sj, si] += B.T @ information @ A
        H[sj, sj] += B.T @ information @ B
        b[si] += A.T @ information @ e
        b[sj] += B.T @ information @ e
        total += e @ information @ e
    return total, H, b


def remaining_error(poses, measurements, trust):
    information = np.diag([1.0, 1.0, trust])
    edges = [(i, j, z, information) for (i, j), z in measurements.items()]
    x = poses.copy()
    for _ in range(2):
        _, H, b = chi_squared(x, edges)
        H[:3, :3] += 1e6 * np.eye(3)
        x += np.linalg.solve(H, -b).reshape(x.shape)
        for pose in x:
            pose[2] = wrapped(pose[2])
    return chi_squared(x, edges)[0]


program = remaining_error
arguments = (
    np.array([[0.0, 0.0, 0.0], [1.1, 0.1, 1.5], [1.0, 1.2, 3.0], [-0.1, 1.0, -1.6]]),
    {
        (0, 1): np.array([1.0, 0.0, 1.57]),
        (1, 2): np.array([1.0, 0.05, 1.55]),
        (2, 3): np.array([1.05, 0.0, 1.60]),
        (3, 0): np.array([0.95, 0.0, 1.50]),
        (0, 2): np.array([1.0, 1.0, -3.1]),
    },
    5.0,
)
