"""Objects that a traced function makes run rebuilt methods; nothing else about them and their classes is other than in plain Python."""

import abc
import copy
import dataclasses
import functools
import math
import types
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
import pytest

import wengert as wg
from wengert.testing import check

X = np.array([0.3, 0.7, 1.1])
T = TypeVar("T")


class Grid:
    """A class of the module that fills an array of its own."""

    made = 0
    names = ["grid"]  # noqa: RUF012

    def __init__(self, n, scale=1.0):
        self.u = np.zeros(n)
        self.scale = float(scale)
        Grid.made += 1

    def fill(self, values):
        for i, v in enumerate(values):
            self.u[i] = self.scale * math.sin(v)
        return self

    def total(self):
        return np.sum(self.u**2)

    def __eq__(self, other):
        return isinstance(other, Grid) and np.array_equal(self.u, other.u)

    def __hash__(self):
        return hash(len(self.u))

    def twice(self):
        return type(self)(2 * len(self.u), self.scale)

    def again(self):
        return self.__class__(len(self.u), 2.0)

    @classmethod
    def of(cls, values):
        return cls(len(values)).fill(values)

    @staticmethod
    def norm(x):
        return math.hypot(x[0], x[1])

    @property
    def first(self):
        return math.exp(self.u[0])

    @functools.cached_property
    def last(self):
        return np.array([self.u[-1], 1.0])


class Ring(Grid):
    def __init__(self, n, scale=1.0):
        super().__init__(n, scale)
        self.counted = getattr(self, "counted", 0) + 1

    def fill(self, values):
        super().fill(values)
        self.u[-1] += self.u[0]
        return self


class Explicit(Grid):
    def __init__(self, n):
        Grid.__init__(self, n)
        self.counted = getattr(self, "counted", 0) + 1

    def fill(self, values):
        super(Explicit, self).fill(values)  # noqa: UP008
        self.u *= 2.0
        return self


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...

    def doubled(self):
        return np.array([2.0 * self.area()])[0]


class Disc(Shape):
    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return math.pi * math.pow(self.radius, 2)


@dataclass
class Spring:
    stiffness: float
    rest: float = 0.5
    memory: np.ndarray = field(default_factory=lambda: np.zeros(2), compare=False, repr=False)

    def energy(self, u):
        self.memory[0] = u
        return 0.5 * self.stiffness * math.pow(u - self.rest, 2) + self.memory[0]


@dataclass(frozen=True, order=True)
class State:
    q: float
    p: float

    def stepped(self, dt):
        return dataclasses.replace(self, q=self.q + dt * self.p, p=self.p - dt * math.sin(self.q))


@dataclass(slots=True)
class Slotted:
    a: float

    def sine(self):
        return math.sin(self.a)


class Box(Generic[T]):
    def __init__(self, inside: T):
        self.inside = np.array([inside])

    def opened(self) -> T:
        return self.inside[0]


class Singleton:
    instance = None

    def __new__(cls, *args):
        if cls.instance is None:
            cls.instance = super().__new__(cls)
        return cls.instance

    def value(self, x):
        return math.sin(x)


class Body:
    def __init__(self, place, mass):
        self.place, self.mass = np.array([place, 0.0]), mass

    def force(self, bodies):
        return sum(other.mass * (other.place - self.place) for other in bodies if other is not self)


def local_subclass(x):
    class Square(Shape):
        def area(self):
            return math.pow(x[0], 2)

    class Wide(Grid):
        width = 2.0

    square = Square()
    return square.doubled() + Wide.of(x).total() * isinstance(square, Shape) * issubclass(Wide, Grid) * Wide.width


def bodies(x):
    these = [Body(x[0], 1.0), Body(x[1], x[2])]
    return sum(np.sum(b.force(these) ** 2) for b in these)


alias = Box[float]


def single():
    Singleton.instance = None
    return Singleton()


def states(x):
    s = State(x[0], x[1])
    for _ in range(3):
        s = s.stepped(0.1)
    return s.q * s.p + (s == State(s.q, s.p)) + (s == State(0.0, 0.0)) + (s < State(5.0, 0.0))


