"""The Ising model on a strip, by its transfer matrix; magnetisation by a mean field, iterated until it no longer changes.

The result adds the free energies of a chain and of a strip of three rows, and the magnetisation.

Source: R. J. Baxter, Exactly Solved Models in Statistical Mechanics, Academic Press 1982, chapters 2 and 3.
"""

import itertools
import math

import numpy as np


def transfer_matrix(J, h, T, width):
    """Between neighbouring columns of `width` spins; width 1 is the chain."""
    spins = list(itertools.product((1, -1), repeat=width))
    V = np.empty((len(spins), len(spins)))
    for i, left in enumerate(spins):
        for j, right in enumerate(spins):
            energy = -J * sum(a * b for a, b in zip(left, right))
            for column in (left, right):
                energy -= 0.5 * h * sum(column)
                energy -= 0.5 * J * sum(a * b for a, b in zip(column[:-1], column[1:]))
            V[i, j] = np.exp(-energy / T)
    return V


def free_energy(J, h, T, width):
    return -T * np.log(np.linalg.eigvalsh(transfer_matrix(J, h, T, width))[-1]) / width


def mean_field(J, h, T, neighbours=4):
    m = 1.0
    while True:
        new = math.tanh((h + neighbours * J * m) / T)
        if abs(new - m) < 1e-15:
            return new
        m = new


def strip(J, h, T):
    return free_energy(J, h, T, 1) + free_energy(J, h, T, 3) + mean_field(J, h, T)


program = strip
arguments = (1.0, 0.5, 2.6)
