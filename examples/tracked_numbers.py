"""Numbers that remember what was computed from them: a tree to look at, and a way downhill.

Tutorials build a TrackedReal, which keeps its children and the derivatives along the edges to them. `wg.track` gives
such a number, `backward` fills in the gradients, and `wg.print_tree` prints what was computed from one.
"""

import numpy as np

import wengert as wg
from wengert.optim import descend, gradient_descent

x, y = wg.track(2.0, name="x"), wg.track(3.0, name="y")
a = x * y
b = np.sin(x)
z = a + b
a.name, b.name, z.name = "a", "b", "z"

print("Before the backward pass, no gradient is known:\n")
wg.print_tree(x)
assert x.grad is None and y.grad is None

z.backward(retain=True)  # retain: keep the steps, since we want to print them again
print("\nAfter it, everything between the inputs and z has one:\n")
wg.print_tree(x)
print()
wg.print_tree(y)
np.testing.assert_allclose(z.value, 6.909297426825682, rtol=1e-14)
np.testing.assert_allclose((x.grad, y.grad), (2.5838531634528574, 2.0), rtol=1e-14)
np.testing.assert_allclose(x.grad, y.value + np.cos(x.value), rtol=1e-14)


def g(point):
    """Valleys along x, a parabola along y."""
    x, y = point
    return y * y + np.sin(x)


# y*y uses y twice, so y has two edges to it, and its derivative is y + y. Who keeps edges in a dictionary, by child,
# keeps one of the two: a tutorial arrives at (0.891939538826372, 0.8) after this step, and at g = 1.418... there.
step = descend(g, (1.0, 1.0), rate=0.2)
print("\none step from (1, 1):", *step, " g there:", g(step))
np.testing.assert_allclose(step, (0.891939538826372, 0.6), rtol=1e-14)
np.testing.assert_allclose(g(step), 1.1382910542267546, rtol=1e-14)

one_edge = {"y*y": 1.0} | {"y*y": 1.0}
assert 1.0 - 0.2 * sum(one_edge.values()) == 0.8

# Two starts, a little apart, end in two valleys.
for start, steps, end in (
    ((1.5, -2.4), 34, (-1.5093926577856644, -6.876e-8)),
    ((1.8, -2.4), 16, (3.9584455543395447, -6.7707e-4)),
):
    path = gradient_descent(g, start, rate=0.2, steps=steps)
    print(f"{steps} steps from {start}:", *path[-1])
    assert len(path) == steps + 1
    np.testing.assert_allclose(path[-1], end, rtol=1e-4)
    np.testing.assert_allclose(path[-1][0], end[0], rtol=1e-14)
    np.testing.assert_allclose(path[-1][1], -2.4 * 0.6**steps, rtol=1e-13)  # y shrinks by 1 - 2 * 0.2 a step
