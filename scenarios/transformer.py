"""One block of a small causal transformer, and the loss of its next-token predictions.

Vaswani et al. (2017), "Attention is all you need", with the normalisation first (Xiong et al., 2020) and GELU (Hendrycks & Gimpel,
2016).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import erf


@dataclass(frozen=True)
class Config:
    vocabulary: int = 6
    width: int = 8
    heads: int = 2
    hidden: int = 12


CONFIG = Config()
TOKENS = np.array([1, 4, 0, 2, 5, 3, 1])


def positions(length, width):
    """Sines in the even columns, cosines in the odd ones."""
    angle = np.arange(length)[:, None] / 10000 ** (np.arange(0, width, 2) / width)
    table = np.empty((length, width))
    table[:, 0::2] = np.sin(angle)
    table[:, 1::2] = np.cos(angle)
    return table


def layer_norm(x, gain, shift, eps=1e-5):
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + shift


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def attention(x, p, heads):
    length, width = x.shape
    q, k, v = np.split(x @ p["qkv"], 3, axis=-1)
    q, k, v = (a.reshape(length, heads, width // heads).transpose(1, 0, 2) for a in (q, k, v))
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(width // heads)
    scores[:, np.triu(np.ones((length, length), dtype=bool), k=1)] = -np.inf
    mixed = softmax(scores) @ v
    return mixed.transpose(1, 0, 2).reshape(length, width) @ p["out"]


def gelu(x):
    return 0.5 * x * (1.0 + erf(x / np.sqrt(2.0)))


def loss(params):
    x = params["embedding"][TOKENS[:-1]]
    x = x + positions(*x.shape)
    x += attention(layer_norm(x, *params["norms"][0]), params["attention"], CONFIG.heads)
    x += gelu(layer_norm(x, *params["norms"][1]) @ params["up"]) @ params["down"]
    logits = x @ params["embedding"].T
    logits -= logits.max(axis=1, keepdims=True)
    log_probabilities = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -log_probabilities[np.arange(len(TOKENS) - 1), TOKENS[1:]].mean()


def initial(c, rng):
    def normal(*shape):
        return rng.normal(0.0, 0.3, shape)

    return {
        "embedding": normal(c.vocabulary, c.width),
        "norms": [(np.ones(c.width), np.zeros(c.width)), (np.ones(c.width), normal(c.width))],
        "attention": {"qkv": normal(c.width, 3 * c.width), "out": normal(c.width, c.width)},
        "up": normal(c.width, c.hidden),
        "down": normal(c.hidden, c.width),
    }


program = loss
arguments = (initial(CONFIG, np.random.default_rng(3)),)
