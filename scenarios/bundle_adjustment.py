"""Reprojection error of cameras with radial distortion: bundle adjustment in the large.

Agarwal, Snavely, Seitz & Szeliski (2010), with Snavely's camera model; rotations by the formula of Rodrigues, and Huber's loss
against outliers.
"""

import math
from dataclasses import dataclass

import numpy as np


@dataclass
class Camera:
    rotation: np.ndarray  # axis times angle
    translation: np.ndarray
    focal: float
    k1: float
    k2: float

    def project(self, point):
        p = rodrigues(self.rotation) @ point + self.translation
        u, v = -p[0] / p[2], -p[1] / p[2]
        r2 = u * u + v * v
        scale = self.focal * (1.0 + r2 * (self.k1 + self.k2 * r2))
        return np.array([scale * u, scale * v])


def rodrigues(r):
    angle = np.sqrt(r @ r)
    if angle < 1e-12:
        return np.eye(3)
    k = r / angle
    K = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    return np.eye(3) + math.sin(angle) * K + (1 - math.cos(angle)) * K @ K


def huber(squared, delta=1.0):
    if squared <= delta**2:
        return squared
    return 2 * delta * math.sqrt(squared) - delta**2


OBSERVATIONS = [
    (0, 0, (11.0, 4.1)),
    (0, 1, (-20.3, 31.0)),
    (0, 2, (31.2, -25.2)),
    (1, 0, (28.5, 3.0)),
    (1, 1, (-3.1, 31.5)),
    (1, 2, (52.0, -22.1)),
    (1, 3, (9.0, 11.0)),
]


def cost(cameras, points):
    total = 0.0
    for camera, point, measured in OBSERVATIONS:
        error = cameras[camera].project(points[point]) - measured
        total += huber(float(error @ error))
    return 0.5 * total


program = cost
arguments = (
    [
        Camera(np.array([0.02, -0.05, 0.01]), np.array([0.1, 0.0, -5.0]), 100.0, -0.05, 0.01),
        Camera(np.array([0.01, 0.12, -0.03]), np.array([0.4, 0.05, -5.2]), 105.0, -0.02, 0.02),
    ],
    np.array([[0.5, 0.2, 0.1], [-1.0, 1.5, 0.3], [1.4, -1.2, -0.2], [0.1, 0.4, 0.6]]),
)
