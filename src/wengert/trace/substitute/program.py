"""Functions that are rebuilt together: the same code, in another space of names.

The new functions' globals hold the substituted names and the builtins alone; what is looked up beyond these is found in their own
module, live, by way of what stands as their builtins: nothing goes stale. (Measured: 0.25 us for a name of the module that nothing
stands for; nothing for others.) Functions of the user that they call by global or closed-over names are rebuilt with them, and so on.
The originals are never touched, and no module is patched: other threads and later calls see what they always saw.
"""

import builtins
import functools
import types
from typing import Any

import numpy as np

from wengert.rules.declare import load_late
from wengert.trace.substitute.applied import Vectorized
from wengert.trace.substitute.classes import covering, shadow, shadow_class
from wengert.trace.substitute.generators import GENERATORS, drawing, real_of
from wengert.trace.substitute.keeping import BEGINNING, holds_keeper
from wengert.trace.substitute.made import fill, made_class
from wengert.trace.substitute.names import TYPED, module, stand_in, with_types
from wengert.trace.substitute.numbers import PlainType
from wengert.trace.substitute.reading import MISSING, Reading, content, meaning, reading, refusal
from wengert.trace.substitute.users import functions_of, has_shadows, is_file_of_users, is_function, is_made, is_users
from wengert.trace.tensor import Outside

MARK = "__wengert_names__"  # in the globals of rebuilt functions: the module's own
WRITES = "__wengert_writes__"  # likewise, of those that write into arrays, or call what does
KEEPS = "__wengert_keeps__"  # likewise, of those that may leave something behind, in what others hold
MODULE_NAMES = ("__name__", "__file__", "__package__", "__spec__", "__loader__", "__doc__", "__path__")
COMPOUND = (functools.partial, types.MethodType, np.vectorize)


