"""Whole computations: time steppers, iterations, networks, fits."""

import numpy as np
from numpy import cos, exp, sin, sqrt

X = np.array([0.3, 0.7, 1.1])
LINE = np.linspace(0.0, 1.0, 20)


def scalar_loop_of_500_steps(a=0.3, b=0.7, c=1.1):
    """a scalar loop of 500 steps"""
    x = a
    for _ in range(500):
        x = x + 0.01 * (sin(b * x) - c * x)
    return x


def stencil_of_200_steps(u=np.sin(np.pi * LINE)):
    """a heat equation: 200 steps in place"""
    u = u.copy()
    for _ in range(200):
        u[1:-1] += 0.2 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum(u**2)


def deep_chain(x=0.3):
    """a chain of 3,000 operations"""
    for _ in range(1000):
        x = x * 0.999 + 0.001 * sqrt(x)
    return x


def rosenbrock(x=np.array([-1.2, 1.0, 0.5])):
    """Rosenbrock's function"""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_in_a_loop(x=np.array([-1.2, 1.0, 0.5])):
    """the same, element by element"""
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
    return total


def lorenz(p=np.array([10.0, 28.0, 8 / 3])):
    """the Lorenz system: Runge-Kutta steps"""

    def rate(s):
        x, y, z = s
        return np.array([p[0] * (y - x), x * (p[1] - z) - y, x * y - p[2] * z])

    s, h = np.array([1.0, 1.0, 1.0]), 0.01
    for _ in range(20):
        k1 = rate(s)
        k2 = rate(s + h / 2 * k1)
        k3 = rate(s + h / 2 * k2)
        k4 = rate(s + h * k3)
        s = s + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return s[0] * s[2]


def leapfrog(x=X):
    """planets: leapfrog steps, forces in two loops"""
    place, speed = np.stack([x, x**2], axis=1), np.zeros((3, 2))
    for _ in range(4):
        force = np.zeros((3, 2))
        for i in range(3):
            for j in range(3):
                if i != j:
                    r = place[j] - place[i]
                    force[i] += r / (r @ r + 0.1) ** 1.5
        speed += 0.05 * force
        place += 0.05 * speed
    return np.sum(place**2) + np.sum(speed**2)


def wave_equation(x=X):
    """a wave equation: three time levels, rotated"""
    u = np.exp(-((LINE - x[0]) ** 2) / 0.1)
    before, now = u.copy(), u.copy()
    for _ in range(20):
        after = np.zeros_like(now)
        after[1:-1] = 2 * now[1:-1] - before[1:-1] + x[1] ** 2 * (now[2:] - 2 * now[1:-1] + now[:-2])
        before, now = now, after
    return np.sum(now**2)


def two_dimensional_laplace(x=X):
    """Jacobi's iteration on a grid, with boundary values"""
    u = np.zeros((6, 6))
    u[0, :] = x[0]
    u[:, -1] = x[1] ** 2
    for _ in range(10):
        u[1:-1, 1:-1] = 0.25 * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2])
    return np.sum(u) * x[2]


def gauss_seidel(x=X):
    """Gauss-Seidel: each element as soon as it is there"""
    a = np.outer(x, x) + 2 * np.eye(3)
    u = np.zeros(3)
    for _ in range(8):
        for i in range(3):
            u[i] = (x[i] - a[i] @ u + a[i, i] * u[i]) / a[i, i]
    return np.sum(u**2)


def upwind(x=X):
    """an upwind scheme: the direction by `np.where(v > 0, ...)`"""
    u = np.exp(-((LINE - 0.5) ** 2) / 0.02) * x[0]
    v = np.where(LINE < 0.5, x[1], -x[2])
    for _ in range(5):
        left, right = u - np.roll(u, 1), np.roll(u, -1) - u
        u = u - 0.1 * np.where(v > 0, v * left, v * right)
    return np.sum(u**2)


def minmod(x=X):
    """a slope limiter: `np.minimum(abs(a), abs(b)) * (a * b > 0)`"""
    u = np.sin(3 * LINE + x[0]) * x[1]
    a, b = u[1:-1] - u[:-2], u[2:] - u[1:-1]
    slope = np.sign(a) * np.minimum(np.abs(a), np.abs(b)) * (a * b > 0)
    return np.sum(slope**2) * x[2]


