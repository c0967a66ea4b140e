"""A function with its globals substituted: the same code, in another space of names.

    g = substituted(f)      f as it is, but np.zeros, math.sin, float and their kin are ours, in f and in what it calls

The new function has f's code object. Its globals hold the substituted names and the builtins alone; what is looked up beyond these
is found in f's own module, live, by way of what stands as their builtins: nothing goes stale. (Measured: 0.25 us for a name of the
module that nothing stands for; nothing for others.)
Functions of the user that f calls by global or closed-over names are rebuilt with it, and so on. The originals are never touched,
and no module is patched: other threads and later calls see what they always saw.

A rebuilt function serves as long as the names that were looked at mean what they meant; that is checked at each call.
"""

import builtins
import dis
import functools
import itertools
import os
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from wengert import tree
from wengert.config import config
from wengert.errors import TraceError, function_name, is_library, user_line
from wengert.rules.declare import load_late
from wengert.rules.vocabulary import Traced
from wengert.trace.substitute.applied import Vectorized
from wengert.trace.substitute.classes import compares_objects, covering, shadow, shadow_class, shadowed
from wengert.trace.substitute.made import Made, can_stand, fill, made_class, methods
from wengert.trace.substitute.names import stand_in
from wengert.trace.tensor import Outside

MISSING = object()
MARK = "__wengert_names__"  # in the globals of rebuilt functions: the module's own
WRITES = "__wengert_writes__"  # likewise, of those that write into arrays, or call what does
MODULE_NAMES = ("__name__", "__file__", "__package__", "__spec__", "__loader__", "__doc__", "__path__")
REFUSED = frozenset(("globals", "eval", "exec"))  # code that calls these stays as it is


def substituted(f: Any) -> Any:
    """f with its globals substituted, as far as it is code of the user; else f."""
    if not config.substitute:
        return f
    if type(f) is not types.FunctionType:
        return of_object(f)
    program = KNOWN.get(id(f.__code__))
    if program is None or not program.serves(f):
        if not rebuilds(f):
            return f
        program = Program()
        program.start(f)
        remember(program)
    return program.again(f)


def of_object(f: Any) -> Any:
    """A bound method or callable object of the user's by its shadow; a partial, or what has a stand-in."""
    kind: Any = type(f)
    if not has_shadows(kind) and not worth(f):
        return f
    program = Program()
    program.survey(*functions_of(f))
    return program.shadow(f) if has_shadows(kind) else program.either(f)


def adopted(f: Any, argument: Any) -> Any:
    """An argument of f that was rebuilt for the run; the dataclasses in it get rebuilt methods, as if f had made them."""
    found = [] if type(argument) in tree.PLAIN or isinstance(argument, Traced) else tree.dataclasses_of(argument)
    if found and config.substitute:
        substituted(f)
        program = (KNOWN.get(id(f.__code__)) if type(f) is types.FunctionType else None) or Program()
        for x in found:
            object.__setattr__(x, "__class__", program.adopted(type(x)))
    return argument


def check_held(f: Any, g: Any) -> None:
    """Refuse a run of g, which is f rebuilt, in which a substituted name was bound anew: the rest went on with what it had meant."""
    program = KNOWN.get(id(f.__code__)) if type(f) is types.FunctionType else None
    if program is not None and g is not f and not program.held(f, g):
        raise TraceError(
            f"a function or array that {function_name(f)} knows by name was bound anew while it ran, and the derivative would be of the"
            " old one. Pass it as an argument, choose among functions by if, and write into arrays (a[:] = ...)." + user_line()
        )


def writing(f: Any) -> bool:
    """Whether f, rebuilt, may write into arrays: itself, or what it calls."""
    while type(f) is not types.FunctionType:
        f = getattr(f, "func", None) or getattr(f, "__func__", None) or getattr(type(f), "__call__", None)  # noqa: B004
        if not isinstance(f, types.FunctionType | types.MethodType | functools.partial):
            return False
    return WRITES in f.__globals__


LIMIT = 256
KNOWN: dict[int, "Program"] = {}
"""By the code object, which the program keeps alive: lambdas made anew at each call share one."""


def remember(program: "Program") -> None:
    if len(KNOWN) >= LIMIT:
        KNOWN.pop(next(iter(KNOWN)), None)
    KNOWN[id(program.code)] = program


def rebuilds(f: types.FunctionType) -> bool:
    """Whether a function is the user's own code, not rebuilt yet, and can be."""
    return MARK not in f.__globals__ and is_users(f.__code__) and not refusal(f.__code__)


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


