"""Settings, for good or for a while.

wg.config.substitute = False            from here on
with wg.config(substitute=False): ...   here, in this thread or task
with wg.debug(): ...                    the same as wg.config(debug=True)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

DEFAULTS: dict[str, Any] = {"substitute": True, "full_tracebacks": False, "debug": False}


class Config:
    """What can be set.

    `substitute`: whether functions run with NumPy's creation functions, `math` and `float` replaced by ours (True).
    `full_tracebacks`: whether errors show Wengert's own frames, too (False).
    `debug`: whether the first operation that makes NaN or inf is an error (False); see `wg.debug`.

    >>> import wengert as wg
    >>> with wg.config(substitute=False):
    ...     wg.config.substitute
    False
    >>> wg.config.substitute
    True
    """

    lasting: dict[str, Any]
    passing: ContextVar[dict[str, Any]]

    def __init__(self) -> None:
        object.__setattr__(self, "lasting", dict(DEFAULTS))
        object.__setattr__(self, "passing", ContextVar("wengert settings", default={}))  # noqa: B039 (never changed)

    @property
    def substitute(self) -> bool:
        passing = self.passing.get()
        value: bool = passing["substitute"] if "substitute" in passing else self.lasting["substitute"]
        return value

    @property
    def full_tracebacks(self) -> bool:
        value: bool = {**self.lasting, **self.passing.get()}["full_tracebacks"]
        return value

    @property
    def debug(self) -> bool:
        passing = self.passing.get()
        value: bool = passing["debug"] if "debug" in passing else self.lasting["debug"]
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        self.checked({name: value})
        self.lasting[name] = value

    @contextmanager
    def __call__(self, **settings: Any) -> Iterator[None]:
        self.checked(settings)
        token = self.passing.set({**self.passing.get(), **settings})
        try:
            yield
        finally:
            self.passing.reset(token)

    def __reduce__(self) -> str:
        return "config"

    def checked(self, settings: dict[str, Any]) -> None:
        for name, value in settings.items():
            if name not in DEFAULTS:
                raise AttributeError(f"there is no setting {name!r}; there are {', '.join(DEFAULTS)}")
            if type(value) is not type(DEFAULTS[name]):
                raise TypeError(f"{name} is {type(DEFAULTS[name]).__name__}, not {value!r}")


config = Config()
