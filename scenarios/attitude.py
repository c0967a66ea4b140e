"""Attitude of a spacecraft from gyroscopes, corrected by star trackers: quaternions with operators of their own.

Markley & Crassidis, "Fundamentals of Spacecraft Attitude Determination and Control" (2014), sections 2.7 and 3.2; the loss is
Wahba's (1965).
"""

import math

import numpy as np


class Quaternion:
    __slots__ = ("w", "x", "y", "z")

    def __init__(self, w, x, y, z):
        self.w, self.x, self.y, self.z = w, x, y, z

    @classmethod
    def rotation(cls, vector):
        """By the length of a vector, around it."""
        angle = np.linalg.norm(vector)
        if angle < 1e-9:
            return cls(1.0, *(0.5 * vector))
        axis = vector / angle
        return cls(math.cos(angle / 2), *(math.sin(angle / 2) * axis))

    def __mul__(self, other):
        if isinstance(other, (int, float)):
            return Quaternion(*(other * c for c in self))
        a, b = self, other
        return Quaternion(
            a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
            a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
            a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
            a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
        )

    __rmul__ = __mul__

    def __iter__(self):
        return iter((self.w, self.x, self.y, self.z))

    def __abs__(self):
        return math.sqrt(sum(c * c for c in self))

    def __neg__(self):
        return -1.0 * self

    def conjugate(self):
        return Quaternion(self.w, -self.x, -self.y, -self.z)

    def apply(self, v):
        rotated = self * Quaternion(0.0, *v) * self.conjugate()
        return np.array([rotated.x, rotated.y, rotated.z])


STARS = [np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.6, 0.8]), np.array([-0.48, 0.6, -0.64])]
RATES = [(0.3 * math.sin(0.7 * k), 0.2, -0.1 * k) for k in range(8)]
SEEN = {2: (0, [0.93, 0.25, -0.26]), 4: (1, [0.30, 0.61, 0.74]), 5: (2, [-0.35, 0.31, -0.89]), 7: (1, [0.4, 0.66, 0.6])}


def loss(start, drift, gain, dt=0.4):
    q = Quaternion.rotation(start)
    bias = np.array(drift)
    total = 0.0
    for k, rate in enumerate(RATES):
        q = q * Quaternion.rotation((np.array(rate) - bias) * dt)
        if q.w < 0:
            q = -q
        if k in SEEN:
            star, measured = SEEN[k]
            expected = q.conjugate().apply(STARS[star])
            total += 0.5 * np.sum((expected - measured) ** 2)
            q = q * Quaternion.rotation(gain * np.cross(measured, expected))
            bias -= 0.5 * gain * np.cross(measured, expected)
    return total / abs(q) ** 2


program = loss
arguments = (np.array([0.1, -0.2, 0.05]), [0.02, -0.01, 0.03], 0.3)
