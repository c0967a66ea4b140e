"""What code does with names, read from its bytecode.

reading(f.__code__).names       the global names that f, and the functions inside it, read
refusal(f.__code__)             why f must stay as it is; '' if it need not
"""

import builtins
import dis
import functools
import itertools
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from wengert.trace.substitute.classes import compares_objects

REFUSED = frozenset(("globals", "eval", "exec"))  # code that calls these stays as it is


class Reading:
    """What a code object, with all code inside it, does with names."""

    def __init__(self, code: types.CodeType) -> None:
        self.names: frozenset[str] = frozenset()  # global names that are read
        self.attributes: frozenset[str] = frozenset().union(*(each.co_names for each in within(code)))
        self.compared: frozenset[str] = frozenset()  # names that are compared, or keys: `f == g`, `TABLE[f]`
        self.identified: frozenset[str] = frozenset()  # those that are compared by `is`; but for float of `type(x) is float`
        self.left: frozenset[str] = frozenset()  # names that stay what they are here: those, and A in super(A, self)
        self.rebound: frozenset[str] = frozenset()  # closed-over names that are set
        self.local = False  # whether it imports, or makes classes
        self.stored: frozenset[str] = frozenset()  # global names that are set
        self.writes = any([not named(each).isdisjoint(WRITERS.split()) for each in within(code)])  # into arrays, perhaps
        self.types = calls_types([list(dis.get_instructions(each)) for each in within(code)])
        self.seeds = any([not named(each).isdisjoint(SEEDERS) for each in within(code)])
        self.keeps = any([keeps(each) for each in within(code)])  # it may leave something behind, in what others hold
        self.keeps |= not HANDS_ON.isdisjoint(self.attributes)
        self.holders = frozenset().union(*(holders(each) for each in within(code)))  # names of what it may leave something in
        self.asks = compares_objects(code)  # whether two names are for one object
        self.asks_classes = False  # whether it compares the classes of two objects: `type(a) is type(b)`
        self.asks_kinds = False  # whether it compares the class of an object with what may be anything: `type(a) is self.kind`
        self.kinds: frozenset[str] = frozenset()  # names whose attributes it compares so: np of `type(a) is np.float64`
        self.apart: frozenset[str] = frozenset()  # names in modules that are compared: tanh of `f is np.tanh`
        names, compared, identified, rebound, stored, given, apart, kinds = set(), set(), set(), set(), set(), set(), set(), set()
        for each in within(code):
            instructions = list(dis.get_instructions(each))
            self.asks_classes |= asks_classes(each, instructions)
            bases = bases_of_classes(instructions)
            identified |= bases
            for before, i in itertools.pairwise(instructions):
                if i.opname in NAMING and loads(before, "super"):
                    given.add(i.argval)
                elif i.opname in NAMING and loads(before, "vars"):
                    compared.add(i.argval)
                elif before.opname in NAMING and i.argval in INSIDE_CLASSES:
                    compared.add(before.argval)
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
                kind = named_kind(instructions, k) if i.opname == "IS_OP" else None
                other = other_kind(instructions, k) if i.opname == "IS_OP" and kind is None else None
                if other is not None and of_global(instructions, other) and type_called(instructions, other - 2) is not None:
                    kinds.add(instructions[other - 1].argval)
                else:
                    self.asks_kinds |= other is not None
                for j in range(max(k - COMPARING.get(i.opname, 0), 0), k):
                    if as_value(instructions, j) and instructions[j + 1].opname not in ("LOAD_ATTR", "LOAD_METHOD") and j != kind:
                        (identified if i.opname == "IS_OP" else compared).add(instructions[j].argval)
                    elif i.opname == "IS_OP" and j and of_module(instructions[j - 1], instructions[j]):
                        apart.add(instructions[j].argval)
        compared |= identified
        self.names, self.compared, self.left = (
            frozenset(names),
            frozenset(compared),
            frozenset((compared - EQUAL) | identified | given),
        )
        self.identified, self.kinds = frozenset(identified), frozenset(kinds)
        self.stored, self.apart = frozenset(stored), frozenset(apart)
        self.rebound = frozenset(rebound & set(code.co_freevars))
        self.keeps |= bool(self.stored or self.rebound)


