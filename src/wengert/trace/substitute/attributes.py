"""Attributes asked for by name while a function is traced: of a tensor, those of its plain value.

x = x.value if hasattr(x, "value") else x       an array has none, whatever a tensor has beside it (value, grad, name)
"""

from typing import Any

from wengert.rules.vocabulary import Traced, bottom

NO_DEFAULT = object()


def has(x: Any, name: str, /) -> bool:
    """hasattr."""
    return hasattr(bottom(x), name)


def get(x: Any, name: str, default: Any = NO_DEFAULT, /) -> Any:
    """getattr; what the plain value has and a tensor cannot have is refused, and no reason for the default."""
    if isinstance(x, Traced):
        if not hasattr(bottom(x), name):
            return getattr(bottom(x), name) if default is NO_DEFAULT else default
        return getattr(x, name)
    return getattr(x, name) if default is NO_DEFAULT else getattr(x, name, default)