def matched(x):
    shape = Disc(x[0])
    match shape:
        case Disc(radius=r):
            return r * x[1]
    return 100.0 * x[2]


PROGRAMS = {
    "an array that a method fills": lambda x: Grid(3).fill(x).total(),
    "super without arguments": lambda x: Ring(3).fill(x).total() * Ring(3).counted,
    "super with arguments, and a base by name": lambda x: Explicit(3).fill(x).total() * Explicit(3).counted,
    "a class method": lambda x: Ring.of(x).total(),
    "a static method": lambda x: Grid.norm(x) + Grid(3).norm(x),
    "a property, a cached one": lambda x: Grid.of(x).first * np.sum(Grid.of(x).last),
    "an unbound method": lambda x: Grid.total(Grid.fill(Grid(3), x)),
    "type(self), self.__class__": lambda x: Grid.of(x).twice().fill(x).total() + Grid(3, x[0]).again().fill(x).total(),
    "an abstract base": lambda x: Disc(x[0]).doubled(),
    "a dataclass": lambda x: Spring(x[0], rest=x[1]).energy(x[2]),
    "a frozen dataclass, replaced": states,
    "a dataclass with slots": lambda x: Slotted(x[0]).sine(),
    "a generic class": lambda x: Box(x[0]).opened() * (Box[float].__origin__ is alias.__origin__),
    "one object for all": lambda x: single().value(x[0]) * (Singleton() is Singleton()),
    "identities": bodies,
    "subclasses made in the function": local_subclass,
    "match": matched,
    "map": lambda x: sum(d.area() for d in map(Disc, x)),
    "a partial": lambda x: functools.partial(Grid, scale=2.0)(3).fill(x).total(),
    "a copy": lambda x: copy.copy(Grid.of(x)).total(),
    "a module": lambda x: shapes.Disc(x[0]).area(),
}

shapes = types.ModuleType("shapes_of_a_user")
shapes.__file__ = __file__
shapes.Disc = Disc


@pytest.mark.parametrize("f", PROGRAMS.values(), ids=PROGRAMS)
def test_objects_that_are_made_are_differentiated(f):
    check(f, X)
    assert wg.value_and_grad(f)(X)[0] == f(X)


def test_what_is_set_on_a_class_is_set_on_the_class():
    def f(x):
        Grid.made, Grid.names[0] = 10, "other"
        del Grid.extra
        ring = Ring(3)
        ring.__class__.later = 5
        return Ring.of(x).total()

    Grid.extra = 1
    try:
        wg.grad(f)(X)
        assert Grid.made == 12 and Grid.names == ["other"] and not hasattr(Grid, "extra") and Ring.later == 5
    finally:
        Grid.names[0] = "grid"
        del Ring.later


def test_classes_are_what_they_were_to_who_asks():
    outside = Grid(3), Disc(1.0), Spring(1.0, 2.0)

    def f(x):
        assert all(map(isinstance, outside, (Grid, Shape, Spring)))
        assert isinstance(Ring(2), Grid) and issubclass(Ring, Grid) and not isinstance(outside[0], Ring)
        assert {Grid: 1}.get(kinds(outside[0])) == 1 and kinds(outside[0]) == Grid
        spring = Spring(1.0, 2.0)
        assert spring == outside[2] and outside[2] == spring and spring != Spring(1.0, 3.0)
        assert Grid.__name__ == "Grid" and Grid(1).__class__.__qualname__ == "Grid" and repr(spring) == repr(outside[2])
        assert {f.name for f in dataclasses.fields(Spring)} == {"stiffness", "rest", "memory"}
        assert not Disc.__doc__ and "of the module" in Grid.__doc__
        with pytest.raises(TypeError, match="abstract"):
            Shape()
        with pytest.raises(dataclasses.FrozenInstanceError):
            State(1.0, 2.0).q = 3.0
        return Disc(x[0]).area()

    kinds = type
    wg.grad(f)(X)


def test_an_abstract_class_may_be_asked_afterwards_of_what_it_knows_nothing():
    """Abstract classes ask their subclasses, and so those that stand for them, which ask back."""

    def f(x):
        assert isinstance(Disc(x[0]), Shape) and not isinstance(x[0], Shape)
        return Disc(x[0]).area()

    wg.grad(f)(X)
    for stranger in (type("Stranger", (), {}), type("Other", (), {})):
        assert not issubclass(stranger, Shape) and not isinstance(stranger(), Disc)


