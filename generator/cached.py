"""What is worked out when it is first asked for, and kept.

`functools.cached_property` does the same; before Python 3.12 it takes a lock each time, which is half of what
a small value costs. Nothing here is asked for by two threads at once, and what is kept follows from values
that never change, so that it would be the same twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class cached_property(Generic[T]):  # named as in functools
    """A method whose value stands in the place of the attribute from the first time on."""

    def __init__(self, method: Callable[[Any], T]) -> None:
        """`method` takes the instance; the instance has a `__dict__`."""
        self._method = method
        self.__doc__ = method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> cached_property[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> cached_property[T] | T:
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._method(instance)
        return value
