"""Training of a small network by a little engine of automatic differentiation, which is part of the program.

A. Karpathy, micrograd (2020): numbers that remember how they were made, each with a function that passes its gradient on. What is
asked for is how the loss after training depends on the rate and on the first weights.
"""

import math

import numpy as np


class Value:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.backward_step = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out.backward_step = step
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def step():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.backward_step = step
        return out

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + other * -1.0

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,))

        def step():
            self.grad += (1 - t**2) * out.grad

        out.backward_step = step
        return out

    def backward(self):
        order, visited = [], set()

        def visit(v):
            if v not in visited:
                visited.add(v)
                for parent in v.parents:
                    visit(parent)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v.backward_step()


class Neuron:
    def __init__(self, weights, activated):
        self.w = [Value(float(w)) for w in weights]
        self.activated = activated

    def __call__(self, xs):
        total = sum((w * x for w, x in zip(self.w, xs)), self.w[-1])
        return total.tanh() if self.activated else total


INPUTS = np.array([[1.0, 0.5], [-0.7, 1.2], [0.3, -1.1]])
TARGETS = [0.8, -0.4, 0.3]


def loss_of(hidden, output):
    predictions = [output([neuron(row) for neuron in hidden]) for row in INPUTS.tolist()]
    errors = [p - t for p, t in zip(predictions, TARGETS)]
    return sum((e * e for e in errors), Value(0.0))


def trained_loss(first, second, rate, steps=3):
    hidden, output = [Neuron(row, True) for row in first], Neuron(second, False)
    parameters = [w for neuron in (*hidden, output) for w in neuron.w]
    for _ in range(steps):
        loss = loss_of(hidden, output)
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        for p in parameters:
            p.data -= rate * p.grad
    return loss_of(hidden, output).data


program = trained_loss
arguments = (np.array([[0.5, -0.3, 0.1], [0.2, 0.8, -0.2]]), np.array([0.7, -0.6, 0.05]), 0.1)
