"""Credit lines: from whom an article says it has its words.

In: a saved text, and names to look for. Out: the names credited with the whole ("(AFP, dpa)", "AP
contributed to this report"), and the places where a name is credited with what stands beside it ("Reuters
reported"). Only agencies of the table below and news organisations of the dossier are known, so a credit to
any other name is not seen; and what is seen is a suggestion, since an article may thank an agency for a
picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from generator.cached import cached_property
from generator.content import Actor
from generator.dossier import Dossier
from generator.located import Span
from generator.rules import id_from

#: News agencies by the name to print, with other forms of it. Abbreviations that are words of a language are
#: left out; whoever needs one declares an actor.
_AGENCIES: dict[str, tuple[str, ...]] = {
    "AAP": ("Australian Associated Press",),
    "AFP": ("Agence France-Presse", "Agence France Presse"),
    "AGERPRES": (),
    "ANP": ("Algemeen Nederlands Persbureau",),
    "ANSA": (),
    "AP": ("Associated Press", "The Associated Press"),
    "APA": ("Austria Presse Agentur",),
    "Anadolu": ("Anadolu Agency", "Anadolu Ajansı", "Anadolu news agency"),
    "Belga": (),
    "Bloomberg": ("Bloomberg News",),
    "Canadian Press": ("The Canadian Press", "La Presse Canadienne"),
    "ČTK": ("CTK",),
    "DHA": ("Demirören", "Demirören Haber Ajansı"),
    "dpa": ("Deutsche Presse-Agentur",),
    "EFE": ("Agencia EFE",),
    "epd": ("Evangelischer Pressedienst",),
    "İHA": ("IHA", "İhlas Haber Ajansı"),
    "IANS": (),
    "Interfax": (),
    "IRNA": (),
    "Jiji Press": ("Jiji",),
    "Keystone-SDA": ("Keystone-ATS",),
    "KNA": ("Katholische Nachrichten-Agentur",),
    "Kyodo": ("Kyodo News",),
    "Lusa": (),
    "MTI": (),
    "NTB": (),
    "PA Media": ("Press Association", "The Press Association"),
    "PAP": ("Polska Agencja Prasowa",),
    "PTI": ("Press Trust of India",),
    "Reuters": ("Thomson Reuters",),
    "RIA Novosti": ("РИА Новости",),
    "Ritzau": (),
    "SANA": (),
    "TASS": ("Itar-Tass", "ITAR-TASS", "ТАСС"),
    "Ukrinform": ("Укрінформ",),
    "UPI": ("United Press International",),
    "WAM": (),
    "Xinhua": ("Xinhua News Agency", "新华社", "新華社"),
    "Yonhap": ("Yonhap News Agency",),
}
_BETWEEN = r"\s*(?:[,;/+&|]|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\bve\b|\bи\b)+\s*"
#: What introduces a credit; the names stand behind it, up to the end of the paragraph.
_BEFORE = re.compile(
    r"""(?:\bwith\s+(?:files|material|(?:additional\s+)?reporting|reports)\s+(?:from|by)
    |\b(?:additional\s+)?reporting\s+by|\bmaterial\s+from|\bsources?\s?:|\bvia\s?:|^by\s
    |\bmit\s+(?:material|informationen)\s+(?:von|der)|\bquellen?\s?:
    |\bavec|\bfuentes?\s?:|\bcon\s+información\s+de|\bfont[ei]\s?:|\bbron(?:nen)?\s?:|\bkaynak\s?:
    |\bисточник\s?:|\bдже?рело\s?:|\bźródło\s?:)(?P<names>.{1,120})$""",
    re.IGNORECASE | re.VERBOSE,
)
_AFTER = re.compile(
    r"(?P<names>.{1,120}?)\s+(?:also\s+)?contribut(?:ed|ing)\s+(?:reporting\s+)?to\s+th(?:is|e)\b",
    re.IGNORECASE,
)
#: A bracket that opens a report ("MARLOW (AP) -") or closes it; and a dash that closes it.
_BRACKET = re.compile(r"[(\[](?P<names>[^()\[\]]{2,80})[)\]]")
_DASH = re.compile(r"(?:[—–]|\s-{1,2})\s?(?P<names>[^—–]{2,60}?)[.\s]*$")
#: How far into a paragraph its dateline reaches, in code points.
_DATELINE = 80
_OPENS = re.compile(r"\s*[-—–:]").match
#: What makes a name that of a reporter: a verb behind it, or a preposition before it, few words away.
_REPORTS = re.compile(
    r"""(?:\W+\w+){0,3}?\W+(?:report(?:s|ed|ing)|quot(?:es|ed|ing)|cit(?:es|ed|ing)|sa(?:ys|id)|wr(?:ites|ote)
    |learn(?:s|ed)|reveal(?:s|ed)|zufolge|berichte\w*|meldet\w*)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_REPORTED = re.compile(
    r"""\b(?:according\s+to|told|tells|(?:report|quot|cit)ed\s+(?:\w+\s+){0,3}by|by\s+the\s+(?:official|state)
    |laut|selon|según|secondo)\s+(?:\w+\s+){0,3}$""",
    re.IGNORECASE | re.VERBOSE,
)
#: How far from a name these are looked for, in code points.
_NEAR = 60


