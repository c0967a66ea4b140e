"""Two phases separate: the Allen-Cahn equation with two buffers that change places, from a start that is kept for comparison.

Source: S. M. Allen and J. W. Cahn, "A microscopic theory for antiphase boundary motion", Acta Metallurgica 27 (1979).
"""

import numpy as np


def make_solver(n, seed):
    """A function of the parameters of the model, for one random start."""
    rng = np.random.default_rng(seed)
    start = 0.5 * rng.standard_normal((n, n))
    target = np.sign(start + np.roll(start, 1, axis=0))

    def solve(mobility, width, steps=12, dt=0.1):
        phi, new = start.copy(), np.empty_like(start)
        for _ in range(steps):
            padded = np.pad(phi, 1, mode="edge")
            laplacian = padded[2:, 1:-1] + padded[:-2, 1:-1] + padded[1:-1, 2:] + padded[1:-1, :-2] - 4.0 * phi
            np.subtract(phi, phi**3, out=new)
            new += width**2 * laplacian
            new *= dt * mobility
            new += phi
            phi, new = new, phi
        return phi

    def misfit(mobility, width):
        phi = solve(mobility, width)
        return np.mean((phi - target) ** 2) + 0.1 * np.mean(phi * start)

    return misfit


program = make_solver(8, seed=4)
arguments = (1.3, 0.8)
