"""A long short-term memory network that predicts the next letter.

Hochreiter & Schmidhuber (1997), with the forget gate of Gers, Schmidhuber & Cummins (2000). All four gates in one matrix, as is
usual.
"""

import numpy as np

TEXT = "hello world hello"
LETTERS = sorted(set(TEXT))
NUMBER = {letter: k for k, letter in enumerate(LETTERS)}


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def one_hot(letter):
    v = np.zeros(len(LETTERS))
    v[NUMBER[letter]] = 1.0
    return v


def cell(weights, x, h, c):
    n = len(h)
    gates = weights["Wx"] @ x + weights["Wh"] @ h + weights["b"]
    gates[: 3 * n] = sigmoid(gates[: 3 * n])
    gates[3 * n :] = np.tanh(gates[3 * n :])
    i, f, o, g = np.split(gates, 4)
    c = f * c + i * g
    return o * np.tanh(c), c


def cross_entropy(weights):
    n = weights["Wh"].shape[1]
    h, c = np.zeros(n), np.zeros(n)
    loss = 0.0
    for now, following in zip(TEXT, TEXT[1:]):
        h, c = cell(weights, one_hot(now), h, c)
        scores = weights["Wy"] @ h + weights["by"]
        scores -= scores.max()
        loss -= scores[NUMBER[following]] - np.log(np.exp(scores).sum())
    return loss / (len(TEXT) - 1)


def initial(n, rng):
    m = len(LETTERS)
    return {
        "Wx": rng.normal(0, 0.4, (4 * n, m)),
        "Wh": rng.normal(0, 0.4, (4 * n, n)),
        "b": np.concatenate([np.zeros(n), np.ones(n), np.zeros(2 * n)]),
        "Wy": rng.normal(0, 0.4, (m, n)),
        "by": np.zeros(m),
    }


program = cross_entropy
arguments = (initial(3, np.random.default_rng(7)),)
