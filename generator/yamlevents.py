"""The parsers of YAML, and the classes of the events that each makes.

In: nothing. Out: PyYAML's parser over libyaml, else its parser in Python, which reads the same files some
forty times slower. The one over libyaml makes an event by calling the class of that name in its own module,
and the `__init__` of PyYAML's classes is Python: for 10,000 facts 400,000 calls, two fifths of all parsing.
So classes stand there whose values are set without running Python. Where a PyYAML does not look there, its
own stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml
from msgspec import Struct
from yaml import events


class Parser(NamedTuple):
    """A parser of YAML 1.1, and what it makes."""

    #: Makes one for a text; `get_event` then gives event after event.
    of: Any
    scalar: Any
    mapping: Any
    sequence: Any
    mapping_end: Any
    sequence_end: Any
    alias: Any = events.AliasEvent
    document: Any = events.DocumentStartEvent
    stream_end: Any = events.StreamEndEvent

    def events(self, text: str) -> Iterator[Any]:
        """The events of a text. Raises what PyYAML raises over one that is no YAML."""
        return yaml.parse(text, Loader=self.of)


class ScalarEvent(Struct, gc=False):
    """As PyYAML's, made by libyaml's parser."""

    anchor: str | None
    tag: str | None
    implicit: tuple[bool, bool]
    value: str
    start_mark: Any = None
    end_mark: Any = None
    style: str | None = None


class MappingStartEvent(Struct, gc=False):
    """As PyYAML's, made by libyaml's parser."""

    anchor: str | None
    tag: str | None
    implicit: bool
    start_mark: Any = None
    end_mark: Any = None
    flow_style: bool | None = None


class SequenceStartEvent(MappingStartEvent, gc=False):
    """As PyYAML's, made by libyaml's parser."""


class MappingEndEvent(Struct, gc=False):
    """As PyYAML's, made by libyaml's parser."""

    start_mark: Any = None
    end_mark: Any = None


class SequenceEndEvent(MappingEndEvent, gc=False):
    """As PyYAML's, made by libyaml's parser."""


_OWN: tuple[type, ...] = (
    ScalarEvent,
    MappingStartEvent,
    SequenceStartEvent,
    MappingEndEvent,
    SequenceEndEvent,
)
IN_PYTHON = Parser(yaml.SafeLoader, *(getattr(events, own.__name__) for own in _OWN))


def _over_libyaml() -> Parser | None:
    """PyYAML's parser over libyaml; None where it was built without."""
    try:
        from yaml import _yaml as module
    except ImportError:
        return None
    its = [getattr(module, own.__name__, None) for own in _OWN]
    for own in _OWN:
        setattr(module, own.__name__, own)
    try:
        parser = module.CParser("[{a: b}]")
        made = {type(parser.get_event()) for _ in range(8)}
    except TypeError:  # called with other values than today
        made = set()
    if made.issuperset(_OWN):
        return Parser(module.CParser, *_OWN)
    for own, before in zip(_OWN, its, strict=True):
        setattr(module, own.__name__, before)
    return Parser(module.CParser, *IN_PYTHON[1:6])


OVER_LIBYAML = _over_libyaml()