def worth(value: Any) -> bool:
    """Whether a value may have something in its place."""
    kind: Any = type(value)
    if kind is types.FunctionType:
        return rebuilds(value) or stand_in(value) is not None
    return kind in COMPOUND or reaching(value) or stand_in(value) is not None or is_made(value)


def is_made(value: Any) -> bool:
    """Whether a value is a class of the user's whose objects can be made with rebuilt methods."""
    return isinstance(value, type) and type(value) is not Made and can_be_made(value)  # which a cache would not tell apart


@functools.lru_cache(maxsize=4096)
def can_be_made(cls: Any) -> bool:
    return can_stand(cls, is_users)


COMPOUND = (functools.partial, types.MethodType, np.vectorize)


class Program:
    """The functions that are rebuilt together, their spaces of names, and what these were made from."""

    def __init__(self) -> None:
        self.spaces: dict[tuple[int, frozenset[str]], dict[str, Any]] = {}
        self.functions: dict[int, Any] = {}  # by id: functions, and objects
        self.classes: dict[type, type] = {}  # those of shadows
        self.made: dict[type, type] = {}  # those of objects that are made in the run
        self.originals: list[Any] = []  # kept alive, since ids are keys
        self.globals: list[tuple[dict[str, Any], str, Any]] = []  # (names, name, what it meant)
        self.cells: list[tuple[Any, Any]] = []  # (cell, what it held)
        self.replaced: list[tuple[dict[str, Any], str, Any]] = []  # those of the globals that are substituted
        self.insides: list[tuple[Any, Any]] = []  # (function or partial, what it was made of)
        self.kept: set[int] = set()  # ids of functions and classes that are compared somewhere
        self.classes_compared = False  # whether code compares the classes of objects, which must be the real ones then
        self.moving: set[str] = set()  # names that code within reach binds anew
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
            asks |= shown.asks
            self.classes_compared |= shown.asks_classes
            named = {name: meaning(g.__globals__, name) for name in shown.names}
            named |= dict(zip(g.__code__.co_freevars, map(content, g.__closure__ or ()), strict=True))
            self.kept.update(id(value) for name, value in named.items() if name in shown.compared)
            for value in (*named.values(), *(g.__defaults__ or ()), *(g.__kwdefaults__ or {}).values()):
                if isinstance(value, dict | set | frozenset | list | tuple):
                    self.kept.update(id(v) for v in value if type(v) is types.FunctionType)
                elif reaching(value):
                    pending += [vars(value)[name] for name in shown.attributes if name in vars(value)]
                else:
                    pending.append(value)
        self.writes &= not asks

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
        return all([content(cell) is value for cell, value in self.cells]) and all([inside(a) == b for a, b in self.insides])

    def held(self, f: types.FunctionType, g: types.FunctionType) -> bool:
        """Whether what is substituted still means what it meant, after a run of g, which is f rebuilt."""
        if not all([names.get(name, MISSING) is value for names, name, value in self.replaced]):
            return False
        if f is self.f:
            return all([content(cell) is value for cell, value in self.cells])
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
                mine.cell_contents = self.either(content(real))
        new.__defaults__ = f.__defaults__ and tuple(map(self.either, f.__defaults__))
        new.__kwdefaults__ = f.__kwdefaults__ and {k: self.either(v) for k, v in f.__kwdefaults__.items()}
        new.__dict__ = f.__dict__
        new.__qualname__, new.__module__, new.__doc__ = f.__qualname__, f.__module__, f.__doc__
        new.__annotations__ = f.__annotations__
        self.fill(f, shown, space)
        return new

    def cell(self, name: str, cell: Any, shown: "Reading") -> Any:
        """A cell that f closes over: its own, or a new one for what will be substituted."""
        value = content(cell)
        if name in shown.rebound or name in shown.left or name == "__class__":
            return cell  # of super(), it must be the real class
        if not (worth(value) or (self.covers(value) and name not in self.moving)):
            return cell
        return types.CellType(self.either(value)) if self.knows(value) else types.CellType()

    def space(self, f: types.FunctionType, shown: "Reading") -> dict[str, Any]:
        """The globals of rebuilt functions of f's module: one dictionary for all that read it in the same way."""
        key = id(f.__globals__), shown.left
        space = self.spaces.get(key)
        if space is None:
            own = f.__globals__
            space = {k: own[k] for k in MODULE_NAMES if k in own}
            space[MARK] = own
            if self.writes:
                space[WRITES] = True
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
            if value is MISSING or name in shown.left or (name in self.moving and type(value) is np.ndarray):
                continue
            new = self.either(value)
            if new is not value:
                space[name] = new
                self.replaced.append((own, name, own.get(name, MISSING)))

    # --- one value ---

    def either(self, value: Any) -> Any:
        """What stands for a value; often the value itself."""
        new = stand_in(value)
        if new is not None:
            return new
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
        return Reaching(value, self) if reaching(value) else value

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
            known = self.functions[id(value)] = shadow(value, covering(cls) if self.writes else cls)
            self.originals.append(value)
        return known


