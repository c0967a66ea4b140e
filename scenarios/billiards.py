"""Discs on a billiard table, event by event: the next collision of two discs or with a cushion, until time is up.

Where is the cue ball at the end, by its direction and speed and by the elasticity of the balls?

Source: B. J. Alder and T. E. Wainwright, "Studies in molecular dynamics", J. Chem. Phys. 31 (1959).
"""

import math
from dataclasses import dataclass

import numpy as np

WIDTH, HEIGHT, RADIUS = 2.0, 1.0, 0.08


@dataclass
class Ball:
    x: float
    y: float
    vx: float
    vy: float

    def move(self, t):
        self.x += self.vx * t
        self.y += self.vy * t

    def cushion(self):
        """When it meets a cushion, and which."""
        times = []
        for x, v, size, axis in ((self.x, self.vx, WIDTH, "x"), (self.y, self.vy, HEIGHT, "y")):
            if v > 1e-12:
                times.append(((size - RADIUS - x) / v, axis))
            elif v < -1e-12:
                times.append(((RADIUS - x) / v, axis))
        return min(times, default=(math.inf, ""))

    def meets(self, other):
        dx, dy, dvx, dvy = other.x - self.x, other.y - self.y, other.vx - self.vx, other.vy - self.vy
        b, a = dx * dvx + dy * dvy, dvx**2 + dvy**2
        if b >= 0.0:
            return math.inf
        root = b**2 - a * (dx**2 + dy**2 - 4.0 * RADIUS**2)
        return (-b - math.sqrt(root)) / a if root > 0.0 else math.inf


def collide(a, b, elasticity):
    nx, ny = (b.x - a.x) / (2 * RADIUS), (b.y - a.y) / (2 * RADIUS)
    impulse = 0.5 * (1.0 + elasticity) * ((a.vx - b.vx) * nx + (a.vy - b.vy) * ny)
    a.vx, a.vy = a.vx - impulse * nx, a.vy - impulse * ny
    b.vx, b.vy = b.vx + impulse * nx, b.vy + impulse * ny


def play(balls, elasticity, end):
    t, hits = 0.0, 0
    while True:
        events = [(*ball.cushion(), ball, None) for ball in balls]
        events += [(a.meets(b), "hit", a, b) for i, a in enumerate(balls) for b in balls[i + 1 :]]
        when, what, a, b = min(events, key=lambda event: event[0])
        if t + when >= end:
            break
        for ball in balls:
            ball.move(when)
        t += when
        if what == "hit":
            collide(a, b, elasticity)
            hits += 1
        elif what == "x":
            a.vx *= -0.95
        else:
            a.vy *= -0.95
    for ball in balls:
        ball.move(end - t)
    return hits


def shot(direction, speed, elasticity):
    balls = [
        Ball(0.4, 0.5, speed * math.cos(direction), speed * math.sin(direction)),
        Ball(1.2, 0.55, 0.0, 0.0),
        Ball(1.5, 0.3, 0.0, 0.0),
    ]
    play(balls, elasticity, 2.0)
    return np.hypot(balls[0].x - 1.0, balls[0].y) + 0.3 * sum(b.vx**2 + b.vy**2 for b in balls)


program = shot
arguments = (-0.025, 1.7, 0.93)