def neural_network(p={"w1": np.outer([0.3, -0.2], [1.0, 0.5]), "b1": np.array([0.1, -0.1]), "w2": np.array([0.7, 0.4])}):
    """a network with one hidden layer, and its loss"""
    data, target = np.array([[0.1, 0.5], [1.0, -0.3], [0.4, 0.4]]), np.array([0.0, 1.0, 1.0])
    h = np.tanh(data @ p["w1"].T + p["b1"])
    y = 1 / (1 + np.exp(-(h @ p["w2"])))
    return -np.mean(target * np.log(y) + (1 - target) * np.log(1 - y))


def softmax_regression(w=np.outer([0.3, -0.2, 0.5], [1.0, 0.5])):
    """softmax and cross entropy: `np.log(p[np.arange(n), labels])`"""
    data, labels = np.array([[0.1, 0.5], [1.0, -0.3], [0.4, 0.4]]), np.array([0, 2, 1])
    z = data @ w.T
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(3), labels]))


def recurrent_network(x=X):
    """a recurrent network over a sequence"""
    w, h = np.outer(x, x[::-1]), np.zeros(3)
    outputs = []
    for t in LINE[:6]:
        h = np.tanh(w @ h + t * x)
        outputs.append(h.sum())
    return np.array(outputs) @ np.arange(6.0)


def convolution_by_loops(image=np.outer(X, X)):
    """a convolution by four loops"""
    kernel = np.array([[1.0, -1.0], [0.5, 2.0]])
    out = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            for k in range(2):
                for m in range(2):
                    out[i, j] += image[i + k, j + m] * kernel[k, m]
    return np.sum(np.maximum(out, 0.0) ** 2)