NAMING = ("LOAD_GLOBAL", "LOAD_DEREF")
INSIDE_CLASSES = frozenset(("__dict__", "__bases__", "__mro__", "__subclasses__", "__annotations__"))
"""Attributes of a class that are others in one that stands for it."""
EQUAL = frozenset(("float", "complex", "type"))
"""Names of what has a stand-in that is equal to it, but not the same."""
COMPARING = {"IS_OP": 4, "COMPARE_OP": 4, "CONTAINS_OP": 4, "BINARY_SUBSCR": 1, "STORE_SUBSCR": 1, "DELETE_SUBSCR": 1}
"""How far before an instruction, which asks what an object is, that object may have been loaded."""


TYPES = frozenset(name for name, t in vars(np).items() if isinstance(t, type) and issubclass(t, np.inexact))


def calls_types(codes: list[list[dis.Instruction]]) -> bool:
    """Whether code calls types of NumPy, np.float64(x), and nowhere asks whether a type is one of them, or derives from it."""
    calls = False
    for instructions in codes:
        for k, i in enumerate(instructions):
            nearby = instructions[max(k - COMPARING["IS_OP"], 0) : k]
            if i.opname == "LOAD_BUILD_CLASS" or (i.opname == "IS_OP" and any([j.argval in TYPES for j in nearby])):
                return False
            calls |= i.opname in ("LOAD_ATTR", "LOAD_METHOD") and i.argval in TYPES and called(instructions, k)
    return calls


def called(instructions: list[dis.Instruction], k: int) -> bool:
    """Whether an attribute that is loaded will be called: each version of Python has its own way to say so."""
    i, before, after = instructions[k], instructions[k - 1], instructions[k + 1]
    as_method = i.opname == "LOAD_METHOD" or (sys.version_info >= (3, 12) and lowest_bit(i))
    return as_method or after.opname == "PUSH_NULL" or (before.opname == "LOAD_GLOBAL" and lowest_bit(before))


def lowest_bit(i: dis.Instruction) -> bool:
    return i.arg is not None and bool(i.arg & 1)


WRITERS = "__setitem__ setitem out copyto put place putmask put_along_axis fill_diagonal at fill sort partition shuffle"
"""Names by which code writes into arrays, besides items and operators: attributes, functions and keywords."""


MAKING = ("BUILD_LIST", "BUILD_MAP", "BUILD_SET", "LIST_EXTEND", "BUILD_CONST_KEY_MAP", "SET_UPDATE")
NAMED = ("LOAD_GLOBAL", "LOAD_DEREF", "LOAD_NAME")


def holders(code: types.CodeType) -> set[str]:
    """Names of whose methods some may put something in: a list, and not np in np.append."""
    pairs = itertools.pairwise(dis.get_instructions(code))
    return {a.argval for a, b in pairs if a.opname in NAMED and b.opname in ("LOAD_ATTR", "LOAD_METHOD") and b.argval in KEEPERS}


HANDS_ON = frozenset(("setattr", "__setattr__", "heappush", "heappushpop", "insort", "insort_left", "insort_right"))
"""Functions that put something into what they are given."""
KEEPERS = frozenset(
    ["append", "appendleft", "extend", "extendleft", "insert", "add", "update", "setdefault", "push", "put", "record", "log"]
)
"""Methods by which code puts something into what holds it."""


def keeps(code: types.CodeType) -> bool:
    """Whether code sets attributes, or puts something into what it did not make itself, as far as one instruction tells."""
    instructions = list(dis.get_instructions(code))
    pairs = [(a, b) for a, b in itertools.pairwise(instructions) if b.opname == "STORE_FAST"]
    made = [(b.argval, a.opname in MAKING) for a, b in pairs if not (a.opname == "BINARY_OP" and a.argrepr.endswith("="))]
    own = {name for name, new in made if new} - {name for name, new in made if not new}
    for k, i in enumerate(instructions):
        if i.opname == "STORE_ATTR":
            return True
        before = instructions[k - 1]
        if (
            i.opname in ("LOAD_ATTR", "LOAD_METHOD")
            and i.argval in KEEPERS
            and before.opname not in NAMED
            and before.argval not in own
        ):
            return True
        if i.opname == "STORE_SUBSCR" and k > 1:
            holder, key = instructions[k - 2], instructions[k - 1]
            if isinstance(key.argval, str) and key.opname == "LOAD_CONST":
                return True
            if holder.opname in (*NAMING, "LOAD_ATTR"):
                return True
    return False


