"""Energy of a parametrised quantum circuit, simulated by its state vector.

Peruzzo et al. (2014), "A variational eigenvalue solver on a photonic quantum processor"; gates as in Nielsen & Chuang, chapter 4.
The state has one axis for each qubit; gates act on views of it.
"""

import numpy as np


class Register:
    def __init__(self, qubits):
        self.n = qubits
        self.state = np.zeros((2,) * qubits, dtype=complex)
        self.state[(0,) * qubits] = 1.0

    def gate(self, matrix, qubit):
        moved = np.tensordot(matrix, self.state, axes=([1], [qubit]))
        self.state = np.moveaxis(moved, 0, qubit)
        return self

    def rx(self, angle, qubit):
        c, s = np.cos(angle / 2), np.sin(angle / 2)
        return self.gate(np.array([[c, -1j * s], [-1j * s, c]]), qubit)

    def ry(self, angle, qubit):
        c, s = np.cos(angle / 2), np.sin(angle / 2)
        return self.gate(np.array([[c, -s], [s, c]]), qubit)

    def phase(self, angle, qubit):
        """In place, on the half where the qubit is 1."""
        ones = np.moveaxis(self.state, qubit, 0)[1]
        ones *= np.exp(1j * angle)
        return self

    def cnot(self, control, target):
        """Swap the target's halves where the control is 1."""
        half = np.moveaxis(self.state, (control, target), (0, 1))[1]
        half[[0, 1]] = half[[1, 0]]
        return self

    def expectation(self, matrix, qubits):
        k = len(qubits)
        operator = matrix.reshape((2,) * (2 * k))
        acted = np.tensordot(operator, self.state, axes=(list(range(k, 2 * k)), list(qubits)))
        acted = np.moveaxis(acted, range(k), qubits)
        return np.vdot(self.state, acted).real


X = np.array([[0, 1], [1, 0]])
Z = np.diag([1, -1])


def energy(angles, field):
    """Of the transverse-field Ising ring after layers of rotations and entangling gates."""
    layers, n, _ = angles.shape
    r = Register(n)
    for layer in range(layers):
        for q in range(n):
            r.ry(angles[layer, q, 0], q).phase(angles[layer, q, 1], q).rx(angles[layer, q, 2], q)
        for q in range(n):
            r.cnot(q, (q + 1) % n)
    bonds = sum(r.expectation(np.kron(Z, Z), (q, (q + 1) % n)) for q in range(n))
    return -bonds - field * sum(r.expectation(X, (q,)) for q in range(n))


program = energy
arguments = (np.random.default_rng(12).uniform(-1, 1, (2, 3, 3)), 0.8)
