"""Connectionist temporal classification: the loss of a network that labels speech without knowing where.

Graves, Fernandez, Gomez & Schmidhuber (2006), equations 5-8 and 14, in the log domain; blanks between all labels.
"""

import numpy as np

BLANK = 0
NEG_INF = -np.inf


def log_softmax(scores):
    top = np.amax(scores, axis=1, keepdims=True)
    return scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))


def extended(labels):
    with_blanks = [BLANK]
    for label in labels:
        with_blanks += [label, BLANK]
    return with_blanks


def log_sum_exp(*args):
    if all(a == NEG_INF for a in args):
        return NEG_INF
    top = max(args)
    return top + np.log(sum(np.exp(a - top) for a in args))


def ctc(log_probabilities, labels):
    steps, l = len(log_probabilities), extended(labels)
    alpha = np.full((steps, len(l)), NEG_INF)
    alpha[0, 0] = log_probabilities[0, BLANK]
    alpha[0, 1] = log_probabilities[0, l[1]]
    for t in range(1, steps):
        start = max(0, len(l) - 2 * (steps - t))
        for s in range(start, min(2 * (t + 1), len(l))):
            reached = [alpha[t - 1, s]]
            if s > 0:
                reached.append(alpha[t - 1, s - 1])
            if s > 1 and l[s] not in (BLANK, l[s - 2]):
                reached.append(alpha[t - 1, s - 2])
            alpha[t, s] = log_sum_exp(*reached) + log_probabilities[t, l[s]]
    return -log_sum_exp(alpha[-1, -1], alpha[-1, -2])


def loss(frames, weights, bias):
    scores = np.tanh(frames) @ weights + bias
    log_probabilities = log_softmax(scores)
    entropy = -np.sum(np.exp(log_probabilities) * log_probabilities)
    return ctc(log_probabilities, [1, 2, 2, 3]) - 0.05 * entropy


RNG = np.random.default_rng(9)
program = loss
arguments = (RNG.normal(size=(8, 3)), RNG.normal(size=(3, 4)), np.zeros(4))
