"""The gradients of a relu network 2-100-100-1 with biases, on 100 x 100 points of x**3 - y**2.

The parameters are a dictionary, and so are their gradients. Each is compared with a finite difference along a random
direction: every entry takes part in it.
"""

import numpy as np

import wengert as wg

rng = np.random.default_rng(0)

# Kaiming's start: weights of variance 2 / fan-in, so that relu keeps the size of what passes through; biases 0.
params = {
    "W1": rng.normal(0, np.sqrt(2 / 2), (2, 100)),
    "b1": np.zeros(100),
    "W2": rng.normal(0, np.sqrt(2 / 100), (100, 100)),
    "b2": np.zeros(100),
    "W3": rng.normal(0, np.sqrt(2 / 100), (100, 1)),
    "b3": np.zeros(1),
}
x, y = np.meshgrid(np.linspace(-1, 1, 100), np.linspace(-1, 1, 100))
points = np.stack([x.ravel(), y.ravel()], axis=1)
targets = (x**3 - y**2).reshape(-1, 1)


def loss(p):
    h = np.maximum(points @ p["W1"] + p["b1"], 0.0)
    h = np.maximum(h @ p["W2"] + p["b2"], 0.0)
    return np.mean((h @ p["W3"] + p["b3"] - targets) ** 2)


value, gradients = wg.value_and_grad(loss)(params)
print(f"loss {value:.12f}")
np.testing.assert_allclose(value, loss(params), rtol=1e-14)

step = 1e-7  # small, because a difference across a kink of relu is wrong, and few points lie across a small step
for name, gradient in gradients.items():
    way = rng.normal(size=gradient.shape)
    ahead, behind = (loss(params | {name: params[name] + h * way}) for h in (step, -step))
    slope, difference = np.sum(gradient * way), (ahead - behind) / (2 * step)
    print(f"{name} {gradient.shape!s:>10}  along a random direction {slope:+.9f}, by differences {difference:+.9f}")
    np.testing.assert_allclose(slope, difference, rtol=1e-6, atol=1e-8)
