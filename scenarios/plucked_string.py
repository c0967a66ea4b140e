"""A plucked string: the wave equation by leapfrog, with three buffers that change places.

The string has a denser middle, damping, and fixed ends. The objective compares what a pickup hears with a recording.

Source: H. P. Langtangen and S. Linge, Finite Difference Computing with PDEs, Springer 2017, chapter 2.
"""

import numpy as np


def solver(I, c, damping, L, dt, n_points, n_steps, user_action):
    """u_tt + b u_t = (q u_x)_x with q = c**2; calls user_action(u, x, t, n) at every level."""
    x = np.linspace(0, L, n_points)
    dx = x[1] - x[0]
    C2 = (dt / dx) ** 2
    q = np.zeros(n_points)
    for i in range(n_points):
        q[i] = c(x[i]) ** 2

    u = np.zeros(n_points)
    u_1 = np.zeros(n_points)
    u_2 = np.zeros(n_points)
    for i in range(1, n_points - 1):
        u_1[i] = I(x[i])
    user_action(u_1, x, 0.0, 0)

    # the first step, by the condition u_t = 0
    for i in range(1, n_points - 1):
        right, left = 0.5 * (q[i] + q[i + 1]), 0.5 * (q[i] + q[i - 1])
        u[i] = u_1[i] + 0.5 * C2 * (right * (u_1[i + 1] - u_1[i]) - left * (u_1[i] - u_1[i - 1]))
    user_action(u, x, dt, 1)
    u_2[:], u_1[:] = u_1, u

    b = 0.5 * damping * dt
    half = 0.5 * (q[:-1] + q[1:])
    for n in range(1, n_steps):
        flux = half * (u_1[1:] - u_1[:-1])
        u[1:-1] = (2 * u_1[1:-1] - (1 - b) * u_2[1:-1] + C2 * (flux[1:] - flux[:-1])) / (1 + b)
        u[0] = 0
        u[-1] = 0
        user_action(u, x, (n + 1) * dt, n + 1)
        u_2, u_1, u = u_1, u, u_2


def misfit(pluck, tension, damping):
    heard = []

    def pickup(u, x, t, n):
        if n % 3 == 0:
            heard.append(u[4])

    def shape(x):
        return pluck["height"] * (x / pluck["place"] if x < pluck["place"] else (1 - x) / (1 - pluck["place"]))

    def speed(x):
        return np.sqrt(tension / (1.6 if 0.4 < x < 0.6 else 1.0))

    solver(shape, speed, damping, 1.0, 0.04, 17, 36, pickup)
    recording = 0.05 * np.cos(3.0 * np.arange(len(heard)) * 0.12)
    return np.mean((np.array(heard) - recording) ** 2)


program = misfit
arguments = ({"height": 0.1, "place": 0.33}, 1.2, 0.4)
