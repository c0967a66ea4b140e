"""A function of two numbers on an explicit tape, then layers that learn (x**2 + y**2) / 2.

Tutorials build Var, Edge and Tape for the first, and for the second a Layer class with forward and backward written
out. Here a tape is `wg.Tape`, a layer is a dictionary, a model a list of them, and what trains them is an optimiser
whose state is passed in and handed back.
"""

from itertools import pairwise

import numpy as np

import wengert as wg
from wengert.optim import Adam

with wg.Tape() as tape:
    x, y = tape.watch(2.0, name="x"), tape.watch(3.0, name="y")
    z = 2 * y * x**2 + x * y + 3
by_x, by_y = tape.gradient(z, [x, y])
print("2yx**2 + xy + 3 at (2, 3):", z.value, " by x:", by_x, " by y:", by_y)
assert (z.value, by_x, by_y) == (33.0, 27.0, 10.0)  # small integers: exact

rng = np.random.default_rng(0)
sizes = [2, 30, 30, 1]
layers = [{"weights": rng.normal(0, np.sqrt(2 / n), (n, m)), "biases": np.zeros(m)} for n, m in pairwise(sizes)]
points = rng.uniform(-1, 1, (256, 2))
targets = np.sum(points**2, axis=1, keepdims=True) / 2


def leaky_relu(x):
    return np.maximum(x, 0.1 * x)


def model(layers, x):
    *hidden, last = layers
    for layer in hidden:
        x = leaky_relu(x @ layer["weights"] + layer["biases"])
    return x @ last["weights"] + last["biases"]


def loss(layers):
    return np.mean((model(layers, points) - targets) ** 2)


optimiser = Adam(rate=0.003)
state = optimiser.init(layers)
losses = [loss(layers)]
while losses[-1] > losses[0] / 100 and len(losses) < 500:
    layers, state = optimiser.step(layers, wg.grad(loss)(layers), state)
    losses.append(loss(layers))
print(f"loss {losses[0]:.4f} -> {losses[-1]:.6f} in {len(losses) - 1} steps")
assert losses[-1] <= losses[0] / 100

corner = np.array([[0.5, -0.5]])
print(f"model at (0.5, -0.5): {model(layers, corner).item():.3f}, true: 0.25")
assert abs(model(layers, corner).item() - 0.25) < 0.15