def attention(x=X):
    """scaled dot-product attention"""
    q = np.outer(x, [1.0, 0.5])
    scores = q @ q.T / sqrt(2)
    scores = np.where(np.tril(np.ones((3, 3))) > 0, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.sum((weights / weights.sum(axis=-1, keepdims=True)) @ q)


def mixture_of_gaussians(p={"mean": np.array([0.1, 0.8]), "log_scale": np.array([-1.0, -0.5]), "weight": np.array([0.2, -0.3])}):
    """a mixture of Gaussians: log-sum-exp"""
    z = (LINE[:, None] - p["mean"]) * np.exp(-p["log_scale"])
    log_weight = p["weight"] - np.log(np.sum(np.exp(p["weight"])))
    each = log_weight - p["log_scale"] - 0.5 * z**2
    top = each.max(axis=1, keepdims=True)
    return np.sum(top[:, 0] + np.log(np.sum(np.exp(each - top), axis=1)))


def hidden_markov_model(x=X):
    """the forward algorithm of a hidden Markov model"""
    stay = np.array([[x[0], 1 - x[0]], [1 - x[1], x[1]]])
    emit = np.array([[0.9, 0.1], [0.3, 0.7]])
    alpha, log_likelihood = np.array([0.5, 0.5]), 0.0
    for symbol in (0, 1, 1, 0):
        alpha = (alpha @ stay) * emit[:, symbol]
        total = alpha.sum()
        log_likelihood += np.log(total)
        alpha = alpha / total
    return log_likelihood * x[2]


def black_scholes_paths(x=X):
    """Monte Carlo: paths of a stock, an option's price"""
    noise = np.random.default_rng(0).standard_normal((4, 50))
    price = np.full(50, 1.0)
    for step in noise:
        price *= exp((0.05 - 0.5 * x[0] ** 2) * 0.25 + x[0] * 0.5 * step)
    return np.mean(np.maximum(price - 0.9 * x[1], 0.0)) * exp(-0.05 * x[2])


def binomial_tree(x=X):
    """an option on a binomial tree, backwards in place"""
    n, up = 6, exp(0.2 * x[0])
    value = np.maximum(x[1] * up ** (2.0 * np.arange(n + 1) - n) - 0.6, 0.0)
    p = (exp(0.01 * x[2]) - 1 / up) / (up - 1 / up)
    for _ in range(n):
        value[:-1] = p * value[1:] + (1 - p) * value[:-1]
        value = value[:-1]
    return value[0]


def dynamic_time_warping(x=X):
    """dynamic time warping: a table of minima"""
    a, b = np.sin(3 * x), np.cos(2 * x)
    cost = np.full((4, 4), np.inf)
    cost[0, 0] = 0.0
    for i in range(1, 4):
        for j in range(1, 4):
            cost[i, j] = (a[i - 1] - b[j - 1]) ** 2 + min(cost[i - 1, j], cost[i, j - 1], cost[i - 1, j - 1])
    return cost[-1, -1]


def ising_energy(x=X):
    """energies of a lattice, with `np.roll`"""
    spins = np.sign(np.sin(np.arange(16.0)).reshape(4, 4))
    return -np.sum(spins * (x[0] * np.roll(spins, 1, 0) + x[1] * np.roll(spins, 1, 1))) + x[2] * np.sum(spins) ** 2


def ray_through_lenses(x=X):
    """rays through lenses: matrices in a loop, `np.arctan2`"""
    ray = np.array([x[0], 0.1])
    for focus, distance in ((2.0, x[1]), (3.0, x[2])):
        ray = np.array([[1.0, distance], [0.0, 1.0]]) @ np.array([[1.0, 0.0], [-1.0 / focus, 1.0]]) @ ray
    return np.arctan2(ray[0], 1.0 + cos(ray[1]))


def robot_arm(x=X):
    """a robot's arm: products of rotations, a penalty"""
    angle, tip = 0.0, np.zeros(2)
    for joint, length in zip(x, (1.0, 0.8, 0.5), strict=True):
        angle = angle + joint
        tip = tip + length * np.array([cos(angle), sin(angle)])
    return np.linalg.norm(tip - np.array([0.5, 1.5])) + 0.1 * np.sum(np.maximum(np.abs(x) - 1.0, 0.0) ** 2)


def gradient_descent_inside(x=X):
    """gradient descent with a hand-written gradient, unrolled"""
    w = np.zeros(3)
    for _ in range(10):
        residual = w * LINE[:3] - x
        w = w - 0.5 * residual * LINE[:3]
    return np.sum((w - x) ** 2)


def adam_inside(x=X):
    """Adam by hand: `m`, `v`, in place"""
    w, m, v = x.copy(), np.zeros(3), np.zeros(3)
    for k in range(1, 6):
        g = 2.0 * (w - 1.0)
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g**2
        w -= 0.1 * (m / (1 - 0.9**k)) / (np.sqrt(v / (1 - 0.99**k)) + 1e-8)
    return np.sum(w**2)


def em_step(x=X):
    """a step of expectation maximisation"""
    data = np.array([0.1, 0.4, 0.9, 1.2])
    r = np.exp(-((data[:, None] - x) ** 2))
    r /= r.sum(axis=1, keepdims=True)
    return np.sum((r * data[:, None]).sum(axis=0) / r.sum(axis=0) * x)


def spline_by_hand(x=X):
    """a cubic spline by hand: a tridiagonal system"""
    n = 3
    m = np.zeros((n, n))
    m[0, 0] = m[-1, -1] = 1.0
    rhs = np.zeros(n)
    for i in range(1, n - 1):
        m[i, i - 1 : i + 2] = [1.0, 4.0, 1.0]
        rhs[i] = 6.0 * (x[i + 1] - 2 * x[i] + x[i - 1])
    curvature = np.linalg.solve(m, rhs)
    return np.sum(curvature**2) + curvature[1] * 0.5


def simpson_rule(x=X):
    """Simpson's rule: `y[1:-1:2]`, `y[2:-1:2]`"""
    t = np.linspace(0.0, x[2], 9)
    y = exp(-x[0] * t) * sin(x[1] * t)
    return (t[1] - t[0]) / 3 * (y[0] + 4 * np.sum(y[1:-1:2]) + 2 * np.sum(y[2:-1:2]) + y[-1])


def romberg(x=X):
    """Romberg's table, filled row by row"""
    table = np.zeros((4, 4))
    for i in range(4):
        n = 2**i
        t = np.linspace(0.0, 1.0, n + 1)
        y = exp(x[0] * t) + x[1] * t**2
        table[i, 0] = (0.5 * (y[0] + y[-1]) + np.sum(y[1:-1])) / n
        for j in range(1, i + 1):
            table[i, j] = table[i, j - 1] + (table[i, j - 1] - table[i - 1, j - 1]) / (4**j - 1)
    return table[-1, -1] * x[2]


PROMISED = (
    scalar_loop_of_500_steps,
    stencil_of_200_steps,
    deep_chain,
    rosenbrock,
    rosenbrock_in_a_loop,
)
