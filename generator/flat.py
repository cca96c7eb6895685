"""A template flattened: with all it extends and includes in one piece, and what never differs worked out.

In: the parsed templates of a theme, and the names whose values are the same on every page that the flat one
is for (the site, the way to its root, pure functions). Out: one parsed template without inheritance and
includes, in which everything that follows from those names stands as text. A page of the default theme is
made of forty templates and blocks, and most of what they write is the same on each page.

The flat template means what the original means. Whatever it could mean something else by is refused with
`Unfit` (macros, imports, names worked out while rendering, variables that Jinja2 would keep apart), and the
page is then rendered from the templates as they are. `tests/test_flat.py` compares the two.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, Final

from jinja2 import Environment, nodes

from generator.folding import UNKNOWN, Folder, Known, Lost, Place, Unfit, literal, names

__all__ = ["LOOP", "Flattener", "Unfit"]

#: A loop over more constants than this is not written out: the code would be slow to load.
_ROUNDS: Final = 40
#: Templates that grow beyond so many nodes are left as they are.
_MOST: Final = 20_000
#: What a template may ask of `loop` in a flat template; for anything else Jinja2's own loops are needed.
LOOP: Final = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})
#: The function that counts the rounds of a loop (`lean.counted`), by a name that no template can use.
_COUNTED: Final = object.__new__(nodes.InternalName)
nodes.Node.__init__(_COUNTED, "counted", lineno=0)


class _Round:
    """What `loop` is in one round of a loop that was written out."""

    def __init__(self, index0: int, length: int) -> None:
        self.index0, self.index = index0, index0 + 1
        self.revindex0, self.revindex = length - index0 - 1, length - index0
        self.first, self.last = not index0, index0 + 1 == length
        self.length = length


class _Chain:
    """A template and what it extends, the most special one first."""

    def __init__(self, trees: Sequence[nodes.Template]) -> None:
        self.trees = trees
        #: The versions of each block, likewise.
        self.blocks: dict[str, list[nodes.Block]] = {}
        for tree in trees:
            for block in tree.find_all(nodes.Block):
                self.blocks.setdefault(block.name, []).append(block)


class _Frame(Place):
    """What is known at a place of a template, and which of its variables the place has."""

    def __init__(
        self, above: _Frame | None, known: Mapping[str, Known], chain: _Chain, *, is_top: bool
    ) -> None:
        super().__init__(known, above.renamed if above else {})
        self.above = above
        self.chain = chain
        #: The block that this is in, and how many versions of it stand before this one.
        self.block: str = above.block if above and above.chain is chain else ""
        self.level: int = above.level if above and above.chain is chain else 0
        #: Whether variables set here are seen by the blocks of the template, and those that are not.
        self.is_top = is_top
        self.own: set[str] = set() if is_top or above is None else set(above.own)
        #: Names that belong to this place, as the variable of a loop does.
        self.given: set[str] = set()
        #: Names read so far, here and further inside, and variables set here so far.
        self.read: set[str] = set()
        self.set: set[str] = set()

    def inner(self) -> _Frame:
        """A place whose variables are its own."""
        return _Frame(self, self.known, self.chain, is_top=False)

    def of(self, chain: _Chain) -> _Frame:
        """The place of a template that is included here."""
        return _Frame(self, self.known, chain, is_top=True)

    def version(self, block: str, level: int) -> _Frame:
        """The place of one version of a block."""
        frame = self.inner()
        frame.block, frame.level = block, level
        return frame

    def gives(self, name: str) -> None:
        """A name means something else from here on inside."""
        self.given.add(name)
        self._binds(name)

    def sets(self, name: str) -> None:
        """A variable is set. Before that Jinja2 takes its name for this variable, with no value, or for one
        further outside: which of the two depends on where the name stands.
        """
        if name in self.read and name not in self.set:
            raise Unfit(f"the variable {name} is read before it is set")
        self.set.add(name)
        self._binds(name)

    def _binds(self, name: str) -> None:
        self.known.pop(name, None)
        self.renamed.pop(name, None)
        if not self.is_top:
            self.own.add(name)

    def reads(self, read: Iterable[str]) -> None:
        """Names are read here."""
        more = set(read)
        frame: _Frame | None = self
        while frame is not None:
            frame.read |= more
            more -= frame.given
            frame = frame.above


class Flattener:
    """Flattens the templates of a theme."""

    def __init__(
        self,
        environment: Environment,
        parse: Callable[[str], nodes.Template],
        known: Mapping[str, Any],
        functions: Iterable[str],
    ) -> None:
        """`known`: values by name, the same for every page and while rendering; `functions`: those among them
        that give equal answers for equal arguments.
        """
        self._environment = environment
        self._parse = parse
        self._known = {name: Known(value) for name, value in known.items()}
        self._folder = Folder(environment, frozenset(functions))
        self._stack: list[str] = []
        self._read_by: dict[str, frozenset[str]] = {}
        self._chains: dict[str, _Chain] = {}
        self._numbers = count()
        self._size = 0

    def template(self, name: str) -> nodes.Template:
        """The template of that name, flattened. Raises `Unfit`, or what a missing template raises."""
        self._size = 0
        with self._inside(name):
            chain = self._chain(name)
            body = self._whole(_Frame(None, self._known, chain, is_top=True))
        made = nodes.Template([nodes.Scope(body, lineno=1)], lineno=1)
        made.set_environment(self._environment)
        return made

    # Templates

    @contextlib.contextmanager
    def _inside(self, name: str) -> Iterator[None]:
        if name in self._stack:
            raise Unfit(f"{name} includes itself")
        self._stack.append(name)
        try:
            yield
        finally:
            self._stack.pop()

    def _chain(self, name: str) -> _Chain:
        if name not in self._chains:
            self._chains[name] = self._chained(name)
        return self._chains[name]

    def _chained(self, name: str) -> _Chain:
        found = [name]
        trees = [self._parse(name)]
        while True:
            extends = [node for node in trees[-1].body if isinstance(node, nodes.Extends)]
            if len(extends) != len(list(trees[-1].find_all(nodes.Extends))):
                raise Unfit("what it extends depends on something")
            if not extends:
                return _Chain(trees)
            parent = extends[0].template
            if len(extends) > 1 or not isinstance(parent, nodes.Const) or not isinstance(parent.value, str):
                raise Unfit("what it extends is worked out while rendering")
            if parent.value in found:
                raise Unfit(f"{parent.value} extends itself")
            found.append(parent.value)
            trees.append(self._parse(parent.value))

    def _whole(self, frame: _Frame) -> list[nodes.Node]:
        """A template with all it extends, at its own place."""
        made: list[nodes.Node] = []
        for tree in frame.chain.trees[:-1]:
            made += self._beside_the_blocks(tree, frame)
            frame.read, frame.set = set(), set()  # each template of a chain has its own variables
        return made + self._body(frame.chain.trees[-1].body, frame)

    def _beside_the_blocks(self, tree: nodes.Template, frame: _Frame) -> list[nodes.Node]:
        """What a template that extends another sets outside its blocks; what it writes there is not shown."""
        made: list[nodes.Node] = []
        extended = False
        for node in tree.body:
            extended = extended or isinstance(node, nodes.Extends)
            if isinstance(node, (nodes.Assign, nodes.AssignBlock)):
                made += self._node(node, frame)
            elif not isinstance(node, (nodes.Block, nodes.Extends, nodes.Output)):
                raise Unfit(f"a {type(node).__name__} stands outside its blocks")
            elif isinstance(node, nodes.Output) and not extended:
                raise Unfit("it writes before it extends")
        return made

    def _body(self, body: Iterable[nodes.Node], frame: _Frame) -> list[nodes.Node]:
        """Nodes flattened, with texts and values that follow each other in one piece."""
        made: list[nodes.Node] = []
        for node in body:
            for each in self._node(node, frame):
                if isinstance(each, nodes.Output) and made and isinstance(made[-1], nodes.Output):
                    made[-1] = nodes.Output([*made[-1].nodes, *each.nodes], lineno=made[-1].lineno)
                else:
                    made.append(each)
        self._size += len(made)
        if self._size > _MOST:
            raise Unfit("it is too large")
        return made

    def _node(self, node: nodes.Node, frame: _Frame) -> list[nodes.Node]:
        visit = self._VISITS.get(type(node))
        if visit is None:
            raise Unfit(f"it holds a {type(node).__name__}")
        return visit(self, node, frame)

    def _apart(self, made: list[nodes.Node]) -> list[nodes.Node]:
        """A part whose variables nobody else sees."""
        return [nodes.Scope(made, lineno=made[0].lineno)] if any(_assigned(made)) else made

    # Statements

    def _output(self, node: nodes.Output, frame: _Frame) -> list[nodes.Node]:
        made: list[nodes.Node] = []
        frame.reads(names(node))
        for child in node.nodes:
            if isinstance(child, nodes.Call) and _is_super(child):
                made += self._super(frame)
            else:
                shown = child if isinstance(child, nodes.TemplateData) else self._folder.fold(child, frame)
                made.append(nodes.Output([shown], lineno=node.lineno))
        return made

    def _block(self, node: nodes.Block, frame: _Frame) -> list[nodes.Node]:
        versions = frame.chain.blocks[node.name]
        if node.required and len(versions) < 2:
            raise Unfit(f"the block {node.name} is missing")
        return self._version(node.name, 0, frame, sees_all=node.scoped)

    def _super(self, frame: _Frame) -> list[nodes.Node]:
        if frame.level + 1 >= len(frame.chain.blocks.get(frame.block, ())):
            raise Unfit(f"there is no block {frame.block} above")
        return self._version(frame.block, frame.level + 1, frame)

    def _version(self, block: str, level: int, frame: _Frame, *, sees_all: bool = False) -> list[nodes.Node]:
        body = frame.chain.blocks[block][level].body
        read = set(self._loads(body, frame.chain))
        if not sees_all and frame.own & read:
            raise Unfit(f"the block {block} has a variable of the name of one around it")
        frame.reads(read)
        return self._apart(self._body(body, frame.version(block, level)))

    def _include(self, node: nodes.Include, frame: _Frame) -> list[nodes.Node]:
        name = _constant_name(node)
        if node.ignore_missing or not node.with_context:
            raise Unfit("what it includes may be missing, or sees nothing of this page")
        read = self._loads_of(name)
        if "loop" in read:
            raise Unfit(f"{name} asks for the loop around it")
        frame.reads(read)
        with self._inside(name):
            return self._apart(self._whole(frame.of(self._chain(name))))

    def _if(self, node: nodes.If, frame: _Frame) -> list[nodes.Node]:
        branches: list[tuple[nodes.Expr, list[nodes.Node]]] = []
        otherwise = node.else_
        for each in (node, *node.elif_):
            frame.reads(names(each.test))
            value = self._folder.value(each.test, frame)
            if value is UNKNOWN:
                branches.append((self._folder.fold(each.test, frame), each.body))
            elif value:
                otherwise = each.body
                break
        if not branches:
            return self._body(otherwise, frame)
        before = frame.known
        bodies = []
        for body in (*(body for _, body in branches), otherwise):
            frame.known = dict(before)
            bodies.append(self._body(body, frame))
        changed = {name for body in bodies for name in _assigned(body)}
        frame.known = {name: value for name, value in before.items() if name not in changed}
        made = bodies[-1]
        for (test, _), body in zip(reversed(branches), reversed(bodies[:-1]), strict=True):
            made = [nodes.If(test, body, [], made, lineno=node.lineno)]
        return made

    def _for(self, node: nodes.For, frame: _Frame) -> list[nodes.Node]:
        if node.recursive:
            raise Unfit("a loop is recursive")
        frame.reads((*names(node.iter), *names(node.test)))
        items = self._folder.value(node.iter, frame)
        if items is not UNKNOWN and node.test is None and isinstance(node.target, nodes.Name):
            try:
                items = list(items)
            except TypeError:
                raise Unfit("a loop goes over what is no list") from None
            if not items:
                return self._body(node.else_, frame)
            if len(items) <= _ROUNDS:
                with contextlib.suppress(Lost):  # then it is written as a loop
                    return self._rounds(node, node.target.name, items, frame)
        return [self._loop(node, frame)]

    def _rounds(self, node: nodes.For, target: str, items: list[Any], frame: _Frame) -> list[nodes.Node]:
        """A loop whose rounds are all known, written out."""
        made: list[nodes.Node] = []
        for number, item in enumerate(items):
            inner = frame.inner()
            for name, value in ((target, item), ("loop", _Round(number, len(items)))):
                inner.gives(name)
                inner.known[name] = Known(value, is_there=False)
            made += self._apart(self._body(node.body, inner))
        return made

    def _loop(self, node: nodes.For, frame: _Frame) -> nodes.For:
        inner = frame.inner()
        for name in (*_targets(node.target), "loop"):
            inner.gives(name)
        target, items = copy.copy(node.target), self._folder.fold(node.iter, frame)
        asked = _asked_of_loop(node.body)
        if asked is None or not asked <= LOOP:
            raise Unfit("it asks more of a loop than where it stands")
        if asked and node.test is not None:
            raise Unfit("it counts the rounds of a loop that leaves some out")
        test = self._folder.fold(node.test, inner) if node.test is not None else None
        if asked:
            name = inner.renamed["loop"] = f"__loop{next(self._numbers)}"
            inner.own.add(name)
            target = nodes.Tuple([target, nodes.Name(name, "store")], "store", lineno=node.lineno)
            items = nodes.Call(_COUNTED, [items], [], None, None, lineno=node.lineno)
        body, otherwise = self._body(node.body, inner), self._body(node.else_, frame.inner())
        return nodes.For(target, items, body, otherwise, test, False, lineno=node.lineno)

    def _with(self, node: nodes.With, frame: _Frame) -> list[nodes.Node]:
        inner = frame.inner()
        targets, values = [], []
        for target, value in zip(node.targets, node.values, strict=True):
            frame.reads(names(value))
            found, made = self._folder.value(value, frame), self._folder.fold(value, frame)
            for name in _targets(target):
                inner.gives(name)
            if isinstance(target, nodes.Name) and found is not UNKNOWN:
                inner.known[target.name] = Known(found)
                if literal(found, 0) is not None:
                    continue  # it stands wherever the name stood
            targets.append(target)
            values.append(made)
        body = self._body(node.body, inner)
        return [nodes.With(targets, values, body, lineno=node.lineno)] if targets else self._apart(body)

    def _assign(self, node: nodes.Assign, frame: _Frame) -> list[nodes.Node]:
        frame.reads(names(node.node))
        value, made = self._folder.value(node.node, frame), self._folder.fold(node.node, frame)
        for name in _targets(node.target):
            frame.sets(name)
        if isinstance(node.target, nodes.Name) and value is not UNKNOWN:
            frame.known[node.target.name] = Known(value)
        return [nodes.Assign(node.target, made, lineno=node.lineno)]

    def _assign_block(self, node: nodes.AssignBlock, frame: _Frame) -> list[nodes.Node]:
        if node.filter is not None or not isinstance(node.target, nodes.Name):
            raise Unfit("a part is set through a filter")
        body = self._body(node.body, frame.inner())
        frame.sets(node.target.name)
        return [nodes.AssignBlock(node.target, None, body, lineno=node.lineno)]

    _VISITS: Final[Mapping[type, Callable[..., list[nodes.Node]]]] = {
        nodes.Output: _output,
        nodes.Block: _block,
        nodes.Include: _include,
        nodes.If: _if,
        nodes.For: _for,
        nodes.With: _with,
        nodes.Assign: _assign,
        nodes.AssignBlock: _assign_block,
    }

    # Names

    def _loads_of(self, name: str) -> frozenset[str]:
        """Names that a template with all it extends and includes may read."""
        found = self._read_by.get(name)
        if found is None:
            with self._inside(name):
                chain = self._chain(name)
                read = (each for tree in chain.trees for each in self._loads(tree.body, chain))
                found = self._read_by[name] = frozenset(read)
        return found

    def _loads(self, body: Iterable[nodes.Node], chain: _Chain) -> Iterator[str]:
        """Names that a part may read, blocks inside it and templates it includes among it."""
        for node in body:
            yield from self._loads_in(node, chain)

    def _loads_in(self, node: nodes.Node, chain: _Chain) -> Iterator[str]:
        if isinstance(node, nodes.Name) and node.ctx == "load":
            yield node.name
        if isinstance(node, nodes.Block):
            for version in chain.blocks[node.name]:
                yield from self._loads(version.body, chain)
            return
        if isinstance(node, nodes.Include):
            yield from self._loads_of(_constant_name(node))
        if isinstance(node, nodes.For):
            bound = {"loop", *_targets(node.target)}
            yield from (name for name in self._loads(node.body, chain) if name not in bound)
        for child in node.iter_child_nodes(exclude=("body",) if isinstance(node, nodes.For) else None):
            yield from self._loads_in(child, chain)


def _constant_name(node: nodes.Include) -> str:
    if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
        raise Unfit("what it includes is worked out while rendering")
    return node.template.value


def _is_super(node: nodes.Call) -> bool:
    return isinstance(node.node, nodes.Name) and node.node.name == "super" and not (node.args or node.kwargs)


def _targets(node: nodes.Node) -> Iterator[str]:
    """Names that an assignment gives a value to."""
    if isinstance(node, nodes.Name):
        yield node.name
    elif isinstance(node, nodes.Tuple):
        for part in node.items:
            yield from _targets(part)
    else:
        raise Unfit("it sets something that is no variable")


def _assigned(body: Iterable[nodes.Node]) -> Iterator[str]:
    """Variables that a flat part sets and leaves to what comes after it."""
    for node in body:
        if isinstance(node, (nodes.Assign, nodes.AssignBlock)):
            yield from _targets(node.target)
        elif isinstance(node, nodes.If):
            yield from _assigned((*node.body, *node.else_))


def _asked_of_loop(body: Iterable[nodes.Node]) -> frozenset[str] | None:
    """What a part asks of `loop`; None where it does more with it than ask."""
    if not any("loop" in names(node) for node in body):
        return frozenset()
    asked: set[str] = set()
    bare = 0
    for node in body:
        bare += sum(name.name == "loop" for name in node.find_all(nodes.Name))
        for part in node.find_all(nodes.Getattr):
            if isinstance(part.node, nodes.Name) and part.node.name == "loop":
                asked.add(part.attr)
                bare -= 1
    return None if bare else frozenset(asked)
