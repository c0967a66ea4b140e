"""The double pendulum, in plain Python with `math`: lengths that let the lower bob be highest at the end.

The equations of motion in closed form, integrated by the velocity form of Heun's method.

Source: D. Morin, Introduction to Classical Mechanics, Cambridge 2008, chapter 6; formulas by E. Neumann, myphysicslab.com.
"""

import math

import numpy as np

g = 9.81


def accelerations(th1, th2, w1, w2, l1, l2, m1, m2):
    d = th1 - th2
    den = 2 * m1 + m2 - m2 * math.cos(2 * d)
    a1 = (
        -g * (2 * m1 + m2) * math.sin(th1)
        - m2 * g * math.sin(th1 - 2 * th2)
        - 2 * math.sin(d) * m2 * (w2**2 * l2 + w1**2 * l1 * math.cos(d))
    ) / (l1 * den)
    a2 = (2 * math.sin(d) * (w1**2 * l1 * (m1 + m2) + g * (m1 + m2) * math.cos(th1) + w2**2 * l2 * m2 * math.cos(d))) / (l2 * den)
    return a1, a2


def energy(th1, th2, w1, w2, l1, l2, m1, m2):
    kinetic = 0.5 * m1 * (l1 * w1) ** 2 + 0.5 * m2 * ((l1 * w1) ** 2 + (l2 * w2) ** 2 + 2 * l1 * l2 * w1 * w2 * math.cos(th1 - th2))
    return kinetic - (m1 + m2) * g * l1 * math.cos(th1) - m2 * g * l2 * math.cos(th2)


def swing(th1, th2, l1, l2, m1=1.0, m2=0.8, dt=0.02, steps=25):
    th1, th2 = math.radians(th1), math.radians(th2)
    w1 = w2 = 0.0
    start = energy(th1, th2, w1, w2, l1, l2, m1, m2)
    for _ in range(steps):
        a1, a2 = accelerations(th1, th2, w1, w2, l1, l2, m1, m2)
        p1, p2, q1, q2 = th1 + dt * w1, th2 + dt * w2, w1 + dt * a1, w2 + dt * a2
        b1, b2 = accelerations(p1, p2, q1, q2, l1, l2, m1, m2)
        th1 += 0.5 * dt * (w1 + q1)
        th2 += 0.5 * dt * (w2 + q2)
        w1 += 0.5 * dt * (a1 + b1)
        w2 += 0.5 * dt * (a2 + b2)
    drift = energy(th1, th2, w1, w2, l1, l2, m1, m2) - start
    return th1, th2, drift


def height(angles, lengths):
    th1, th2, drift = swing(float(angles[0]), float(angles[1]), *lengths)
    x = lengths[0] * math.sin(th1) + lengths[1] * math.sin(th2)
    y = -lengths[0] * math.cos(th1) - lengths[1] * math.cos(th2)
    return math.hypot(x, y) + y + 0.1 * math.fabs(drift) + math.atan2(y, x)


program = height
arguments = (np.array([70.0, 110.0]), [1.0, 0.7])
