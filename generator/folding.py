"""What an expression of a template comes to on every page, as far as that is known.

In: an expression as Jinja2 parsed it, and the values known at its place. Out: its value, or the same
expression with everything that is known in it written as a constant. Jinja2's own rules decide what follows
from what; nothing is taken as known that Jinja2 would not say, and whatever fails here is left to fail, with
its line, when the page is rendered.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, Undefined, nodes
from markupsafe import Markup
from msgspec import Struct

#: Stands for a value that is not known.
UNKNOWN: Final = object()
#: Expressions whose value follows from those of their parts.
_FOLLOWS = (
    *(nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.Compare, nodes.Not, nodes.Neg, nodes.Pos),
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Concat),
    *(nodes.Tuple, nodes.List, nodes.Dict),
)
#: Names that Jinja2 gives a meaning of its own.
_SPECIAL = frozenset({"super", "self", "caller", "varargs", "kwargs"})


class Unfit(Exception):
    """A template that must be rendered as it is; says why."""


class Lost(Exception):
    """A value is known that has no name while rendering, and no form in a template."""


class Known(Struct, frozen=True):
    """A value that a name has on every page."""

    value: Any
    #: Whether the name has it while rendering too.
    is_there: bool = True


class Place:
    """What names mean at a place of a template."""

    def __init__(self, known: Mapping[str, Known], renamed: Mapping[str, str]) -> None:
        self.known = dict(known)
        #: What variables are called in the flat template, where that differs.
        self.renamed = dict(renamed)


class Folder:
    """Works out expressions."""

    def __init__(self, environment: Environment, functions: Collection[str]) -> None:
        """`functions`: names of those that give equal answers for equal arguments."""
        self._functions = functions
        self._rules = nodes.EvalContext(environment)

    def value(self, node: nodes.Node, place: Place) -> Any:
        """What an expression comes to on every page, or `UNKNOWN`."""
        if isinstance(node, nodes.Const):
            return node.value
        if isinstance(node, nodes.Name):
            known = place.known.get(node.name)
            return known.value if known is not None and node.ctx == "load" else UNKNOWN
        if isinstance(node, (nodes.And, nodes.Or)):
            left = self.value(node.left, place)
            if left is UNKNOWN:
                return UNKNOWN
            return self.value(_chosen(node, left), place)
        if isinstance(node, nodes.CondExpr):
            test = self.value(node.test, place)
            branch = UNKNOWN if test is UNKNOWN else node.expr1 if test else node.expr2
            return self.value(branch, place) if isinstance(branch, nodes.Node) else UNKNOWN
        if isinstance(node, nodes.Call):
            return self._answer(node, place)
        return self._following(node, place) if isinstance(node, _FOLLOWS) else UNKNOWN

    def fold(self, node: nodes.Node, place: Place) -> nodes.Expr:
        """An expression with all that is known in it written as constants. Raises `Unfit` and `Lost`."""
        value = self.value(node, place)
        if value is not UNKNOWN and (constant := literal(value, node.lineno)) is not None:
            return constant
        if isinstance(node, nodes.Name):
            return _name(node, place)
        if isinstance(node, (nodes.And, nodes.Or)):
            left = self.value(node.left, place)
            if left is not UNKNOWN:
                return self.fold(_chosen(node, left), place)
        if isinstance(node, nodes.CondExpr):
            test = self.value(node.test, place)
            branch = node.expr1 if test else node.expr2
            if test is not UNKNOWN and branch is not None:
                return self.fold(branch, place)
        made: nodes.Expr = self._rebuilt(node, place)
        return made

    def _rebuilt(self, node: Any, place: Place) -> Any:
        """A node with its parts folded."""

        def part_of(part: Any) -> Any:
            if isinstance(part, nodes.Expr):
                return self.fold(part, place)
            if isinstance(part, nodes.Node):
                return self._rebuilt(part, place)
            return [part_of(each) for each in part] if isinstance(part, list) else part

        made = copy.copy(node)
        for field in node.fields:
            setattr(made, field, part_of(getattr(node, field)))
        return made

    def _answer(self, node: nodes.Call, place: Place) -> Any:
        """What a pure function answers to what is known."""
        if not isinstance(node.node, nodes.Name) or node.node.name not in self._functions:
            return UNKNOWN
        function = self.value(node.node, place)
        args = [self.value(arg, place) for arg in node.args]
        named = {each.key: self.value(each.value, place) for each in node.kwargs}
        starred = node.dyn_args is not None or node.dyn_kwargs is not None
        if starred or any(each is UNKNOWN for each in (function, *args, *named.values())):
            return UNKNOWN
        try:
            return function(*args, **named)
        except Exception:
            return UNKNOWN

    def _following(self, node: nodes.Node, place: Place) -> Any:
        """What follows from parts that are all known, as Jinja2 itself works it out."""
        made = self._of_constants(node, place)
        if not isinstance(made, nodes.Expr):
            return UNKNOWN
        try:
            value = made.as_const(self._rules)
        except Exception:
            return UNKNOWN
        return UNKNOWN if isinstance(value, Undefined) else value

    def _of_constants(self, node: nodes.Node, place: Place) -> nodes.Node | None:
        """A node with a constant for each of its parts; None where one is not known."""
        made = copy.copy(node)
        for field in node.fields:
            part = getattr(node, field)
            parts = part if isinstance(part, list) else [part]
            found = [self._constant(each, place) if isinstance(each, nodes.Node) else each for each in parts]
            if any(new is None and old is not None for new, old in zip(found, parts, strict=True)):
                return None
            setattr(made, field, found if isinstance(part, list) else found[0])
        return made

    def _constant(self, part: nodes.Node, place: Place) -> nodes.Node | None:
        if not isinstance(part, nodes.Expr):
            return self._of_constants(part, place)  # a pair, a keyword, an operand
        value = self.value(part, place)
        return None if value is UNKNOWN else nodes.Const(value, lineno=part.lineno)


def _chosen(node: nodes.And | nodes.Or, left: Any) -> nodes.Expr:
    """The side that `and` or `or` comes to, its left one being known."""
    return node.right if bool(left) is isinstance(node, nodes.And) else node.left


def _name(node: nodes.Name, place: Place) -> nodes.Name:
    if node.name in _SPECIAL:
        raise Unfit(f"it uses {node.name}")
    known = place.known.get(node.name)
    if known is not None and not known.is_there:
        raise Lost(node.name)
    renamed = place.renamed.get(node.name)
    return nodes.Name(renamed, node.ctx, lineno=node.lineno) if renamed else node


def literal(value: Any, line: int) -> nodes.Expr | None:
    """A value as it is written in a template; None for one that has no such form."""
    kind = type(value)
    if kind is Markup:
        return nodes.MarkSafe(nodes.Const(str(value), lineno=line), lineno=line)
    if value is None or kind in (str, int, bool, float):
        return nodes.Const(value, lineno=line)
    if kind not in (tuple, list):
        return None
    parts = [literal(part, line) for part in value]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    return nodes.Tuple(found, "load", lineno=line) if kind is tuple else nodes.List(found, lineno=line)


@lru_cache(maxsize=1 << 14)  # a part that many templates include is asked each time
def names(node: nodes.Node | None) -> frozenset[str]:
    """Names that an expression reads, or that stand anywhere in a statement."""
    found = {node.name} if isinstance(node, nodes.Name) else set()
    for field in node.fields if node is not None else ():
        part = getattr(node, field)
        for each in part if isinstance(part, list) else (part,):
            if isinstance(each, nodes.Node):
                found |= names(each)
    return frozenset(found)
