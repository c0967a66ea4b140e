"""Energy in two bands of a plucked string, as a function of its material.

Karplus & Strong (1983), "Digital synthesis of plucked-string and drum timbres", with the tuning filter of Jaffe & Smith (1983). The
string is a ring buffer: one array, and a place in it that goes round.
"""

import numpy as np

PERIOD = 9
SAMPLES = 60


class RingBuffer:
    def __init__(self, content):
        self.data = np.array(content)
        self.place = 0

    def __len__(self):
        return len(self.data)

    def __getitem__(self, k):
        return self.data[(self.place + k) % len(self)]

    def push(self, value):
        self.data[self.place] = value
        self.place = (self.place + 1) % len(self)


class AllPass:
    """y[n] = c x[n] + x[n-1] - c y[n-1]: a delay by a fraction of a sample."""

    def __init__(self, delay):
        self.c = (1 - delay) / (1 + delay)
        self.x = self.y = 0.0

    def __call__(self, x):
        self.y = self.c * x + self.x - self.c * self.y
        self.x = x
        return self.y


def pluck(shape, decay, brightness, fraction):
    string, tune = RingBuffer(shape), AllPass(fraction)
    sound = np.empty(SAMPLES)
    for n in range(SAMPLES):
        sound[n] = string[0]
        averaged = decay * ((1 - brightness) * string[0] + brightness * string[1])
        string.push(tune(averaged))
    return sound


def goertzel(sound, omega):
    """Power at one frequency by a recursion of second order."""
    before = last = 0.0
    for value in sound:
        before, last = last, value + 2 * np.cos(omega) * last - before
    return abs(last - np.exp(-1j * omega) * before) ** 2 / len(sound)


def loudness(shape, decay, brightness, fraction):
    sound = pluck(shape, decay, brightness, fraction)
    low, high = (goertzel(sound, 2 * np.pi * k / PERIOD) for k in (1, 3))
    return 10 * np.log10(low) - 5 * np.log10(high) + np.sum(sound[-PERIOD:] ** 2)


program = loudness
arguments = (np.random.default_rng(3).uniform(-1, 1, PERIOD), 0.99, 0.4, 0.3)