class Program:
    """The functions that are rebuilt together, their spaces of names, and what these were made from."""

    def __init__(self) -> None:
        self.spaces: dict[tuple[int, bool, frozenset[str]], dict[str, Any]] = {}
        self.functions: dict[int, Any] = {}  # by id: functions, and objects
        self.classes: dict[type, type] = {}  # those of shadows
        self.made: dict[type, type] = {}  # those of objects that are made in the run
        self.originals: list[Any] = []  # kept alive, since ids are keys
        self.globals: list[tuple[dict[str, Any], str, Any]] = []  # (names, name, what it meant)
        self.cells: list[tuple[Any, Any]] = []  # (cell, what it held)
        self.replaced: list[tuple[dict[str, Any], str, Any]] = []  # those of the globals that are substituted
        self.outsides: list[Outside] = []  # arrays that the code knows by name, and may write into
        self.insides: list[tuple[Any, Any]] = []  # (function or partial, what it was made of)
        self.kept: set[int] = set()  # ids of functions and classes that are compared somewhere
        self.classes_asked = False  # whether code compares the class of an object with one that may come from anywhere
        self.classes_compared = False  # whether code compares the classes of objects, which must be the real ones then
        self.apart: set[str] = set()  # names in modules whose objects are compared: `f is np.tanh`
        self.moving: set[str] = set()  # names that code within reach binds anew
        self.seeds = False  # whether some of it may make generators
        self.keeps = False  # whether some of it may leave something behind, in what others hold
        self.unwraps = False  # whether some of it asks decorated functions for what is under the decorator
        self.writes = False  # whether some of it may write into arrays, and none asks which array is which

    def survey(self, *functions: Any) -> None:
        """Find out about all code within reach: whether it writes, and the functions and classes that it compares, or that are keys or
        members: these stay what they are.
        """
        seen, pending, asks = set(), list(functions), False
        while pending:
            g = pending.pop()
            if type(g) in COMPOUND or isinstance(g, type):
                pending += functions_of(g)
            if type(g) is not types.FunctionType or id(g) in seen or not is_users(g.__code__):
                continue
            seen.add(id(g))
            shown = reading(g.__code__)
            self.moving |= shown.stored | shown.rebound
            if not rebuilds(g):
                continue
            self.writes |= shown.writes
            self.seeds |= shown.seeds
            self.unwraps |= "__wrapped__" in shown.attributes
            asks |= shown.asks
            self.classes_compared |= shown.asks_classes
            self.apart |= shown.apart
            named = {name: meaning(g.__globals__, name) for name in shown.names}
            named |= dict(zip(g.__code__.co_freevars, map(content, g.__closure__ or ()), strict=True))
            held = any([type(named.get(name)) is not types.ModuleType for name in shown.holders])
            self.keeps |= (shown.keeps or held) and g.__name__ not in BEGINNING
            for name, value in named.items():
                if name in shown.identified or (name in shown.compared and (not has_equal(value) or type(value) in (list, tuple))):
                    self.keep(value)
            self.classes_asked |= shown.asks_kinds or any([meaning(g.__globals__, name) is not np for name in shown.kinds])
            self.keeps |= any([holds_keeper(v, shown.attributes) for v in named.values()])
            searched = not SEARCHING.isdisjoint(shown.attributes)
            for value in (*named.values(), *(g.__defaults__ or ()), *(g.__kwdefaults__ or {}).values()):
                if isinstance(value, dict | set | frozenset | list | tuple):
                    asked = searched or isinstance(value, dict | set | frozenset) or id(value) in self.kept
                    for v in value:
                        if type(v) is types.FunctionType or (asked and callable(v) and not has_equal(v)):
                            self.keep(v)
                elif reaching(value):
                    pending += [vars(value)[name] for name in shown.attributes if name in vars(value)]
                else:
                    pending.append(value)
                    if "__wrapped__" in shown.attributes and hasattr(value, "__wrapped__"):
                        pending.append(value.__wrapped__)
        self.writes &= not asks
        if self.classes_asked or not self.kept.isdisjoint((id(float), id(complex))):
            self.kept.update((id(float), id(complex)))  # all three are real, or none

    def keep(self, value: Any) -> None:
        """Let an object be itself in all code, since some of it asks which it is."""
        self.kept.add(id(value))
        if stand_in(value) is not None:
            self.apart.add(value.__name__.rpartition(".")[2])

    def start(self, f: types.FunctionType) -> None:
        load_late()  # twins of the libraries that f may call
        self.survey(f)
        self.f, self.code, self.names = f, f.__code__, f.__globals__
        self.rebuilt = self.function(f)

    def serves(self, f: types.FunctionType) -> bool:
        """Whether it may stand for f: the same code and names, and each name that was looked at means what it meant."""
        if self.code is not f.__code__ or self.names is not f.__globals__:
            return False
        for names, name, value in self.globals:
            if names.get(name, MISSING) is not value:
                return False
        for cell, value in self.cells:
            if content(cell) is not value:
                return False
        return not any([inside(a) != b for a, b in self.insides])

    def held(self, f: types.FunctionType, g: types.FunctionType) -> bool:
        """Whether what is substituted still means what it meant, after a run of g, which is f rebuilt."""
        for names, name, value in self.replaced:
            if names.get(name, MISSING) is not value:
                return False
        if f is self.f:
            return not self.cells or all([content(cell) is value for cell, value in self.cells])
        pairs = zip(f.__closure__ or (), g.__closure__ or (), strict=True)
        return all([content(mine).primal is content(real) for real, mine in pairs if type(content(mine)) is Outside])

    def again(self, f: types.FunctionType) -> types.FunctionType:
        """f rebuilt; a sister of the f it was made for, with other cells or defaults, shares its names."""
        if f is self.f:
            return self.rebuilt
        if f.__kwdefaults__ or not all(map(self.knows, (*map(content, f.__closure__ or ()), *(f.__defaults__ or ())))):
            program = Program()
            program.start(f)
            return program.rebuilt
        shown = reading(f.__code__)
        cells = f.__closure__ and tuple(
            [self.cell(n, c, shown) for n, c in zip(f.__code__.co_freevars, f.__closure__, strict=True)]
        )
        defaults = f.__defaults__ and tuple(map(self.either, f.__defaults__))
        return types.FunctionType(f.__code__, self.rebuilt.__globals__, f.__name__, defaults, cells)

    def knows(self, value: Any) -> bool:
        """Whether it needs to rebuild nothing for a value."""
        if not worth(value) or stand_in(value) is not None:
            return True
        if is_made(value):
            return self.classes_compared or id(value) in self.kept or value in self.made
        return id(value) in self.functions or id(value) in self.kept

    def covers(self, value: Any) -> bool:
        """Whether a value is an array that the code may copy, and write tensors into the copy."""
        return self.writes and type(value) is np.ndarray and value.dtype.kind in "fc"

    def caches(self, value: Any) -> bool:
        """Whether a value is a cache before a function that the code asks it for."""
        return self.unwraps and isinstance(value, functools._lru_cache_wrapper)

    def show(self, value: Any) -> Any:
        """An attribute of a shadow, as the code is to see it."""
        return Outside(value) if self.covers(value) else drawing(value)

    # --- one function ---

    def function(self, f: types.FunctionType) -> types.FunctionType:
        """f rebuilt; itself where it is not the user's, or is refused."""
        known = self.functions.get(id(f))
        if known is not None:
            return known
        if not rebuilds(f) or id(f) in self.kept:
            return f
        self.insides.append((f, inside(f)))
        shown = reading(f.__code__)
        closure = f.__closure__ and tuple(
            [self.cell(n, c, shown) for n, c in zip(f.__code__.co_freevars, f.__closure__, strict=True)]
        )
        space = self.space(f, shown)
        new = types.FunctionType(f.__code__, space, f.__name__, None, closure)
        self.functions[id(f)] = new  # before what it refers to, which may refer to it
        self.originals.append(f)
        for mine, real in zip(closure or (), f.__closure__ or (), strict=True):
            if mine is not real:
                self.cells.append((real, content(real)))
                mine.cell_contents = self.named(content(real))
        new.__defaults__ = f.__defaults__ and tuple(map(self.either, f.__defaults__))
        new.__kwdefaults__ = f.__kwdefaults__ and {k: self.either(v) for k, v in f.__kwdefaults__.items()}
        wrapped = vars(f).get("__wrapped__") if self.unwraps and len(vars(f)) == 1 else None
        new.__dict__ = f.__dict__ if wrapped is None else {"__wrapped__": self.either(wrapped)}
        new.__qualname__, new.__module__, new.__doc__ = f.__qualname__, f.__module__, f.__doc__
        new.__annotations__ = f.__annotations__
        self.fill(f, shown, space)
        return new

    def cell(self, name: str, cell: Any, shown: "Reading") -> Any:
        """A cell that f closes over: its own, or a new one for what will be substituted."""
        value = content(cell)
        if name in shown.rebound or name in shown.left or name == "__class__":
            return cell  # of super(), it must be the real class
        if not (worth(value) or self.covers(value) or self.caches(value)) or (name in self.moving and is_data(value)):
            return cell
        return types.CellType(self.either(value)) if self.knows(value) else types.CellType()

    def space(self, f: types.FunctionType, shown: "Reading") -> dict[str, Any]:
        """The globals of rebuilt functions of f's module: one dictionary for all that read it in the same way."""
        key = id(f.__globals__), shown.types, shown.left
        space = self.spaces.get(key)
        if space is None:
            own = f.__globals__
            space = {k: own[k] for k in MODULE_NAMES if k in own}
            space[MARK] = own
            if self.writes:
                space[WRITES] = True
            if self.keeps:
                space[KEEPS] = True
            space.update((k, v) for k, v in vars(builtins).items() if k not in own)
            space["__builtins__"] = Behind(own, self)
            self.spaces[key] = space
        return space

    def fill(self, f: types.FunctionType, shown: "Reading", space: dict[str, Any]) -> None:
        """Substitute the global names that f reads."""
        own = f.__globals__
        for name in shown.names:
            self.globals.append((own, name, own.get(name, MISSING)))
            value = meaning(own, name)
            if value is MISSING or name in shown.left or (name in self.moving and is_data(value)):
                continue
            typed = value is np and shown.types and id(np) not in self.kept
            new = (with_types(self.apart) if self.apart else TYPED) if typed else self.named(value)
            if new is not value:
                space[name] = new
                self.replaced.append((own, name, own.get(name, MISSING)))

    # --- one value ---

    def named(self, value: Any) -> Any:
        """The same, of what a name means."""
        new = self.either(value)
        if type(new) is Outside:
            self.outsides.append(new)
        return new

    def either(self, value: Any) -> Any:
        """What stands for a value; often the value itself."""
        new = stand_in(value)
        if new is not None:
            return self.stand_in(value, new) if self.kept or self.apart else new
        kind: Any = type(value)
        if kind is types.FunctionType:
            return self.function(value)
        if kind is functools.partial:
            return self.partial(value)
        if kind is types.MethodType:
            return self.method(value)
        if kind is np.vectorize:
            return self.vectorized(value)
        if self.covers(value):
            return Outside(value)
        if is_made(value):
            return self.cls(value)
        if self.caches(value):
            return Cached(value, self.either(value.__wrapped__))
        return Reaching(value, self) if reaching(value) else value

    def stand_in(self, value: Any, new: Any) -> Any:
        """What stands for a value, but for what is compared by a name in its module."""
        if id(value) in self.kept:
            return value
        if type(value) is types.ModuleType:
            return module(value, self.apart)
        if value is type and id(float) in self.kept:
            return PlainType
        return value if getattr(value, "__name__", "") in self.apart else new

    def vectorized(self, value: Any) -> Any:
        again = np.vectorize(self.either(value.pyfunc), value.otypes, value.__doc__, value.excluded, value.cache, value.signature)
        return Vectorized(again)

    def partial(self, value: Any) -> Any:
        parts = [value.func, *value.args, *value.keywords.values()]
        new = [self.either(p) for p in parts]
        if all(a is b for a, b in zip(parts, new, strict=True)):
            return value
        self.insides.append((value, inside(value)))
        n = 1 + len(value.args)
        return functools.partial(new[0], *new[1:n], **dict(zip(value.keywords, new[n:], strict=True)))

    def method(self, value: Any) -> Any:
        """A bound method rebuilt, and bound to the shadow of its object, so that methods called on it are rebuilt, too."""
        f = value.__func__
        new = self.function(f) if type(f) is types.FunctionType else f
        return value if new is f else types.MethodType(new, self.shadow(value.__self__))

    def cls(self, value: Any) -> Any:
        """The class that stands for one of the user's; itself where it is compared."""
        if self.classes_compared or id(value) in self.kept or not is_made(value):
            return value
        if value not in self.made:
            self.insides.append((value, inside(value)))
            bases = [new for base in value.__bases__ if (new := self.cls(base)) is not base]
            self.made[value] = made_class(value, bases)
            fill(self.made[value], value, self.function)
        return self.made[value]

    def adopted(self, value: Any) -> Any:
        """The class that stands for the class of an argument; itself where its methods compare what is substituted already."""
        if value not in self.made and is_made(value):
            before, substituted = set(self.kept), {*self.functions, *map(id, self.made)}
            self.survey(value)
            if substituted & (self.kept - before) or (self.classes_compared and self.made):
                self.kept.add(id(value))
        return self.cls(value)

    def shadow(self, value: Any) -> Any:
        """The shadow of the object whose method is differentiated; the object itself where it can have none."""
        kind: Any = type(value)
        if not has_shadows(kind):
            return value
        known = self.functions.get(id(value))
        if known is None:
            cls = shadow_class(type(value), self.function, self.classes)
            shows = self.writes or self.seeds or any([type(v) in GENERATORS for v in vars(value).values()])
            known = self.functions[id(value)] = shadow(value, covering(cls, self.show) if shows else cls)
            self.originals.append(value)
        return known