SEEDERS = ("default_rng", "Generator", "RandomState", "spawn")
"""Names by which code makes generators."""


def named(code: types.CodeType) -> set[str]:
    """The names that code uses, those of keywords included."""
    return {*code.co_names, *(k for c in code.co_consts if isinstance(c, tuple) for k in c if isinstance(k, str))}


def asks_classes(code: types.CodeType, instructions: list[dis.Instruction]) -> bool:
    """Whether code may ask if two objects are of one class, other than by a name of it."""
    if {"type", "__class__"}.isdisjoint(code.co_names):
        return False
    named = (*NAMING, "LOAD_CONST")
    return any([i.opname == "IS_OP" and before.opname not in named for before, i in itertools.pairwise(instructions)])


def named_kind(instructions: list[dis.Instruction], k: int) -> int | None:
    """Where float or complex is loaded, if the comparison at k is of it and the class of an object: `type(x) is float`."""
    for of, at in ((k - 2, k - 1), (k - 1, (type_called(instructions, k - 1) or 0) - 1)):
        if type_called(instructions, of) is not None and at >= 0 and loads(instructions[at], "float", "complex"):
            return at
    return None


def other_kind(instructions: list[dis.Instruction], k: int) -> int | None:
    """Where that is loaded with which the comparison at k is of the class of an object, if it is neither a name nor such a class."""
    right = type_called(instructions, k - 1)
    if right is not None:
        at = right - 1
        return at if type_called(instructions, at) is None and instructions[at].opname not in NAMING else None
    left = [j for j in range(k) if type_called(instructions, j) is not None and start(instructions[j]) == start(instructions[k])]
    return k - 1 if left and instructions[k - 1].opname not in NAMING else None


def type_called(instructions: list[dis.Instruction], k: int) -> int | None:
    """Where `type` is loaded that is called at k: their places in the source begin together."""
    if k < 0 or instructions[k].opname != "CALL" or start(instructions[k]) is None:
        return None
    return next((j for j in range(k) if loads(instructions[j], "type") and start(instructions[j]) == start(instructions[k])), None)


def start(i: dis.Instruction) -> tuple[int, int] | None:
    """Where in the source the expression begins that an instruction ends; None where Python was told not to say."""
    place = i.positions
    return None if place is None or place.lineno is None or place.col_offset is None else (place.lineno, place.col_offset)


def bases_of_classes(instructions: list[dis.Instruction]) -> set[str]:
    """What has a stand-in and is a base of a class here, which must be the real one."""
    found: set[str] = set()
    for k, i in enumerate(instructions):
        if i.opname == "LOAD_BUILD_CLASS":
            header = itertools.takewhile(lambda j: not j.opname.startswith("STORE"), instructions[k:])
            found.update(j.argval for j in header if j.opname in NAMING and j.argval in EQUAL)
    return found


def loads(i: dis.Instruction, *names: str) -> bool:
    return i.opname == "LOAD_GLOBAL" and i.argval in names


def of_global(instructions: list[dis.Instruction], k: int) -> bool:
    """Whether an instruction loads an attribute of a global name."""
    return instructions[k].opname == "LOAD_ATTR" and instructions[k - 1].opname == "LOAD_GLOBAL"


def of_module(before: dis.Instruction, i: dis.Instruction) -> bool:
    """Whether an instruction may load a name of a module."""
    return i.opname == "LOAD_ATTR" and before.opname in (*NAMING, "LOAD_ATTR")


def as_value(instructions: list[dis.Instruction], k: int) -> bool:
    """Whether an instruction loads a global or closed-over name, and not to call it."""
    i = instructions[k]
    if i.opname == "LOAD_GLOBAL":
        return not lowest_bit(i)  # which says that a call follows
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


MISSING = object()


def meaning(names: dict[str, Any], name: str) -> Any:
    """What a global name means: MISSING if it is not even a builtin."""
    value = names.get(name, MISSING)
    return getattr(builtins, name, MISSING) if value is MISSING else value


def content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING
