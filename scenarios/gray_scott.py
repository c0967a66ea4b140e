"""Spots and stripes: the Gray-Scott reaction and diffusion of two chemicals on a torus.

The objective is the contrast of the pattern at the end, by feed and kill rates and the diffusivities.

Source: J. E. Pearson, "Complex patterns in a simple system", Science 261 (1993).
"""

import numpy as np


def laplacian(z):
    return np.roll(z, 1, axis=0) + np.roll(z, -1, axis=0) + np.roll(z, 1, axis=1) + np.roll(z, -1, axis=1) - 4.0 * z


class GrayScott:
    """Holds the two fields and steps them."""

    def __init__(self, n, Du, Dv, feed, kill):
        self.Du, self.Dv, self.feed, self.kill = Du, Dv, feed, kill
        self.u = np.ones((n, n))
        self.v = np.zeros((n, n))
        self.seed(n)

    def seed(self, n):
        rng = np.random.default_rng(7)
        middle = slice(n // 2 - 2, n // 2 + 2)
        self.u[middle, middle] = 0.5
        self.v[middle, middle] = 0.25
        self.v += 0.05 * rng.random((n, n))

    def step(self, dt=1.0):
        u, v = self.u, self.v
        uvv = u * v * v
        u += dt * (self.Du * laplacian(u) - uvv + self.feed * (1.0 - u))
        v += dt * (self.Dv * laplacian(v) + uvv - (self.feed + self.kill) * v)

    def contrast(self):
        return np.var(self.v) / np.mean(self.v)


def pattern(parameters):
    model = GrayScott(10, **parameters)
    for _ in range(25):
        model.step()
    return model.contrast()


program = pattern
arguments = ({"Du": 0.16, "Dv": 0.08, "feed": 0.035, "kill": 0.065},)