def reaching(value: Any) -> bool:
    """Whether functions are reached through a value: a module of the user's, or one of SciPy, which has twins."""
    if type(value) is not types.ModuleType:
        return False
    return value.__name__.partition(".")[0] == "scipy" or is_file_of_users(getattr(value, "__file__", None) or "")


class Reaching(types.ModuleType):
    """A module through which functions are reached: live, and written through."""

    def __init__(self, real: types.ModuleType, program: Program) -> None:
        super().__init__(real.__name__, real.__doc__)
        vars(self).clear()
        vars(self).update(__wengert_module__=real, __wengert_program__=program)

    def __getattr__(self, name: str) -> Any:
        return vars(self)["__wengert_program__"].either(getattr(vars(self)["__wengert_module__"], name))

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(vars(self)["__wengert_module__"], name, value)


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


# --- what code reads --------------------------------------------------------------------------------------------------------


class Reading:
    """What a code object, with all code inside it, does with names."""

    def __init__(self, code: types.CodeType) -> None:
        self.names: frozenset[str] = frozenset()  # global names that are read
        self.attributes: frozenset[str] = frozenset().union(*(each.co_names for each in within(code)))
        self.compared: frozenset[str] = frozenset()  # names that are compared, or keys: `type(x) is float`, `TABLE[f]`
        self.left: frozenset[str] = frozenset()  # names that stay what they are here: those, and A in super(A, self)
        self.rebound: frozenset[str] = frozenset()  # closed-over names that are set
        self.local = False  # whether it imports, or makes classes
        self.stored: frozenset[str] = frozenset()  # global names that are set
        self.writes = any([not named(each).isdisjoint(WRITERS.split()) for each in within(code)])  # into arrays, perhaps
        self.asks = compares_objects(code)  # whether two names are for one object
        self.asks_classes = False  # whether it compares the classes of two objects: `type(a) is type(b)`
        names, compared, rebound, stored, given = set(), set(), set(), set(), set()
        for each in within(code):
            instructions = list(dis.get_instructions(each))
            self.asks_classes |= asks_classes(each, instructions)
            for k, i in enumerate(instructions):
                if i.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                    names.add(i.argval)
                elif i.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                    stored.add(i.argval)
                elif i.opname in ("STORE_DEREF", "DELETE_DEREF"):
                    rebound.add(i.argval)
                elif i.opname in ("IMPORT_NAME", "LOAD_BUILD_CLASS"):
                    self.local = True
                elif i.opname == "STORE_SUBSCR" or (i.opname == "BINARY_OP" and i.argrepr.endswith("=")):
                    self.writes = True
                if k and loads_super(instructions[k - 1]) and i.opname in ("LOAD_GLOBAL", "LOAD_DEREF"):
                    given.add(i.argval)
                for j in range(max(k - COMPARING.get(i.opname, 0), 0), k):
                    if as_value(instructions, j) and instructions[j + 1].opname not in ("LOAD_ATTR", "LOAD_METHOD"):
                        compared.add(instructions[j].argval)
            if self.local:  # a base of a class, which must be the real one
                compared.update(i.argval for k, i in enumerate(instructions) if as_value(instructions, k) and i.argval in BASES)
        self.names, self.compared, self.left = frozenset(names), frozenset(compared), frozenset(compared | given)
        self.stored = frozenset(stored)
        self.rebound = frozenset(rebound & set(code.co_freevars))


BASES = frozenset(("float", "complex", "type"))
COMPARING = {"IS_OP": 4, "COMPARE_OP": 4, "CONTAINS_OP": 4, "BINARY_SUBSCR": 1, "STORE_SUBSCR": 1, "DELETE_SUBSCR": 1}
"""How far before an instruction, which asks what an object is, that object may have been loaded."""


WRITERS = "__setitem__ setitem out copyto put place putmask put_along_axis fill_diagonal at fill sort partition shuffle"
"""Names by which code writes into arrays, besides items and operators: attributes, functions and keywords."""


def named(code: types.CodeType) -> set[str]:
    """The names that code uses, those of keywords included."""
    return {*code.co_names, *(k for c in code.co_consts if isinstance(c, tuple) for k in c if isinstance(k, str))}


def asks_classes(code: types.CodeType, instructions: list[dis.Instruction]) -> bool:
    """Whether code may ask if two objects are of one class, other than by a name of it; or for all classes derived from one."""
    if {"type", "__class__"}.isdisjoint(code.co_names):
        return "__subclasses__" in code.co_names
    return any([i.opname == "IS_OP" and before.opname not in NAMED for before, i in itertools.pairwise(instructions)])