class Names:
    """Names that may be credited: agencies, and the news organisations of a dossier, which come first."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """The agency or the actor a name stands for, by the name."""
        known = {form: name for name, forms in _AGENCIES.items() for form in (name, *forms)}
        own = {form: actor.id for actor in self._media() for form in (actor.name, *actor.aliases)}
        # An agency the dossier has under any of its names is that actor under all of them.
        same = {known[form]: actor for form, actor in own.items() if form in known}
        return {**{form: same.get(name, f"agency {name}") for form, name in known.items()}, **own}

    def _media(self) -> Iterable[Actor]:
        return (actor for actor in self.dossier.actors.values() if actor.kind == "media")

    @cached_property
    def _one(self) -> re.Pattern[str]:
        longest = sorted(self._known, key=lambda form: (-len(form), form))
        return re.compile(rf"(?<![\w@.-])(?:{'|'.join(map(re.escape, longest))})(?![\w@-]|\.\w)")

    def of(self, text: str) -> list[str]:
        """What is named in a text, in order, each once: ids of actors, or `agency NAME`."""
        return list(dict.fromkeys(self._known[match[0]] for match in self._one.finditer(text)))

    def _only(self, text: str) -> list[str]:
        """What a text names, if it holds nothing but names."""
        parts = re.split(_BETWEEN, text.strip())
        return [self._known[part] for part in parts] if all(part in self._known for part in parts) else []

    def credited(self, paragraph: str) -> list[str]:
        """Who is credited with the whole article by one paragraph of it."""
        if not self._one.search(paragraph):
            return []
        found = self._only(paragraph.rstrip("."))
        for bracket in _BRACKET.finditer(paragraph):
            rest = paragraph[bracket.end() :]
            opens = bracket.start() < _DATELINE and _OPENS(rest)
            if (opens or not rest.strip(" .\n")) and not self._explains(paragraph, bracket):
                found += self._only(bracket["names"])
        if dash := _DASH.search(paragraph):
            found += self._only(dash["names"])
        for pattern in (_BEFORE, _AFTER):
            if match := pattern.search(paragraph):
                found += self.of(match["names"])
        return list(dict.fromkeys(found))

    def _explains(self, paragraph: str, bracket: re.Match[str]) -> bool:
        """Whether a bracket only gives the short form of a name before it."""
        before = paragraph[: bracket.start()].rstrip()
        return any(before.endswith(match[0]) for match in self._one.finditer(before[-60:]))

    def reporting(self, paragraph: str) -> Iterator[tuple[Span, str]]:
        """Names in a paragraph that are said to report something."""
        for match in self._one.finditer(paragraph):
            start, end = match.span()
            before, after = paragraph[max(0, start - _NEAR) : start], paragraph[end : end + _NEAR]
            if _REPORTS.match(after) or _REPORTED.search(before):
                yield Span(start, end), self._known[match[0]]

    def entry(self, name: str) -> str:
        """What is missing before an agency can be an origin: the actor to paste; empty: nothing."""
        agency = name.removeprefix("agency ")
        return "" if agency == name else f"{{id: {id_from(agency)}, name: {agency}, kind: media}}"

    def id(self, name: str) -> str:
        """The id of what is named, or the one it should have."""
        return id_from(name.removeprefix("agency ")) if name.startswith("agency ") else name

    def words(self, name: str) -> str:
        """What is named, as it is printed."""
        return name.removeprefix("agency ") if name.startswith("agency ") else self.dossier.actors[name].name
