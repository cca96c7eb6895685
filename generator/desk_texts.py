"""Notices on what stands in the articles and in no fact: names nobody declared, sentences nobody used.

Names are runs of words with a capital letter that recur and that begin no sentence. So a language needs
capital letters, and must keep them for names: German, which gives one to every noun, and scripts without
case are passed over, and the report says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from generator import omissions
from generator.dossier import Dossier
from generator.likeness import WORD, folded
from generator.notices import Notice, Reading, few, notice

#: A name that stands this often, in all articles together, is worth an actor or a topic.
_RECURS = 2
#: Longest name in words; what is longer is a headline.
_LONGEST = 5
#: Languages that give capitals to more than names, and those whose scripts have none.
_NO_NAMES = frozenset(
    re.findall(
        r"\w+",
        """de lb gsw nds ar fa ur ps ckb he yi zh ja ko th lo km my bo hi bn ta te kn ml mr ne pa gu si am
        ti ka""",
    )
)
_WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?")
#: Words that may stand between the parts of a name.
_JOINTS = frozenset(("of", "for", "the", "de", "del", "la", "van", "von", "der", "bin", "al", "and", "&"))
#: Words with a capital that name nobody by themselves, in English.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """i monday tuesday wednesday thursday friday saturday sunday january february march april may june
        july august september october november december mr mrs ms dr sir president vice prime minister
        ministry foreign defense defence secretary senator senators sen rep governor mayor general spokesman
        spokeswoman spokesperson chief director chairman king queen prince princess pope state states
        department government north south east west northern southern eastern western""",
    )
)
#: Words that begin sentences and have a capital for that; behind a dateline too they name nobody.
_SMALL = frozenset(
    re.findall(
        r"\w+",
        """a an the this that these those it he she we they you there here his her its our their in on at by
        for from with to as but and or so yet if when while after before since until although though because
        however meanwhile now then still both some many most several such also not no what who why how
        where""",
    )
)
#: English words that omissions count as numbers, and that seldom carry one a fact would hold.
_VAGUE = re.compile(r"\b(?:ones?|twos?|first|second|both|once|half|couple|third)\b", re.IGNORECASE)
#: Names of types: "S-400", "F-35s", "Su-35". Their digits are no numbers.
_TYPE = re.compile(r"\b[^\W\d_]+[-–]?\d[\w-]*")
_CALENDAR = re.compile(
    r"""\b(?:January|February|March|April|June|July|August|September|October|November|December|Monday|Tuesday
    |Wednesday|Thursday|Friday|Saturday|Sunday|yesterday|today|tomorrow|last\s(?:week|month|year)
    |next\s(?:week|month|year))\b""",
    re.VERBOSE,
)


def supports_names(language: str) -> bool:
    """Whether names can be told by their capitals in a language (BCP 47)."""
    return language.partition("-")[0].lower() not in _NO_NAMES


def names_are_known(reading: Reading) -> Iterator[Notice]:
    """A name that recurs in the articles and is nobody's alias may be an actor without an entry.

    The first word of a sentence has its capital for that, so what begins one is no name by itself: it counts
    where it also stands elsewhere.
    """
    known = _Known(reading.dossier)
    within: dict[str, list[str]] = {}
    opening: Counter[str] = Counter()
    for covered in reading.covered:
        key = covered.source
        for sentence in covered.sentences if supports_names(reading.language(key)) else ():
            for name, begins in _names(sentence.text):
                parts = set(known.without(name.partition(" ")[2] if begins else name))
                opening.update(part for part in known.without(name) if part not in parts)
                for part in sorted(parts):
                    within.setdefault(part, []).append(key)
    for name, keys in within.items():
        number = len(keys) + opening[name]
        if number >= _RECURS and name.lower() not in _SMALL:
            others = len(set(keys)) - 1
            where = f"{keys[0]} and {others} more" if others else keys[0]
            yield notice(
                reading, "name-unknown", ("source", keys[0]), ("text",),
                f"“{name}” stands {number} times in {where}, and is no name or alias of an actor or topic",
                "add it to the aliases of an actor, or add an actor or a topic, or leave it",
            )  # fmt: skip


def _names(sentence: str) -> Iterator[tuple[str, bool]]:
    """Runs of words with a capital in one sentence, each with whether it begins it or a quotation."""
    found = list(_WORD.finditer(sentence))
    capitals = [match[0][0].isupper() for match in found]
    if len(found) > 5 and sum(capitals) > 0.7 * len(found):
        return  # a headline
    at = 0
    while at < len(found):
        if not capitals[at]:
            at += 1
            continue
        end = at + 1
        while end < len(found) and _goes_on(sentence, found, capitals, end):
            end += 1
        while not capitals[end - 1]:
            end -= 1
        name = sentence[found[at].start() : found[end - 1].end()]
        before = sentence[: found[at].start()].rstrip()
        if end - at <= _LONGEST:
            yield _bare(name), at == 0 or before[-1:] in "\"“”‘'«„:(" if before else True
        at = end


def _goes_on(sentence: str, found: list[re.Match[str]], capitals: list[bool], at: int) -> bool:
    """Whether a word belongs to the name before it: parted by a space only, and with a capital or a joint."""
    if sentence[found[at - 1].end() : found[at].start()] != " ":
        return False
    if capitals[at]:
        return not found[at - 1][0].endswith(".") or len(found[at - 1][0]) <= 3
    return found[at][0] in _JOINTS - {"and", "&"} and at + 1 < len(found) and capitals[at + 1]


def _bare(name: str) -> str:
    return re.sub(r"['’]s?$", "", name).rstrip(".") if not re.search(r"\.\w", name) else name


class _Known:
    """The words of all names that the dossier has."""

    def __init__(self, d: Dossier) -> None:
        names = [n for a in d.actors.values() for n in (a.name, *a.aliases, *(r.title for r in a.roles))]
        names += [t.name for t in d.topics.values()]
        names += [s.publisher for s in d.sources.values()]
        names += [n for s in d.sources.values() for n in s.authors]
        self._words = {word for name in names for word in folded(name)} | _COMMON
        self._stems = {word[:_STEM] for word in self._words if len(word) >= _STEM}

    def without(self, name: str) -> Iterator[str]:
        """What of a name is not known, as runs of its words."""
        run: list[str] = []
        for word in [*name.split(), ""]:
            if word and not self._knows(word) and (run or word not in _JOINTS):
                run.append(word)
                continue
            while run and run[-1] in _JOINTS:
                run.pop()
            if run:
                yield _bare(" ".join(run))
            run = []

    def _knows(self, word: str) -> bool:
        parts = [part.lower() for part in WORD.findall(word) if part[0].isupper()]
        initial = len(parts) == 1 and len(parts[0]) == 1
        return bool(parts) and (initial or all(p in self._words or p[:_STEM] in self._stems for p in parts))


#: "Turkish" is known by "Turkey", "Russians" by "Russia": words that begin alike.
_STEM = 4


def sentences_are_used(reading: Reading) -> Iterator[Notice]:
    """A sentence with a date or a number in it mostly holds a fact."""
    for covered in reading.covered:
        language = reading.language(covered.source)
        for sentence in covered.unused:
            if holds_figure(sentence.text, language):
                start, end = sentence.span.start, sentence.span.end
                shown = few(sentence.text)
                yield notice(
                    reading, "sentence-unused", ("source", covered.source), ("text",),
                    f"paragraph {sentence.paragraph}, characters {start}–{end}, holds a date or a number, "
                    f"and no fact uses it: “{shown}”",
                    f'factsheet quote {covered.source} "{_first(sentence.text)}"',
                )  # fmt: skip


def _first(text: str) -> str:
    """The first words of a sentence as they can be typed between quotation marks."""
    return " ".join(re.sub(r"[\"\\$`]", " ", text).split()[:4])


def holds_figure(text: str, language: str) -> bool:
    """Whether a sentence holds a date or a number; the digits of a type ("S-400") are neither."""
    if _CALENDAR.search(text):
        return True
    plain = _TYPE.sub(" ", text)
    if language.partition("-")[0].lower() == "en":
        plain = _VAGUE.sub(" ", plain)
    return omissions.holds_number(plain, language)


TEXTS = (names_are_known, sentences_are_used)
