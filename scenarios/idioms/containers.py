"""Arguments, results and intermediates in containers."""

import collections
import dataclasses
import enum
import types
from collections import namedtuple
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

import numpy as np

X = np.array([0.3, 0.7, 1.1])


@dataclass
class Spring:
    stiffness: float
    rest: np.ndarray
    name: str = "spring"

    def energy(self, u):
        return 0.5 * self.stiffness * np.sum((u - self.rest) ** 2)


@dataclass(frozen=True)
class Model:
    springs: list
    scale: float = 2.0


class Point(NamedTuple):
    a: float
    b: np.ndarray


Pair = namedtuple("Pair", "first second")


class Options(TypedDict):
    rate: float


class Kind(enum.Enum):
    LINEAR = 1
    CUBIC = 3


def dict_argument(p={"slope": 2.0, "offset": X}):
    """a dict as the argument"""
    return np.sum((p["slope"] * X + p["offset"]) ** 2)


def nested_argument(p={"layers": [{"w": np.outer(X, X), "b": X}, {"w": np.eye(3), "b": 0.5 * X}], "rate": 0.1}):
    """nested dicts and lists: a network's parameters"""
    h = X
    for layer in p["layers"]:
        h = np.tanh(layer["w"] @ h + layer["b"])
    return np.sum(h) * p["rate"]


def tuple_argument(p=(0.5, [X, 2.0])):
    """tuples and lists, unpacked"""
    a, (u, b) = p
    return a * np.sum(u**b)


def dataclass_argument(spring=Spring(2.0, X)):
    """a dataclass that nobody registered"""
    return spring.energy(X**2)


def frozen_dataclass_argument(model=Model([Spring(2.0, X), Spring(0.5, 2 * X)])):
    """a frozen dataclass that holds others"""
    return sum(spring.energy(X) for spring in model.springs) * model.scale


def namedtuple_argument(p=Point(0.4, X), q=Pair(1.0, 2.0)):
    """named tuples"""
    return p.a * np.sum(p.b**2) + q.first * q.second


def integers_and_strings_inside(p={"rate": 0.5, "steps": 3, "name": "decay", "on": True, "none": None}):
    """integers, strings, booleans and None beside floats"""
    y = p["rate"]
    for _ in range(p["steps"]):
        y = y * p["rate"] + (1.0 if p["on"] and p["name"] == "decay" and p["none"] is None else 0.0)
    return y


def several_arguments(x=X, a=0.5, p=(1.5, 2.0)):
    """several arguments"""
    return a * np.sum(x ** p[0]) + p[1]


def float_argument(t=0.7):
    """a Python float"""
    return t**2 + t / 3 - 1 / t


def numpy_float_argument(t=np.float64(0.7)):
    """a `np.float64`"""
    return t**2 + np.sin(t)


def zero_dimensional_argument(t=np.array(0.7)):
    """an array of no axes"""
    t += 1.0
    return t**2 + t[()] * t.item()


def empty_argument(x=np.zeros((0, 3)), t=0.5):
    """an empty array"""
    return np.sum(x**2) + t**2 + np.sum(x.T @ x)


def dict_built_inside(x=X):
    """a dict that is built, updated and merged"""
    state = {"u": x[0]}
    state["v"] = x[1] ** 2
    state |= {"w": x[2]}
    state.update(u=state["u"] * 2)
    state.setdefault("z", 1.0)
    return sum(state.values()) * state.pop("w") * state.get("none", 1.0)


def defaultdict_and_counter(x=X):
    """`collections.defaultdict(float)`: sums by group"""
    totals = collections.defaultdict(float)
    for k, t in enumerate(x):
        totals[k % 2] += t**2
    return totals[0] * totals[1]


def counter(x=X):
    """`collections.Counter` with values that are traced"""
    totals = collections.Counter()
    for k, t in enumerate(x):
        totals[k % 2] += t**2
    return totals[0] * totals[1]


def deque(x=X):
    """`collections.deque(maxlen=2)`: a history"""
    history = collections.deque([x[0], x[1]], maxlen=2)
    for _ in range(4):
        history.append(history[0] * x[2] + history[-1])
    return history[0] * history[1]


def ordered_dict_and_chainmap(x=X):
    """`OrderedDict`, `ChainMap`, `SimpleNamespace`, `MappingProxyType`"""
    settings = collections.ChainMap({"a": x[0]}, {"a": 5.0, "b": x[1]})
    space = types.SimpleNamespace(t=x[2], u=collections.OrderedDict(v=x[0]))
    frozen = types.MappingProxyType({"w": x[1]})
    return settings["a"] * settings["b"] + space.t * space.u["v"] * frozen["w"]


def list_operations(x=X):
    """lists: `append`, `extend`, `insert`, `pop`, slices, `*`"""
    values = [x[0]]
    values.append(x[1] ** 2)
    values.extend(x)
    values.insert(0, 2.0)
    values[1:3] = [values[1] * 3]
    last = values.pop()
    return sum(values * 2) * last + len(values)


def list_of_lists(x=X):
    """a table of lists: `table[i][j]` (dynamic programming)"""
    n = 3
    best = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            before = [best[i - 1][j] if i else 0.0, best[i][j - 1] if j else 0.0]
            best[i][j] = max(before) + x[i] * x[j]
    return best[-1][-1] + best[1][2]