NAMED = ("LOAD_GLOBAL", "LOAD_DEREF", "LOAD_CONST")


def loads_super(i: dis.Instruction) -> bool:
    return i.opname == "LOAD_GLOBAL" and i.argval == "super"


def as_value(instructions: list[dis.Instruction], k: int) -> bool:
    """Whether an instruction loads a global or closed-over name, and not to call it."""
    i = instructions[k]
    if i.opname == "LOAD_GLOBAL":
        return not (i.arg is not None and i.arg & 1)  # its lowest bit says that a call follows
    return i.opname == "LOAD_DEREF" and (k == 0 or instructions[k - 1].opname != "PUSH_NULL")


def within(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code object and all that are inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from within(constant)


@functools.lru_cache(maxsize=4096)
def reading(code: types.CodeType) -> Reading:
    return Reading(code)


def refusal(code: types.CodeType) -> str:
    """Why code stays as it is: it sets global names, or reads names in ways that cannot be followed."""
    shown = reading(code)
    if shown.stored:
        return "it sets a global name"
    return f"it calls {', '.join(sorted(REFUSED & shown.names))}" if REFUSED & shown.names else ""


def meaning(names: dict[str, Any], name: str) -> Any:
    """What a global name means: MISSING if it is not even a builtin."""
    value = names.get(name, MISSING)
    return getattr(builtins, name, MISSING) if value is MISSING else value


def functions_of(f: Any) -> list[Any]:
    """The Python functions that a call of f may run first: of a method its object's others, too, of a class all of its own."""
    if isinstance(f, functools.partial):
        return [g for part in (f.func, *f.args, *f.keywords.values()) if callable(part) for g in functions_of(part)]
    if isinstance(f, np.vectorize):
        return functions_of(f.pyfunc)
    if isinstance(f, types.MethodType):
        return [f.__func__, *functions_of_class(type(f.__self__))]
    if isinstance(f, type):
        return functions_of_class(f)
    if has_shadows(type(f)):
        return functions_of_class(type(f))
    return functions_of(f.f) if hasattr(f, "f") else [f]  # one of ours, made from a function


INCLUDED: set[str] = set()
"""Files and folders of installed packages that are treated as the user's (diff/rewrite.py)."""


def include(filename: str) -> None:
    """Treat a file as the user's; of a package's `__init__.py`, the whole folder."""
    folder, name = os.path.split(filename)
    INCLUDED.add(folder + os.sep if name == "__init__.py" else filename)
    is_file_of_users.cache_clear()
    may_have_shadows.cache_clear()
    can_be_made.cache_clear()


@functools.lru_cache(maxsize=4096)
def is_file_of_users(filename: str) -> bool:
    if any([filename.startswith(place) for place in INCLUDED]):
        return True
    return bool(filename) and not (is_library(filename) or "site-packages" in filename or "dist-packages" in filename)


def is_users(code: types.CodeType) -> bool:
    return is_file_of_users(code.co_filename)


def has_shadows(cls: Any) -> bool:
    """Whether objects of a class can have shadows, and have methods besides those of all objects."""
    return type(cls) is not Made and may_have_shadows(cls)


@functools.lru_cache(maxsize=4096)
def may_have_shadows(cls: Any) -> bool:
    return has_methods(cls) and shadowed(cls, users_class)


def has_methods(cls: Any) -> bool:
    """Whether a class of the user's has methods besides those of all objects."""
    names = [name for c in cls.__mro__ for name, m in vars(c).items() if is_function(m)]
    return users_class(cls) and not EVERY_OBJECTS.issuperset(names)


EVERY_OBJECTS = frozenset((*vars(object), "__post_init__", "__replace__", "__match_args__"))


def is_function(member: Any) -> bool:
    return isinstance(member, types.FunctionType | staticmethod | classmethod | property | functools.cached_property)


def functions_of_class(cls: Any) -> list[types.FunctionType]:
    """The functions of a class of the user's, and of its bases."""
    members = [m for c in cls.__mro__ if is_made(c) or has_shadows(c) for m in methods(c).values()]
    inside = [getattr(m, "__func__", getattr(m, "func", m)) for m in members]
    inside += [f for m in members if isinstance(m, property) for f in (m.fget, m.fset, m.fdel)]
    return [f for f in inside if type(f) is types.FunctionType]


def users_class(cls: type) -> bool:
    functions = [getattr(m, "__func__", m) for m in vars(cls).values()]
    return any([type(f) is types.FunctionType and is_users(f.__code__) for f in functions])


def content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING
