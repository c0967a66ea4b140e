"""Objects: methods, inheritance, properties, operators of one's own."""

import abc
import functools
import math
from dataclasses import dataclass

import numpy as np

X = np.array([0.3, 0.7, 1.1])


class Oscillator:
    """A class with state, methods and a counter."""

    damping = 0.1

    def __init__(self, stiffness, mass=2.0):
        self.stiffness = stiffness
        self.mass = mass
        self.calls = 0

    def rate(self, u):
        du = np.zeros(2)
        du[0] = u[1]
        du[1] = -(self.stiffness * math.sin(u[0]) + self.damping * u[1]) / self.mass
        self.calls += 1
        return du

    def run(self, u, n=4):
        for _ in range(n):
            u = u + 0.1 * self.rate(u)
        return np.sum(u**2)

    def __call__(self, u):
        return self.run(u)


PENDULUM = Oscillator(1.5)


def instance_made_inside(x=X):
    """an object made inside, of what is differentiated by"""
    return Polynomial([x[0], x[1], x[2]])(1.5)


class Polynomial:
    __array_ufunc__ = None  # NumPy leaves `x[0] * p` to us

    def __init__(self, coefficients):
        self.coefficients = list(coefficients)

    def __call__(self, t):
        total = 0.0
        for c in reversed(self.coefficients):
            total = total * t + c
        return total

    def __add__(self, other):
        return Polynomial([a + b for a, b in zip(self.coefficients, other.coefficients, strict=True)])

    def __mul__(self, factor):
        return Polynomial([factor * c for c in self.coefficients])

    __rmul__ = __mul__

    def __getitem__(self, k):
        return self.coefficients[k]

    def __len__(self):
        return len(self.coefficients)

    def __iter__(self):
        return iter(self.coefficients)

    @property
    def derivative(self):
        return Polynomial([k * c for k, c in enumerate(self.coefficients)][1:])


def operators_of_ones_own(x=X):
    """`__add__`, `__rmul__`, `__getitem__`, `__len__`, `__iter__`"""
    p = Polynomial(x) + 2.0 * Polynomial(x**2)
    return p(0.5) + p[1] * len(p) + sum(p)


def scalar_times_an_object(x=X):
    """`x[0] * p`, of a number that is differentiated by and an object"""
    return (x[0] * Polynomial(x))(0.5)


def property_of_an_object(x=X):
    """a property"""
    return Polynomial(x).derivative(0.7) * x[0]


class Dual:
    """Numbers with a derivative of their own: forward mode by hand."""

    def __init__(self, value, slope=0.0):
        self.value, self.slope = value, slope

    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value * other.value, self.value * other.slope + self.slope * other.value)

    __rmul__ = __mul__

    def __pow__(self, n):
        return Dual(self.value**n, n * self.value ** (n - 1) * self.slope)


def dual_numbers(x=X):
    """dual numbers of one's own: a derivative inside"""
    return (Dual(x[0], 1.0) ** 3 * x[1]).slope


class Matrix:
    """An object that knows how to multiply arrays."""

    __array_ufunc__ = None

    def __init__(self, entries):
        self.entries = entries

    def __matmul__(self, u):
        return self.entries @ u

    def __rmul__(self, factor):
        return Matrix(factor * self.entries)


def linear_operator(x=X):
    """an operator of one's own: `A @ x`, `x[0] * A`"""
    a = Matrix(np.outer([1.0, 2.0, 3.0], [0.5, 0.1, 0.2]))
    return np.sum((x[0] * a) @ x) ** 2


class Body(abc.ABC):
    def __init__(self, size):
        self.size = size

    @abc.abstractmethod
    def area(self): ...

    def scaled(self, factor):
        return type(self)(self.size * factor)

    def cost(self):
        return self.area() ** 2 + self.size


class Square(Body):
    def area(self):
        return self.size**2


class Disc(Body):
    def area(self):
        return np.pi * self.size**2

    def cost(self):
        return super().cost() * 0.5


def inheritance(x=X):
    """abstract classes, `super()`, overridden methods"""
    return sum(body.cost() for body in (Square(x[0]), Disc(x[1]), Square(x[2]).scaled(2.0)))


class Temperature:
    def __init__(self, kelvin):
        self.kelvin = kelvin

    @classmethod
    def of_celsius(cls, celsius):
        return cls(celsius + 273.15)

    @staticmethod
    def ratio(a, b):
        return a.kelvin / b.kelvin

    @property
    def beta(self):
        return 1.0 / self.kelvin

    @beta.setter
    def beta(self, value):
        self.kelvin = 1.0 / value

    @functools.cached_property
    def entropy(self):
        return np.log(self.kelvin)


