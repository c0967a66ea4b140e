"""Power flow in an electric grid: Newton's method on the polar form, with complex admittances.

The objective is the power that is lost in the lines, by the loads and the voltages that generators hold.

Source: A. R. Bergen and V. Vittal, Power Systems Analysis, 2nd edition, Prentice Hall 2000, chapter 10.
"""

import numpy as np

LINES = {(0, 1): 0.02 + 0.08j, (0, 2): 0.03 + 0.12j, (1, 3): 0.04 + 0.15j, (2, 3): 0.02 + 0.1j, (3, 4): 0.05 + 0.2j}
BUSES = 5
SLACK, GENERATOR = 0, 2


def admittance():
    Y = np.zeros((BUSES, BUSES), dtype=complex)
    for (i, j), z in LINES.items():
        y = 1.0 / z
        Y[i, i] += y + 0.01j
        Y[j, j] += y + 0.01j
        Y[i, j] -= y
        Y[j, i] -= y
    return Y


def injections(theta, v, G, B):
    d = theta[:, None] - theta[None, :]
    P = v * ((G * np.cos(d) + B * np.sin(d)) @ v)
    Q = v * ((G * np.sin(d) - B * np.cos(d)) @ v)
    return P, Q


def jacobian(theta, v, G, B):
    d = theta[:, None] - theta[None, :]
    across, along = G * np.sin(d) - B * np.cos(d), G * np.cos(d) + B * np.sin(d)
    dP_dtheta = v[:, None] * across * v
    dP_dv = v[:, None] * along
    dQ_dtheta = -v[:, None] * along * v
    dQ_dv = v[:, None] * across
    np.fill_diagonal(dP_dtheta, dP_dtheta.diagonal() - v * (across @ v))
    dP_dv[np.diag_indices(BUSES)] += along @ v
    dQ_dtheta[np.diag_indices(BUSES)] += v * (along @ v)
    dQ_dv[np.diag_indices(BUSES)] += across @ v
    return np.block([[dP_dtheta, dP_dv], [dQ_dtheta, dQ_dv]])


def solve(P_wanted, Q_wanted, held):
    Y = admittance()
    G, B = Y.real, Y.imag
    theta, v = np.zeros(BUSES), np.ones(BUSES)
    v[SLACK], v[GENERATOR] = held
    unknown = np.array([1, 2, 3, 4, BUSES + 1, BUSES + 3, BUSES + 4])
    for _ in range(12):
        P, Q = injections(theta, v, G, B)
        mismatch = np.concatenate([P_wanted - P, Q_wanted - Q])[unknown]
        if np.linalg.norm(mismatch) < 1e-12:
            break
        step = np.zeros(2 * BUSES)
        step[unknown] = np.linalg.solve(jacobian(theta, v, G, B)[np.ix_(unknown, unknown)], mismatch)
        theta += step[:BUSES]
        v += step[BUSES:]
    voltage = v * np.exp(1j * theta)
    return voltage, voltage * np.conj(Y @ voltage)


def losses(loads, held):
    P, Q = np.zeros(BUSES), np.zeros(BUSES)
    P[[1, 3, 4]], P[GENERATOR] = -loads, 0.4
    Q[[1, 3, 4]] = -0.4 * loads
    voltage, power = solve(P, Q, held)
    return np.sum(power).real + 0.1 * np.abs(voltage[4]) + 0.01 * np.angle(voltage[3])


program = losses
arguments = (np.array([0.3, 0.5, 0.2]), np.array([1.05, 1.02]))
