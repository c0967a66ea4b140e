"""Inverse kinematics of a robot arm: joints as a chain of rotation matrices, steps by damped least squares.

The objective is how far the hand is from its target after a few steps, by the lengths of the links, plus how straight the arm is.

Source: S. R. Buss and J.-S. Kim, "Selectively damped least squares for inverse kinematics", J. Graphics Tools 10 (2005).
"""

import functools

import numpy as np


def rotation(axis, angle):
    """Rodrigues' formula, about a unit vector."""
    x, y, z = axis
    K = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * K + (1.0 - np.cos(angle)) * (K @ K)


def homogeneous(R, offset):
    T = np.eye(4)
    T[:3, :3] = R
    T[:3, 3] = R @ offset
    return T


AXES = [np.array(a) for a in ([0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0])]


def frames(angles, lengths):
    """The pose of each joint."""
    links = [homogeneous(rotation(a, q), np.array([l, 0.0, 0.0])) for a, q, l in zip(AXES, angles, lengths)]
    poses = [np.eye(4)]
    for link in links:
        poses.append(poses[-1] @ link)
    assert np.allclose(poses[-1], functools.reduce(np.matmul, links))
    return poses


def geometric_jacobian(poses):
    hand = poses[-1][:3, 3]
    J = np.zeros((3, len(AXES)))
    for k, axis in enumerate(AXES):
        J[:, k] = np.cross(poses[k][:3, :3] @ axis, hand - poses[k][:3, 3])
    return J


def reach(target, lengths, damping=0.15, steps=6):
    angles = np.array([0.2, -0.4, 0.7, 0.1])
    for _ in range(steps):
        poses = frames(angles, lengths)
        error = target - poses[-1][:3, 3]
        J = geometric_jacobian(poses)
        A = J @ J.T
        A[np.diag_indices(3)] += damping**2
        angles += J.T @ np.linalg.solve(A, error)
    return angles, np.linalg.norm(error)


def objective(target, lengths):
    angles, miss = reach(target, lengths)
    return miss + 0.01 * np.sum(angles**2)


program = objective
arguments = (np.array([0.9, 0.5, 0.6]), np.array([0.3, 0.6, 0.5, 0.2]))