def class_and_static_methods(x=X):
    """`@classmethod`, `@staticmethod`"""
    a, b = Temperature.of_celsius(100.0 * x[0]), Temperature(300.0 * x[1])
    return Temperature.ratio(a, b) * x[2]


def properties_and_setters(x=X):
    """`@property`, its setter, `functools.cached_property`"""
    a = Temperature(x[0])
    a.beta = x[1] * a.beta
    return a.kelvin * a.entropy + a.entropy


def state_in_attributes(x=X):
    """an object that accumulates: `self.total += value`"""

    class Accumulator:
        def __init__(self):
            self.total, self.history = 0.0, []

        def add(self, value):
            self.total += value
            self.history.append(self.total)
            return self

    sums = Accumulator()
    for t in x:
        sums.add(t**2)
    return sums.total * sums.history[1] + sums.add(1.0).total


def attribute_arrays_written(x=X):
    """`self.u[i] = value` on an array made in `__init__` here"""

    class Grid:
        def __init__(self, n):
            self.u = np.zeros(n)

        def fill(self, values):
            for i, v in enumerate(values):
                self.u[i] = v
            return self

    return np.sum(Grid(3).fill(x**2).u * x)


class Lattice:
    def __init__(self, n):
        self.u = np.zeros(n)

    def filled(self, values):
        for i, v in enumerate(values):
            self.u[i] = v
        return np.sum(self.u**2)


def module_class_that_writes(x=X):
    """a class of the module that fills `self.u = np.zeros(n)`"""
    return Lattice(3).filled(x)


def method_of_another_object(x=X):
    """a method of an object of the module that needs `np.zeros`"""
    return PENDULUM.run(x[:2]) * x[2]


def method_of_another_object_instead(x=X):
    """a function of the module"""

    def rate(u):
        return np.array([u[1], -(1.5 * np.sin(u[0]) + 0.1 * u[1]) / 2.0])

    u = x[:2]
    for _ in range(4):
        u = u + 0.1 * rate(u)
    return np.sum(u**2) * x[2]


def method_of_plain_numpy(x=X):
    """a method of an object of the module, in plain NumPy"""
    return CONVEX.value(x) * CONVEX.scale


class Quadratic:
    def __init__(self, scale):
        self.scale = scale

    def value(self, u):
        return self.scale * np.sum(u**2) + np.mean(np.sin(u))


CONVEX = Quadratic(3.0)


class Layer:
    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias

    def __call__(self, h):
        return np.tanh(self.weights @ h + self.bias)


def layers_of_a_network(x=X):
    """objects that are called one after another: `for layer in layers`"""
    layers = [Layer(np.outer(x, x), x), Layer(np.eye(3) * x[0], 0.0)]
    h = np.ones(3)
    for layer in layers:
        h = layer(h)
    return np.sum(h)


def attributes_by_name(x=X):
    """`setattr`, `getattr`, `vars`, `hasattr`"""

    class Parameters:
        pass

    p = Parameters()
    for k, name in enumerate(("a", "b", "c")):
        setattr(p, name, x[k])
    p.__dict__["d"] = x[0] ** 2
    return p.a * getattr(p, "b") + sum(vars(p).values()) + (p.c if hasattr(p, "c") else 0.0)


def getattr_hook(x=X):
    """`__getattr__`: parameters by attribute"""

    class Namespace:
        def __init__(self, **values):
            self.values = values

        def __getattr__(self, name):
            return self.values[name]

    p = Namespace(a=x[0], b=x[1])
    return p.a * p.b**2


def comparison_of_ones_own(x=X):
    """`__lt__`, `functools.total_ordering`, `sorted` and `max` of objects"""

    @functools.total_ordering
    class Candidate:
        def __init__(self, cost):
            self.cost = cost

        def __eq__(self, other):
            return self.cost == other.cost

        def __lt__(self, other):
            return self.cost < other.cost

    ranked = sorted(Candidate(math.sin(3 * t)) for t in x)
    return ranked[0].cost + max(ranked).cost ** 2


def context_object(x=X):
    """`__enter__` and `__exit__`"""

    class Scaled:
        def __init__(self, factor):
            self.factor = factor

        def __enter__(self):
            return self.factor**2

        def __exit__(self, *error):
            return False

    with Scaled(x[0]) as factor:
        return factor * x[1]


def iterator_object(x=X):
    """`__iter__` and `__next__`: a time stepper"""

    class Decay:
        def __init__(self, u, n):
            self.u, self.n = u, n

        def __iter__(self):
            return self

        def __next__(self):
            if self.n == 0:
                raise StopIteration
            self.n -= 1
            self.u = self.u * np.exp(-0.1 * x[1])
            return self.u

    return sum(Decay(x[0], 5))


