"""What a user meets is listed, importable, explained and found where it says it lives."""

import importlib.util
import inspect
import pickle
import pkgutil

import pytest

import wengert
from wengert import errors, extend

VALUES = {name: getattr(wengert, name) for name in wengert.__all__ if not name.startswith("__")}
CALLABLES = {f"wengert.{name}": value for name, value in VALUES.items() if callable(value)}
VERBS = {f"wengert.extend.{name}": getattr(extend, name) for name in extend.__all__}
ERRORS = {f"wengert.errors.{name}": value for name, value in vars(errors).items() if inspect.isclass(value)}


def test_all_is_what_can_be_imported():
    bound = {name for name, value in vars(wengert).items() if not name.startswith("_") and not inspect.ismodule(value)}
    assert bound == {name for name, value in VALUES.items() if not inspect.ismodule(value)}
    assert len(set(wengert.__all__)) == len(wengert.__all__)


@pytest.mark.parametrize("thing", [*CALLABLES.values(), *VERBS.values()], ids=[*CALLABLES, *VERBS])
def test_everything_public_shows_an_example(thing):
    assert ">>>" in (inspect.getdoc(thing) or "")


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_every_error_shows_how_it_comes_about(error):
    assert issubclass(error, errors.WengertError)
    assert ">>>" in error.__doc__ or error is errors.WengertError
    assert error.__name__ in errors.__doc__


@pytest.mark.parametrize("thing", [*CALLABLES.values(), *VERBS.values()], ids=[*CALLABLES, *VERBS])
def test_everything_public_is_found_where_it_says_it_lives(thing):
    assert thing.__module__.split(".")[0] == "wengert"
    assert pickle.loads(pickle.dumps(thing)) is thing


def test_every_module_says_what_it_is_for():
    for module in pkgutil.walk_packages(wengert.__path__, "wengert."):
        spec = importlib.util.find_spec(module.name)
        source = spec.loader.get_source(module.name)
        assert not source.strip() or source.lstrip().startswith(('"""', 'r"""')), module.name
