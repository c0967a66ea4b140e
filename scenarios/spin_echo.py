"""Signal of a train of spin echoes by extended phase graphs, fitted to measured echoes.

Hennig (1988); M. Weigel, "Extended phase graphs: dephasing, RF pulses, and echoes", J. Magn. Reson. Imaging 41 (2015). States are
the rows F+, F-, Z of a complex array; a gradient shifts the first two against each other, in place.
"""

import numpy as np

MEASURED = np.array([0.86, 0.76, 0.65, 0.57, 0.49, 0.42, 0.37, 0.31])
SPACING = 10.0


def pulse(angle, phase):
    """Equation 15."""
    c2, s2, s = np.cos(angle / 2) ** 2, np.sin(angle / 2) ** 2, np.sin(angle)
    e = np.exp(1j * phase)
    return np.array(
        [
            [c2, e**2 * s2, -1j * e * s],
            [s2 / e**2, c2, 1j / e * s],
            [-0.5j / e * s, 0.5j * e * s, np.cos(angle)],
        ]
    )


def relax(states, T1, T2, t):
    states[:2] *= np.exp(-t / T2)
    states[2] *= np.exp(-t / T1)
    states[2, 0] += 1 - np.exp(-t / T1)


def dephase(states):
    states[0, 1:] = states[0, :-1]
    states[1, :-1] = states[1, 1:]
    states[1, -1] = 0.0
    states[0, 0] = np.conj(states[1, 0])


def echoes(T1, T2, flips, count):
    states = np.zeros((3, count + 2), dtype=complex)
    states[2, 0] = 1.0
    states = pulse(np.pi / 2, np.pi / 2) @ states
    signal = np.empty(count)
    for k in range(count):
        for half in range(2):
            relax(states, T1, T2, SPACING / 2)
            dephase(states)
            if half == 0:
                states[...] = pulse(flips[min(k, len(flips) - 1)], 0.0) @ states
        signal[k] = np.abs(states[0, 0])
    return signal


def misfit(T1, T2, flips, density):
    signal = density * echoes(T1, T2, flips, len(MEASURED))
    return np.sum((signal - MEASURED) ** 2) + 1e-3 * np.sum(np.diff(flips) ** 2)


program = misfit
arguments = (800.0, 70.0, np.array([2.9, 2.6, 2.4]), 1.05)