def slots(x=X):
    """`__slots__`"""

    class Particle:
        __slots__ = ("mass", "place")

        def __init__(self, place, mass):
            self.place, self.mass = place, mass

    particles = [Particle(t, 1.0 + t) for t in x]
    return sum(p.mass * p.place**2 for p in particles)


def particles_that_act_on_each_other(x=X):
    """bodies in a list: `for other in bodies if other is not self`"""

    class Charge:
        def __init__(self, place):
            self.place = place

        def energy(self, others):
            return sum(1.0 / abs(self.place - other.place) for other in others if other is not self)

    charges = [Charge(t) for t in x]
    return sum(charge.energy(charges) for charge in charges)


def array_subclass_of_ones_own(x=X):
    """a subclass of `np.ndarray`: `x.view(Labelled)`"""

    class Labelled(np.ndarray):
        pass

    return np.sum(x.view(Labelled) ** 2)


def array_subclass_of_ones_own_instead(x=X):
    """an object that holds the array"""

    class Labelled:
        def __init__(self, values):
            self.values = values

    return np.sum(Labelled(x).values ** 2)


def array_method_of_an_object(x=X):
    """an object with `__array__`"""

    class Sampled:
        def __init__(self, values):
            self.values = values

        def __array__(self, dtype=None, copy=None):
            return np.asarray(self.values, dtype)

    return np.sum(x * np.asarray(Sampled([1.0, 2.0, 3.0])))


def array_method_of_traced_values(x=X):
    """an object with `__array__` that holds traced values"""

    class Sampled:
        def __init__(self, values):
            self.values = values

        def __array__(self, dtype=None, copy=None):
            return self.values

    return np.sum(np.asarray(Sampled(x**2)))


@dataclass
class Simulation:
    dt: float
    steps: int

    def run(self, u):
        history = [u]
        for _ in range(self.steps):
            history.append(history[-1] + self.dt * np.cos(history[-1]))
        return history


def dataclass_with_methods(x=X):
    """a dataclass with methods, made inside"""
    return np.sum(Simulation(x[0], 4).run(x)[-1] ** 2)


def metaclass_and_registry(x=X):
    """`__init_subclass__`: a registry of subclasses"""

    class Term:
        kinds = {}

        def __init_subclass__(cls, **options):
            Term.kinds[cls.__name__] = cls

    class Kinetic(Term):
        def value(self, u):
            return np.sum(u**2)

    class Potential(Term):
        def value(self, u):
            return np.sum(np.cos(u))

    return sum(kind().value(x) for kind in Term.kinds.values())


def class_attribute_as_a_constant(x=X):
    """constants of a class: `Constants.g`"""

    class Constants:
        g = 9.81
        table = np.array([1.0, 2.0, 3.0])

    return Constants.g * np.sum(Constants.table * x**2)


def units_of_ones_own(x=X):
    """quantities with units"""

    class Quantity:
        def __init__(self, value, unit):
            self.value, self.unit = value, unit

        def __add__(self, other):
            assert self.unit == other.unit
            return Quantity(self.value + other.value, self.unit)

        def __mul__(self, other):
            return Quantity(self.value * other.value, f"{self.unit} {other.unit}")

        def __repr__(self):
            return f"{self.value:.3f} {self.unit}"

    area = Quantity(x[0], "m") * Quantity(x[1], "m") + Quantity(1.0, "m m")
    return area.value * len(repr(area).split())


class Series:
    """Numbers with names, as tables have them: an array to NumPy, with operators of its own."""

    __array_priority__ = 1000

    def __init__(self, values, names):
        self.values, self.names = values, names

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype)

    def __mul__(self, other):
        return Series(self.values * other, self.names)

    __rmul__ = __mul__

    def sum(self):
        return self.values.sum()


PRICES = Series(np.array([1.0, 2.0, 3.0]), ["a", "b", "c"])


def table_of_constants(x=X):
    """a column of a table of constants: `np.sum(x * np.asarray(column))`, `np.dot(x, column)`"""
    return np.sum(x * np.asarray(PRICES)) + np.dot(x**2, PRICES)


def table_times_traced_values(x=X):
    """`(column * x).sum()`, `(x * column).sum()`: operators of a table's own"""
    return (PRICES * x**2).sum() + (x * PRICES).sum()


class Grams:
    """A quantity with units that answers NumPy's protocol, as units libraries do."""

    def __init__(self, value):
        self.value = value

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return Grams(getattr(ufunc, method)(*(a.value if isinstance(a, Grams) else a for a in inputs), **kwargs))


def units_by_protocol(x=X):
    """an object with `__array_ufunc__`: `np.add(Grams(x), y)`"""
    return np.sum(np.multiply(Grams(x), 2.0).value) + np.sum(np.sin(Grams(x**2)).value)
