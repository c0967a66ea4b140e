"""Marginals and free energy of a tree of binary variables by belief propagation.

Pearl (1988), "Probabilistic Reasoning in Intelligent Systems"; Bethe's free energy as in Yedidia, Freeman & Weiss (2005), which is
exact on a tree. Messages are kept by edge, and sent when all that they depend on have come.
"""

import math
from collections import deque
from itertools import chain

import numpy as np

EDGES = [("a", "b"), ("b", "c"), ("b", "d"), ("d", "e"), ("d", "f")]
SPIN = np.array([-1.0, 1.0])


def neighbours():
    table = {}
    for i, j in EDGES:
        table.setdefault(i, set()).add(j)
        table.setdefault(j, set()).add(i)
    return table


def messages(psi, phi):
    around = neighbours()
    sent = {}
    waiting = deque(chain(EDGES, (edge[::-1] for edge in EDGES)))
    while waiting:
        i, j = waiting.popleft()
        needed = [(k, i) for k in sorted(around[i] - {j})]
        if any(edge not in sent for edge in needed):
            waiting.append((i, j))
            continue
        product = phi[i].copy()
        for edge in needed:
            product *= sent[edge]
        message = psi[i, j] @ product if (i, j) in psi else psi[j, i].T @ product
        sent[i, j] = message / message.sum()
    return sent, around


def bethe(psi, phi, sent, around):
    free = 0.0
    for i, k in around.items():
        belief = np.prod([phi[i], *(sent[j, i] for j in sorted(k))], axis=0)
        belief /= np.sum(belief)
        free += (1 - len(k)) * np.sum(belief * (np.log(belief) - np.log(phi[i])))
    for i, j in EDGES:
        inward_i = math.prod((sent[k, i] for k in sorted(around[i] - {j})), start=phi[i])
        inward_j = math.prod((sent[k, j] for k in sorted(around[j] - {i})), start=phi[j])
        pair = np.outer(inward_j, inward_i) * psi[i, j]
        pair /= pair.sum()
        energy = np.log(psi[i, j]) + np.add.outer(np.log(phi[j]), np.log(phi[i]))
        free += np.sum(pair * (np.log(pair) - energy))
    return free


def free_energy(couplings, fields):
    psi = {edge: np.exp(J * np.outer(SPIN, SPIN)) for edge, J in zip(EDGES, couplings)}
    phi = {name: np.exp(h * SPIN) for name, h in fields.items()}
    sent, around = messages(psi, phi)
    return bethe(psi, phi, sent, around)


program = free_energy
arguments = (np.array([0.5, -0.8, 1.1, 0.3, -0.4]), {"a": 0.2, "b": -0.1, "c": 0.4, "d": 0.3, "e": -0.6, "f": 0.1})