SEARCHING = frozenset(("index", "count", "remove"))
"""Methods of lists that compare what is in them."""


def has_equal(value: Any) -> bool:
    """Whether what stands for a value is equal to it, though not the same; so is what nothing stands for."""
    new: Any = stand_in(value)
    if new is None:
        return type(value) is not types.FunctionType and not isinstance(value, type)
    equal: Any = type(new).__eq__
    return equal is not object.__eq__


def is_data(value: Any) -> bool:
    """Whether a value is what code may well bind anew, and then stays as it is."""
    return type(value) is np.ndarray or type(value) in GENERATORS


def reaching(value: Any) -> bool:
    """Whether functions are reached through a value: a module of the user's, or one of SciPy, which has twins."""
    if type(value) is not types.ModuleType:
        return False
    return value.__name__.partition(".")[0] == "scipy" or is_file_of_users(getattr(value, "__file__", None) or "")


class Cached:
    """A function with its cache, as it is, but for the function under it."""

    def __init__(self, real: Any, wrapped: Any) -> None:
        self.real, self.__wrapped__ = real, wrapped

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.real(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


class Reaching(types.ModuleType):
    """A module through which functions are reached: live, and written through."""

    def __init__(self, real: types.ModuleType, program: Program) -> None:
        super().__init__(real.__name__, real.__doc__)
        vars(self).clear()
        vars(self).update(__wengert_module__=real, __wengert_program__=program)

    def __getattr__(self, name: str) -> Any:
        return vars(self)["__wengert_program__"].either(getattr(vars(self)["__wengert_module__"], name))

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(vars(self)["__wengert_module__"], name, real_of(value))


class Behind(dict):  # type: ignore[type-arg]
    """What stands as the builtins of rebuilt code: the module's names, then the builtins, with our import.

    Its `__import__` serves C code that is called from there, too: ndarray's methods and pickle import what they need on first use.
    """

    def __init__(self, own: dict[str, Any], program: Program) -> None:
        super().__init__(__import__=functools.partial(imported, program), __build_class__=builtins.__build_class__)
        self.own = own

    def __missing__(self, name: str) -> Any:
        try:
            return self.own[name]
        except KeyError:
            return getattr_builtin(name)


def getattr_builtin(name: str) -> Any:
    try:
        return vars(builtins)[name]
    except KeyError:
        raise KeyError(name) from None


def imported(program: Program, *args: Any, **kwargs: Any) -> Any:
    """import, inside a rebuilt function: stand-ins for modules that have one."""
    return program.either(builtins.__import__(*args, **kwargs))


# --- what is rebuilt --------------------------------------------------------------------------------------------------------


def rebuilds(f: types.FunctionType) -> bool:
    """Whether a function is the user's own code, not rebuilt yet, and can be."""
    return MARK not in f.__globals__ and is_users(f.__code__) and not refusal(f.__code__)


def worth(value: Any) -> bool:
    """Whether a value may have something in its place."""
    kind: Any = type(value)
    if kind is types.FunctionType:
        return rebuilds(value) or stand_in(value) is not None
    return kind in COMPOUND or reaching(value) or stand_in(value) is not None or is_made(value)


def inside(a: Any) -> Any:
    """What a function, a partial or a class is made of."""
    if type(a) is types.FunctionType:
        return a.__code__, a.__defaults__, a.__kwdefaults__ and dict(a.__kwdefaults__)
    if isinstance(a, type):
        return {name: member for name, member in vars(a).items() if is_function(member)}
    return a.func, a.args, dict(a.keywords)


def names_of(f: types.FunctionType) -> dict[str, Any]:
    """The globals of f's module, also where f is rebuilt."""
    own: dict[str, Any] = f.__globals__.get(MARK, f.__globals__)
    return own


def writing(f: Any) -> bool:
    """Whether f, rebuilt, may write into arrays: itself, or what it calls."""
    while type(f) is not types.FunctionType:
        f = getattr(f, "func", None) or getattr(f, "__func__", None) or getattr(type(f), "__call__", None)  # noqa: B004
        if not isinstance(f, types.FunctionType | types.MethodType | functools.partial):
            return False
    return WRITES in f.__globals__
