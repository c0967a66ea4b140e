"""Validation loss of a batch-normalised network after a few steps of SGD with momentum, as a function of the training's settings.

Maclaurin, Duvenaud & Adams (2015), "Gradient-based hyperparameter optimization through reversible learning". Back-propagation is
written by hand; weights and velocities are updated in place.
"""

import numpy as np

RNG = np.random.default_rng(11)
INPUTS = RNG.normal(size=(24, 3))
TARGETS = np.sin(INPUTS[:, :1]) + 0.5 * INPUTS[:, 1:2] * INPUTS[:, 2:]
TRAIN, VALID = slice(0, 16), slice(16, None)


class Network:
    def __init__(self, weights):
        self.w = {name: value.copy() for name, value in weights.items()}
        self.running = [0.0, 1.0]

    def forward(self, x, training=True):
        a = x @ self.w["W1"]
        if training:
            mean, variance = a.mean(0), a.var(0)
            self.running[0] = 0.7 * self.running[0] + 0.3 * mean
            self.running[1] = 0.7 * self.running[1] + 0.3 * variance
        else:
            mean, variance = self.running
        scale = 1 / np.sqrt(variance + 1e-3)
        normal = (a - mean) * scale
        h = np.tanh(self.w["gain"] * normal + self.w["shift"])
        self.cache = x, normal, scale, h
        return h @ self.w["W2"] + self.w["b2"]

    def backward(self, error):
        x, normal, scale, h = self.cache
        grads = {"W2": h.T @ error, "b2": error.sum(axis=0)}
        d = error @ self.w["W2"].T * (1 - h**2)
        grads["gain"], grads["shift"] = np.sum(d * normal, axis=0), np.sum(d, axis=0)
        d = d * self.w["gain"]
        d = scale / len(x) * (len(x) * d - d.sum(0) - normal * (d * normal).sum(0))
        grads["W1"] = x.T @ d
        return grads


def validation_loss(rate, momentum, decay, weights, steps=4, batch=8):
    net = Network(weights)
    velocity = {k: np.zeros_like(w) for k, w in net.w.items()}
    x, t = INPUTS[TRAIN], TARGETS[TRAIN]
    for step in range(steps):
        chosen = slice(step * batch % len(x), step * batch % len(x) + batch)
        error = net.forward(x[chosen]) - t[chosen]
        for name, g in net.backward(error / batch).items():
            velocity[name] *= momentum
            velocity[name] -= rate * (g + decay * net.w[name])
            net.w[name] += velocity[name]
    return 0.5 * np.mean((net.forward(INPUTS[VALID], training=False) - TARGETS[VALID]) ** 2)


program = validation_loss
arguments = (
    0.2,
    0.8,
    0.01,
    {
        "W1": RNG.normal(0, 0.6, (3, 5)),
        "gain": np.ones(5),
        "shift": np.zeros(5),
        "W2": RNG.normal(0, 0.5, (5, 1)),
        "b2": np.zeros(1),
    },
)
