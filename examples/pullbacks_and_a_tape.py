"""Pullbacks on a tape: seven steps with two results, differentiated backward from each.

Tutorials build this by hand: a tensor class whose every operation appends a pullback, a closure from the result's
cotangent to the operands', to a tape that is then run in reverse. Here the first half does so for these seven steps,
in the open; the second half is `wg.vjp`, which records the same list from the plain program.
"""

import numpy as np

import wengert as wg


def seven_steps(x1, x2, x3):
    x4 = x1 * x2
    x5 = np.sin(x3)
    x6 = np.exp(x4)
    x7 = x4 * x5
    x8 = x6 + x7
    x9 = x8 / x3
    x10 = x8 / x2
    return x9, x10


def by_hand(x1, x2, x3):
    """The same seven steps, and beside each its pullback: where a change of the result came from."""
    x4 = x1 * x2
    x5 = np.sin(x3)
    x6 = np.exp(x4)
    x7 = x4 * x5
    x8 = x6 + x7
    x9 = x8 / x3
    x10 = x8 / x2
    tape = [  # result, and what its cotangent g gives to each operand
        ("x4", lambda g: {"x1": g * x2, "x2": g * x1}),
        ("x5", lambda g: {"x3": g * np.cos(x3)}),
        ("x6", lambda g: {"x4": g * x6}),
        ("x7", lambda g: {"x4": g * x5, "x5": g * x4}),
        ("x8", lambda g: {"x6": g, "x7": g}),
        ("x9", lambda g: {"x8": g / x3, "x3": -g * x8 / x3**2}),
        ("x10", lambda g: {"x8": g / x2, "x2": -g * x8 / x2**2}),
    ]

    def pull(cotangents):
        arrived = dict.fromkeys([f"x{k}" for k in range(1, 11)], 0.0) | cotangents
        for result, pullback in reversed(tape):
            for operand, g in pullback(arrived[result]).items():
                arrived[operand] += g  # x4, x8 are used twice: what arrives is added up
        return arrived["x1"], arrived["x2"], arrived["x3"]

    return (x9, x10), pull


point = 1.0, 2.0, np.pi / 2

values, pull_by_hand = by_hand(*point)
(x9, x10), pull = wg.vjp(seven_steps, *point)
print("x9, x10:        ", x9, x10)
assert (x9, x10) == values
np.testing.assert_allclose((x9, x10), (5.9772587, 4.694528), rtol=2e-7)

row9, row10 = pull((1.0, 0.0)), pull((0.0, 1.0))
print("x9 by x1 x2 x3: ", *row9)
print("x10 by x1 x2 x3:", *row10)
np.testing.assert_allclose(row9, pull_by_hand({"x9": 1.0}), rtol=1e-14)
np.testing.assert_allclose(row10, pull_by_hand({"x10": 1.0}), rtol=1e-14, atol=1e-16)
np.testing.assert_allclose(row9, (10.681277, 5.3406386, -3.8052409), rtol=2e-7)
np.testing.assert_allclose(row10, (8.3890562, 1.8472641, 0), rtol=2e-7, atol=1e-16)

# In single precision pi/2 is a little off, and so is its cosine: a tutorial in float32 prints -4.4e-8 for that 0.
_, pull = wg.vjp(seven_steps, *(np.float32(x) for x in point))
last = pull((np.float32(0), np.float32(1)))[2]
print("the last, float32:", last)
assert last.dtype == np.float32
np.testing.assert_allclose(last, np.cos(np.float32(np.pi / 2)), rtol=1e-6)