def stack_machine(x=X):
    """a stack: an expression in postfix notation"""
    stack = []
    for token in [0, 1, "*", 2, "+", 0, "/"]:
        if token == "*":
            stack.append(stack.pop() * stack.pop())
        elif token == "+":
            stack.append(stack.pop() + stack.pop())
        elif token == "/":
            b, a = stack.pop(), stack.pop()
            stack.append(a / b)
        else:
            stack.append(x[token])
    return stack[0]


def graph_of_dicts(x=X):
    """shortest paths on a graph of dicts"""
    edges = {"a": {"b": x[0], "c": x[2]}, "b": {"c": x[1] / 2}, "c": {}}
    distance = {"a": 0.0, "b": np.inf, "c": np.inf}
    for node in ("a", "b", "c"):
        for other, length in edges[node].items():
            distance[other] = min(distance[other], distance[node] + length)
    return distance["c"] ** 2


def dataclass_made_inside(x=X):
    """dataclasses made inside, `dataclasses.replace`"""
    spring = Spring(x[0], x)
    other = dataclasses.replace(spring, stiffness=x[1] ** 2)
    return spring.energy(x**2) + other.energy(2 * x)


def dataclass_with_defaults(x=X):
    """`field(default_factory=...)`, `__post_init__`"""

    @dataclass
    class Track:
        start: float
        path: list = field(default_factory=list)

        def __post_init__(self):
            self.path.append(self.start**2)

    track = Track(x[0])
    track.path.append(x[1])
    return track.path[0] * track.path[1]


def slots_and_order(x=X):
    """`@dataclass(order=True, slots=True)`"""

    @dataclass(order=True, slots=True)
    class Candidate:
        cost: float
        name: str = "candidate"

    best = min(Candidate(t * (1.2 - t)) for t in x)
    return best.cost**2


def namedtuple_made_inside(x=X):
    """named tuples made inside, `_replace`"""
    p = Point(x[0], x)._replace(a=x[1])
    return p.a * np.sum(p.b**2)


def typed_dict(x=X):
    """`TypedDict`, type hints"""
    options: Options = {"rate": x[0]}
    total: float = options["rate"] * x[1]
    return total


def enumeration(x=X):
    """`enum.Enum`"""
    powers = {Kind.LINEAR: x[0], Kind.CUBIC: x[1]}
    return sum(t**kind.value for kind, t in powers.items())


def result_is_a_dict(x=X):
    """a dict as the result"""
    return {"energy": np.sum(x**2), "forces": -2.0 * x, "name": "spring"}


def result_is_a_tuple(x=X):
    """a tuple as the result"""
    return np.sum(x), x[::-1] ** 2


def result_is_a_dataclass(x=X):
    """a dataclass as the result"""
    return Spring(np.sum(x), x**2)


def result_is_a_list(x=X):
    """a list of numbers as the result"""
    return [t**2 for t in x]


def result_is_an_array(x=X):
    """an array as the result (a Jacobian)"""
    return np.outer(x, x)[0] * x


def result_is_the_argument(x=X):
    """the argument itself as the result"""
    return x


def result_is_a_constant(x=X):
    """a number that does not depend on the argument"""
    return 2.0


def result_is_none(x=X):
    """`None`: a forgotten `return`"""
    np.sum(x**2)


def result_is_none_instead(x=X):
    """`return`"""
    return np.sum(x**2)


def result_is_text(x=X):
    """text as the result"""
    return f"{np.sum(x)}"


def result_is_text_instead(x=X):
    """the number"""
    return np.sum(x)


def result_is_an_object(x=X):
    """an object of a class as the result"""
    return types.SimpleNamespace(energy=np.sum(x))


def result_is_an_object_instead(x=X):
    """a dict, a tuple, a dataclass"""
    return {"energy": np.sum(x)}


def object_argument(p=types.SimpleNamespace(a=0.5)):
    """an object of a class that is no dataclass as the argument"""
    return p.a**2


def object_argument_instead(p={"a": 0.5}):
    """a dict, a tuple, a dataclass"""
    return p["a"] ** 2


def integer_array_argument(x=np.array([1, 2, 3])):
    """an array of integers as the argument"""
    return np.sum(x**2)


def integer_array_argument_instead(x=np.array([1.0, 2.0, 3.0])):
    """`x.astype(float)`"""
    return np.sum(x**2)


def boolean_argument(flag=True):
    """a truth value as the argument"""
    return 2.0 * flag


def boolean_argument_instead(flag=1.0):
    """a float, or `argnums=` that leaves it out"""
    return 2.0 * flag


def list_of_floats_argument(x=[0.3, 0.7, 1.1]):
    """a list of floats as the argument"""
    return np.sum(np.array(x) ** 2) * x[0] + np.dot(x, x)


def text_argument(name="linear"):
    """text as the argument"""
    return len(name)


def text_argument_instead(x=X, *, name="linear"):
    """`argnums=`, or a keyword argument"""
    return len(name) * np.sum(x)


def none_argument(x=None):
    """`None` as the argument"""
    return 0.0 if x is None else x


def none_argument_instead(x=0.0):
    """a number"""
    return 0.0 if x is None else x


PROMISED = (
    dict_argument,
    nested_argument,
    dataclass_argument,
    namedtuple_argument,
    integers_and_strings_inside,
)