@pytest.mark.parametrize(
    "ask", [lambda a, b: type(a) is type(b), lambda a, b: a.__class__ is b.__class__, lambda a, b: type(b) is Disc]
)
def test_who_asks_for_classes_is_told_the_truth_or_stopped(ask):
    """Where classes are compared with `is`, all are the real ones: what needs more is loud."""
    outside = Disc(1.0)

    def f(x):
        return x if ask(outside, Disc(x)) else 100.0 * x

    assert wg.grad(f)(2.0) == 1.0

    def g(x):
        return Disc(x).area() * ask(outside, outside)

    with pytest.raises(wg.errors.ConversionError):
        wg.grad(g)(2.0)


@pytest.mark.parametrize(
    "look", [lambda: Grid.__dict__["names"], lambda: vars(Grid)["names"], lambda: Shape.__subclasses__(), lambda: Ring.__bases__]
)
def test_who_looks_inside_classes_sees_the_real_ones(look):
    before = look()
    assert wg.grad(lambda x: x * (look() == before))(1.0) == 1.0


def test_results_are_instances_of_the_real_classes():
    y, pull = wg.vjp(lambda x: {"s": State(x, 2.0 * x).stepped(0.1)}, 0.5)
    assert type(y["s"]) is State
    assert pull({"s": State(1.0, 0.0)})[0] == pytest.approx(1.2)
    y, t = wg.jvp(lambda x: State(x, 2.0 * x).stepped(0.1), (0.5,), (1.0,))
    assert type(y) is type(t) is State and t.q == pytest.approx(1.2)


def test_dataclasses_that_are_arguments_have_rebuilt_methods():
    def f(spring, state, u):
        return spring["one"].energy(u) * state.stepped(0.1).q + isinstance(state, State)

    given = {"one": Spring(2.0, 1.0)}, State(0.3, 0.4), 0.7
    gradient = wg.grad(f, argnums=(0, 1))(*given)
    assert gradient[0]["one"].stiffness == pytest.approx(0.045 * 0.34) and gradient[0]["one"].rest == pytest.approx(0.6 * 0.34)
    assert gradient[1] == State(pytest.approx(0.79), pytest.approx(0.079))
    assert wg.grad(Spring.energy)(Spring(2.0, 1.0), 0.7).stiffness == pytest.approx(0.045)
    second = wg.jvp(lambda spring: wg.grad(Spring.energy)(spring, 0.7), (Spring(2.0, 1.0),), (Spring(1.0, 0.0),))[1]
    assert second.rest == pytest.approx(0.3)
    assert type(gradient[0]["one"]) is type(given[0]["one"]) is Spring and type(gradient[1]) is State
    assert type(wg.jvp(lambda s: s, (State(0.3, 0.4),), (State(1.0, 0.0),))[0]) is State

    def compares(s, t):
        return s.q if type(s) is State and s.__class__ is State else 100.0 * s.q * t

    assert wg.grad(compares)(State(0.3, 0.4), 2.0).q == 1.0


def test_a_class_that_changes_is_seen(monkeypatch):
    def f(x):
        return Disc(x).doubled()

    assert wg.grad(f)(1.0) == pytest.approx(4.0 * math.pi)
    monkeypatch.setattr(Disc, "area", lambda self: math.pow(self.radius, 3))
    assert wg.grad(f)(1.0) == pytest.approx(6.0)
    monkeypatch.setattr(Shape, "doubled", lambda self: math.pow(self.area(), 2))
    assert wg.grad(f)(1.0) == pytest.approx(6.0)
    assert wg.grad(f)(2.0) == pytest.approx(6.0 * 2.0**5)


def test_explain_tells_of_classes():
    told = {(line.function, line.name): line.what for line in wg.explain(PROGRAMS["an abstract base"])}
    assert told["<lambda>", "Disc"] == "reached"
    assert told["Disc.area", "math.pow"] == "replaced"
    assert told["Shape.doubled", "np.array"] == "replaced"
