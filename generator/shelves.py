"""What the page builders draw from: the dossier, its groups in order, and the parts that many pages share.

A builder asks for a group and for the parts of the facts on it, each made once; it never walks the whole
dossier. That keeps the way open to load only the groups that an edit touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from markupsafe import Markup
from msgspec import Struct

from generator import (
    around,
    datewords,
    deeplinks,
    edtf,
    fold,
    languages,
    markdown,
    marks,
    quotes,
    terms,
    urls,
    voice,
)
from generator.cached import cached_property
from generator.content import Evidence, Fact, Source, Stance, Status
from generator.dossier import Dossier
from generator.groups import Group, GroupName, Member, fill
from generator.located import LocatedEvidence, Span
from generator.views import (
    TEMPLATES,
    ActorChip,
    Direction,
    Endnote,
    EvidenceView,
    FactCard,
    Link,
    Mark,
    PageView,
    QuestionCard,
    Run,
    Shape,
    SourceCard,
)

#: Scripts written from right to left, by the language that a quotation declares.
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku-arab", "ps", "sd", "ug", "ur", "yi"})


#: Lists of outlines that are kept for whoever asks again.
_LISTED = 8
NO_SHAPE = Shape(paragraphs=(), length=0)


def direction(language: str) -> Direction:
    """Reading direction of a language given as a BCP 47 tag."""
    tag = language.casefold()
    return "rtl" if tag in _RIGHT_TO_LEFT or tag.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def day_of(date: str) -> str:
    """A date as `YYYY-MM-DD` when it names one day; else empty."""
    parsed = edtf.parse(date)
    return parsed.attribute[:10] if parsed.precision in ("day", "time") else ""


def bracketed(text: str, supplied: bool) -> str:
    """Text in square brackets when we supplied it because the source does not state it."""
    return f"[{text}]" if supplied else text


#: A fact, a piece of its evidence, and where that stands.
Quotation: TypeAlias = tuple[Fact, Evidence, LocatedEvidence]


def _in_order(alike: Sequence[Quotation]) -> tuple[tuple[Span, ...], str]:
    """Where a passage stands, from some that quote it."""
    located = alike[0][2]
    return located.spans, located.anchor


def mark_of(status: Status, is_open: bool) -> Mark:
    """The dot of a fact by its status, and whether it is a plan without an outcome."""
    return "planned" if is_open and status not in ("withdrawn", "denied", "disputed") else status


class _Everything:
    """Holds whatever is asked for."""

    def __contains__(self, field: object) -> bool:
        return True


_EVERY_FIELD = _Everything()


class _Origin(Struct, frozen=True):
    """What every quotation of a source shows of it."""

    card: SourceCard
    #: Whether its words may be shown, and whether line breaks in them may stand for nothing.
    is_shown: bool
    is_wrapped: bool
    #: Language of its words, and the direction of that.
    lang: str
    dir: Direction
    archived_url: str
    archived: str
    archived_day: str
    shape: Shape


class Outline(Struct, frozen=True, array_like=True):
    """What lists, pictures and counts want of a fact; the rest of it need not be at hand for them."""

    id: str
    date: str
    mark: Mark
    #: Whether sources of more than one origin stand behind it; asked only where a page tells it.
    independent: bool
    #: Ids of its actors, each once.
    cast: tuple[str, ...]


class Extent(Struct, frozen=True, array_like=True):
    """How much is quoted from a source."""

    #: Number of passages, each once.
    passages: int
    #: Length of what they cover, in code points.
    shown: int


class Known(Struct, frozen=True):
    """What an earlier build made of facts and found of sources, by their ids."""

    cards: Mapping[str, FactCard] = {}
    outlines: Mapping[str, Outline] = {}
    #: Empty where it was not kept.
    extents: Mapping[str, Extent] = {}


class Shelves:
    """One dossier, ready for the builders."""

    def __init__(
        self,
        dossier: Dossier,
        shown: Mapping[str, frozenset[str]] | None = None,
        url: str = "",
        groups: Mapping[Group, tuple[Member, ...]] | None = None,
    ) -> None:
        self.dossier = dossier
        #: Address of the site with a closing slash, or empty: the build's, else that of site.yaml.
        self.url = address.rstrip("/") + "/" if (address := url or dossier.site.url) else ""
        self._shown = shown
        self._anywhere: Container[str] = (
            _EVERY_FIELD if shown is None else frozenset[str]().union(*shown.values())
        )
        #: As `groups.fill` makes them, unless they are at hand.
        self.groups: Mapping[Group, tuple[Member, ...]] = (
            fill(dossier.facts.values(), dossier.sources.values()) if groups is None else groups
        )
        self.language = dossier.site.language
        #: The language of the interface.
        self.say = languages.of(self.language)
        self._cards: dict[str, FactCard] = {}
        self._sources: dict[str, SourceCard] = {}
        self._origins: dict[str, _Origin] = {}
        self._links: dict[str, Link] = {}
        self._chips: dict[tuple[str, str, str], ActorChip] = {}
        self._said: dict[str, voice.Said] = {}
        self._endnotes: dict[str, Endnote] = {}
        self._passages: dict[str, list[list[Quotation]]] = {}
        self._roomy: dict[str, bool] = {}
        self._quoted: dict[str, tuple[tuple[int, int], ...]] = {}
        #: Lists as they are split over pages, by what is listed; the modules of those pages split them.
        self.split: dict[tuple[str, str], Any] = {}
        #: What was known on a day, by the day; `hindsight` works it out.
        self.then: dict[str, object] = {}
        self._asked: dict[str, list[QuestionCard]] | None = None
        self._outlines: dict[str, Outline] = {}
        #: The lists of outlines asked for last.
        self._listed: dict[tuple[str, str, str], Sequence[Outline]] = {}
        self._extents: dict[str, Extent] = {}
        self._known = Known()
        self._stale: Container[str] = ()

    def prepare(self) -> None:
        """Make what most pages show and what does not ask where quotes stand: processes forked later have it
        in common.
        """
        for key in self.dossier.sources:
            if key in self.dossier.measures:
                self._origin(key)
        for key, fact in self.dossier.facts.items():
            self.card(key)
            self.outline(key)
            self.when(fact.date)
        self.calendar  # noqa: B018  # kept from now on

    def recall(self, known: Known, facts: Container[str] = (), sources: Container[str] = ()) -> None:
        """Take what an earlier build knew, but of some facts and sources, for which it is stale."""
        self._known, self._stale = known, facts
        self._extents = {key: each for key, each in known.extents.items() if key not in sources}

    def shows(self, field: str, view: type[PageView] | None = None) -> bool:
        """Whether the template of a page, or of any page, could show a field of its view.

        What nobody shows need not be worked out.
        """
        return field in self.shown(view)

    def shown(self, view: type[PageView] | None = None) -> Container[str]:
        """The fields that the template of a page, or of any page, could show."""
        if self._shown is None:
            return _EVERY_FIELD
        return self._shown[TEMPLATES[view]] if view else self._anywhere

    # Groups

    def members(self, name: GroupName, key: str = "") -> tuple[Member, ...]:
        """The entries of a group in order of date; none when nobody stands there."""
        return self.groups.get((name, key), ())

    def facts(self, name: GroupName, key: str = "", *, role: str = "own") -> list[Fact]:
        """The facts of a group that stand there in a given role."""
        return [self.dossier.facts[m.id] for m in self.members(name, key) if m.role == role]

    def outlines(self, name: GroupName, key: str = "", *, role: str = "own") -> Sequence[Outline]:
        """The outlines of the facts of a group that stand there in a given role."""
        asked = (name, key, role)
        found = self._listed.get(asked)
        if found is None:
            known, members = self._outlines, self.members(name, key)
            found = [known.get(m.id) or self.outline(m.id) for m in members if m.role == role]
            if len(self._listed) == _LISTED:  # one page asks for the same few several times
                self._listed.clear()
            self._listed[asked] = found
        return found

    def outline(self, key: str) -> Outline:
        """What lists want of a fact."""
        found = self._outlines.get(key)
        if found is None:
            known = None if key in self._stale else self._known.outlines.get(key)
            found = self._outlines[key] = known or self._make_outline(self.dossier.facts[key])
        return found

    def _make_outline(self, fact: Fact) -> Outline:
        return Outline(
            id=fact.id,
            date=fact.date,
            mark=self.mark(fact),
            independent="independent" in self._anywhere and len(self.dossier.origins(fact)) > 1,
            cast=tuple(dict.fromkeys([ref.id for ref in fact.cast])),
        )

    def keys(self, name: GroupName) -> list[str]:
        """Keys of all groups of one name, sorted."""
        return [key for group, key in self.groups if group == name]

    def has_page(self, key: str) -> bool:
        """Whether a date has a page: something stands there, or was published then."""
        return ("date", key) in self.groups or ("published", key) in self.groups

    @cached_property
    def calendar(self) -> Mapping[str, tuple[str, str]]:
        """Every year, month and day that has a page, with the one of its kind before and after it, or ""."""
        there = {*self.keys("date"), *self.keys("published")}
        kinds: dict[str, list[str]] = {}
        for key in sorted(there, key=lambda k: (edtf.span_of(k)[0], k)):
            kinds.setdefault(edtf.parse(key).precision, []).append(key)
        return {
            key: (same[at - 1] if at else "", same[at + 1] if at + 1 < len(same) else "")
            for same in kinds.values()
            for at, key in enumerate(same)
        }

    @cached_property
    def source_order(self) -> dict[str, int]:
        """Sources in order of publication, each with its place."""
        sources = self.dossier.sources
        ranked = sorted(sources, key=lambda k: (edtf.parse(sources[k].published).sort_key, k))
        return {key: at for at, key in enumerate(ranked)}

    @cached_property
    def _by_number(self) -> tuple[str, ...]:
        return tuple(self.source_order)

    @cached_property
    def source_neighbours(self) -> dict[str, tuple[str, str]]:
        """The sources published just before and just after each source, or ""."""
        order = list(self.source_order)
        return dict(zip(order, zip(["", *order], [*order[1:], ""], strict=False), strict=True))

    @cached_property
    def parts_of(self) -> dict[str, list[str]]:
        """Actors that belong to an actor, by its id, in the order of their names."""
        found: dict[str, list[str]] = {}
        parts = (actor for actor in self.dossier.actors.values() if actor.part_of)
        for actor in sorted(parts, key=lambda a: (self.say.sort_key(a.name), a.id)):
            found.setdefault(actor.part_of, []).append(actor.id)
        return found

    def date_href(self, date: edtf.Edtf) -> str:
        """Page of the finest period that a date names, or empty."""
        whole = date.start is None and not date.members
        return urls.date(date.pages[-1]) if whole and date.pages else ""

    # Facts

    def mark(self, fact: Fact) -> Mark:
        """The dot of a fact: its status, or planned while no fact gives its outcome."""
        return mark_of(fact.status, self.dossier.is_open(fact))

    def card(self, key: str) -> FactCard:
        """A fact as it stands in lists."""
        card = self._cards.get(key)
        if card is None:
            known = None if key in self._stale else self._known.cards.get(key)
            card = self._cards[key] = known or self._make_card(self.dossier.facts[key])
        return card

    # What a card shows of these may be left out of it, so files for machines ask here.

    def said(self, key: str) -> voice.Said:
        """The statement of a fact with the voice that it needs at each place."""
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = voice.said(self.dossier, self.dossier.facts[key])
        return found

    def alone(self, key: str) -> str:
        """The statement of a fact as it stands with nothing beside it."""
        return self.said(key).alone

    def status_word(self, fact: Fact) -> str:
        """The word of a fact's mark."""
        return terms.marked(self.say, self.mark(fact), fact.status)

    def cards(self, facts: Iterable[Fact | Outline]) -> tuple[FactCard, ...]:
        """Several facts as they stand in lists."""
        known = self._cards
        return tuple([known.get(f.id) or self.card(f.id) for f in facts])

    def _make_card(self, fact: Fact) -> FactCard:
        shown, say = self._anywhere, self.say
        date, mark = edtf.parse(fact.date), self.mark(fact)
        due = edtf.parse(fact.due) if fact.due else None
        quoted = [e.source for e in fact.evidence if e.stance != "context"]
        named = "kind" in shown and fact.kind != "event"
        return FactCard(
            id=fact.id,
            href=urls.fact(fact.id),
            statement=self.said(fact.id).listed,
            alone=self.alone(fact.id) if "alone" in shown else "",
            when=self.when(fact.date) if "when" in shown else "",
            datetime=date.attribute,
            lead=say.lower(terms.lead(say, fact.kind)) if fact.kind not in ("event", "utterance") else "",
            due=self.when(fact.due) if due else "",
            due_datetime=due.attribute if due else "",
            mark=mark,
            status_word=terms.marked(say, mark, fact.status) if "status_word" in shown else "",
            when_href=self.date_href(date),
            speaker=self._speaker(fact.speaker) if fact.speaker else None,
            actors=tuple([self.actor_link(ref.id) for ref in fact.cast if ref.id != fact.speaker]),
            quotes=len(quoted),
            sources=len(set(quoted)),
            origins=len(self.dossier.origins(fact, ("supports", "disputes"))) if "origins" in shown else 0,
            cited=self.cited(quoted) if "cited" in shown else (),
            kind=say.lower(say.gettext(terms.FACT_KIND[fact.kind])) if named else "",
            draft=fact.draft,
        )

    def tally(self, facts: Iterable[Outline]) -> tuple[tuple[Mark, int], ...]:
        """Marks of some facts with their numbers, in the order of the key."""
        counts = Counter([f.mark for f in facts])
        return tuple((mark, counts[mark]) for mark in terms.STATUS if counts[mark])

    # Sources and evidence

    @cached_property
    def newest(self) -> Source | None:
        """The source published last, by the first day it may have been; None when none has such a day."""
        dated = (
            (day, key)
            for key, source in self.dossier.sources.items()
            if (day := edtf.parse(source.published).earliest)
        )
        _, key = max(dated, default=((), ""))
        return self.dossier.sources.get(key)

    def source(self, key: str) -> SourceCard:
        """A source as it stands beside a quote or in a list."""
        card = self._sources.get(key)
        if card is None:
            card = self._sources[key] = self._make_source(self.dossier.sources[key])
        return card

    def _make_source(self, source: Source) -> SourceCard:
        published = edtf.parse(source.published)
        say = self.say
        by = bracketed(say.listed(source.authors), "authors" in source.supplied)
        credit = [say.gettext("by %(names)s") % {"names": by}] if source.authors else []
        if source.origin:
            names = say.listed([self.dossier.actors[a].name for a in source.origin])
            credit.append(say.gettext("credits %(names)s") % {"names": names})
        return SourceCard(
            id=source.id,
            href=urls.source(source.id),
            title=bracketed(source.title, "title" in source.supplied),
            publisher=bracketed(source.publisher, "publisher" in source.supplied),
            credit=say.gettext("%(authors)s; %(agencies)s") % {"authors": credit[0], "agencies": credit[1]}
            if len(credit) > 1
            else "".join(credit),
            published=bracketed(self.when(source.published), "published" in source.supplied),
            datetime=published.attribute,
            lang=source.language if source.language not in ("", self.language) else "",
            number=self.source_order[source.id] + 1 if self.shows("endnotes") else 0,
        )

    def cited(self, keys: Iterable[str]) -> tuple[int, ...]:
        """The numbers of some sources among the notes of printed pages, each once, in order."""
        return tuple(sorted({self.source_order[key] + 1 for key in keys}))

    def endnotes(self, numbers: Iterable[int]) -> tuple[Endnote, ...]:
        """The sources that have these numbers."""
        return tuple(self.endnote(self._by_number[number - 1]) for number in numbers)

    def endnote(self, key: str) -> Endnote:
        """A source with its addresses spelled out."""
        note = self._endnotes.get(key)
        if note is None:
            source = self.dossier.sources[key]
            copy = source.archived
            note = self._endnotes[key] = Endnote(
                source=self.source(key),
                url=source.url,
                archived_url=copy.url if copy else "",
                archived=self.when(copy.date) if copy else "",
            )
        return note

    def shape(self, key: str) -> Shape:
        """The measures of a source's saved text."""
        return self._origin(key).shape

    def _origin(self, key: str) -> _Origin:
        """What every quotation of a source shows of it."""
        found = self._origins.get(key)
        if found is None:
            source, measures = self.dossier.sources[key], self.dossier.measures[key]
            lang = source.language or self.language
            copy = source.archived
            to = direction(lang)
            drawn = measures.paragraphs if "shape" in self._anywhere else ()
            bounds = tuple([(p.start, p.end) for p in drawn])
            found = self._origins[key] = _Origin(
                card=self.source(key),
                is_shown=source.rights != "none",
                is_wrapped=measures.paragraphing == "blank",
                lang=lang,
                dir=to,
                archived_url=copy.url if copy else "",
                archived=self.when(copy.date) if copy else "",
                archived_day=day_of(copy.date) if copy else "",
                shape=Shape(paragraphs=bounds, length=measures.length, dir=to) if bounds else NO_SHAPE,
            )
        return found

    def passages(self, key: str) -> Sequence[Sequence[Quotation]]:
        """The passages quoted from a source in reading order, each with all that quote it."""
        found = self._passages.get(key)
        if found is None:
            by_anchor: dict[str, list[Quotation]] = {}
            for fact in self.facts("source", key):
                located = self.dossier.located[fact.id].evidence
                for evidence, each in zip(fact.evidence, located, strict=True):
                    if each.source == key:
                        by_anchor.setdefault(each.anchor, []).append((fact, evidence, each))
            found = self._passages[key] = sorted(by_anchor.values(), key=_in_order)
        return found

    def extent(self, key: str) -> Extent:
        """How much is quoted from a source."""
        found = self._extents.get(key)
        if found is None:
            shown, at = 0, 0
            for start, end in self.quoted(key):
                shown += max(0, end - max(start, at))
                at = max(at, end)
            found = self._extents[key] = Extent(len(self.passages(key)), shown)
        return found

    def quoted(self, key: str) -> tuple[tuple[int, int], ...]:
        """Where the quotes of a source stand, each passage once, in order."""
        spans = self._quoted.get(key)
        if spans is None:
            quotations = (each for alike in self.passages(key) for _, _, each in alike)
            found = {(span.start, span.end) for each in quotations for span in each.spans}
            spans = self._quoted[key] = tuple(sorted(found))
        return spans

    def language_of(self, evidence: Evidence) -> str:
        """The language of a quotation: its own, else that of its source, else the site's."""
        return evidence.lang or self._origin(evidence.source).lang

    def runs(self, evidence: Evidence, located: LocatedEvidence) -> tuple[Run, ...]:
        """The quote as the source has it, run by run; none when its rights allow no words."""
        if not self._origin(evidence.source).is_shown:
            return ()
        words = quotes.shown(evidence, located)
        if len(words) == 1:  # most quotes, said quickly
            return (Run(words=self.printed(evidence.source, words[0])),)
        gaps = (None, *located.gaps)
        return tuple(
            Run(
                words=self.printed(evidence.source, each),
                omitted=gap.words if gap else 0,
                apart=bool(gap and not gap.size),
            )
            for each, gap in zip(words, gaps, strict=True)
        )

    def printed(self, source: str, words: str) -> str:
        """Words of a source without line breaks that stand for nothing: browsers print a space for each."""
        if words.isascii():  # where each one stands for a space
            return words
        return fold.joined(words) if self._origin(source).is_wrapped else words

    def evidence(self, fact: Fact) -> tuple[EvidenceView, ...]:
        """The quotations of a fact, in the order written."""
        found = self.dossier.located[fact.id].evidence
        seen: set[str] = set()
        views = []
        stances = {e.stance for e in fact.evidence}
        for number, (evidence, located) in enumerate(zip(fact.evidence, found, strict=True), 1):
            first = located.source not in seen
            views.append(self._make_evidence(fact, evidence, located, number, stances, seen, first))
            seen.add(located.source)
            seen.add(located.anchor)
        return tuple(views)

    def _make_evidence(
        self,
        fact: Fact,
        evidence: Evidence,
        located: LocatedEvidence,
        number: int,
        stances: set[Stance],
        seen: set[str],
        first: bool,
    ) -> EvidenceView:
        """One quotation; `seen` are the anchors the page has already: a fragment stands only once on it."""
        shown, say = self._anywhere, self.say
        key = evidence.source
        source, origin = self.dossier.sources[key], self._origin(key)
        own = tuple([(s.start, s.end) for s in located.spans])
        checked, translation = evidence.checked, evidence.translation
        return EvidenceView(
            anchor="" if located.anchor in seen else located.anchor,
            number=number,
            total=len(fact.evidence),
            source=origin.card,
            before=self.printed(key, located.before) if located.before and origin.is_shown else "",
            runs=self.runs(evidence, located),
            after=self.printed(key, located.after) if located.after and origin.is_shown else "",
            omission=evidence.omission,
            lang=evidence.lang or origin.lang,
            dir=direction(evidence.lang) if evidence.lang else origin.dir,
            translation=translation.text if translation else "",
            translation_by=translation.by if translation else "",
            stance=evidence.stance,
            stance_word=terms.stance(say, evidence.stance, stances) if "stance_word" in shown else "",
            via=voice.chain(self.dossier, fact, evidence) if evidence.via else "",
            state="folded" if located.folds else "exact",
            state_words=terms.found(say, located) if "state_words" in shown else "",
            paragraph=located.paragraphs[0],
            start=own[0][0],
            end=own[-1][1],
            locator=source.locator,
            checked=say.gettext("Checked by %(name)s on %(date)s")
            % {"name": checked.by, "date": self.when(checked.on)}
            if checked
            else "",
            href=urls.source(key, located.anchor),
            url=source.url,
            passage_url=self.original(evidence, located) if "passage_url" in shown else "",
            archived_url=origin.archived_url,
            archived=origin.archived,
            archived_day=origin.archived_day,
            shape=origin.shape,
            own=own,
            others=tuple([s for s in self.quoted(key) if s not in own]) if "others" in shown else (),
            first_of_source=first,
        )

    def original(self, evidence: Evidence, located: LocatedEvidence) -> str:
        """Address of the original; at the passage, where a browser finds it and its words may be shown."""
        source = self.dossier.sources[evidence.source]
        typed = evidence.prefix or evidence.suffix
        if not source.url or source.rights == "none" or located.astray:
            return source.url
        if typed and not self.roomy(source.id):
            return source.url
        own = quotes.shown(evidence, located)
        paragraphing = self.dossier.measures[source.id].paragraphing
        return deeplinks.address(source.url, quotes.links(evidence, own, located.gaps, paragraphing))

    def roomy(self, source: str) -> bool:
        """Whether the words typed beside quotes of a source may be given away."""
        if source not in self._roomy:
            facts = [*self.facts("source", source), *self.facts("dated", source)]
            self._roomy[source] = around.is_roomy(self.dossier, source, facts)
        return self._roomy[source]

    # Words

    def when(self, date: str) -> str:
        """A date as typed, in words."""
        return datewords.words(edtf.parse(date), self.language)

    def resolve(self, root: str) -> markdown.Resolve:
        """What a `[[id]]` leads to on a page at a depth: a fact, an actor, a topic or a source."""

        def find(key: str) -> markdown.Target | None:
            d = self.dossier
            if key in d.facts:
                after = self._standing(d.facts[key])
                return markdown.Target(root + urls.fact(key), self.alone(key), after=after)
            if key in d.actors:
                return markdown.Target(root + urls.actor(key), d.actors[key].name)
            if key in d.topics:
                return markdown.Target(root + urls.topic(key), d.topics[key].name)
            if key in d.sources:
                source = self.source(key)
                return markdown.Target(root + source.href, source.title, source.lang)
            if key in d.questions:
                return markdown.Target(root + urls.question(key), d.questions[key].question)
            return None

        return find

    def _standing(self, fact: Fact) -> Markup:
        """What a link to a fact carries in a text."""
        card = self.card(fact.id)
        when = f"{card.lead} {self.when(fact.date)}".strip()
        sources = self.say.ngettext("%(num)s source", "%(num)s sources", card.sources)
        sources %= {"num": self.say.number(card.sources)}
        return marks.standing(when, card.mark, self.status_word(fact), sources)

    def markdown(self, text: str, path: str) -> Markup:
        """A Markdown text as it stands on the page at a path."""
        return markdown.html(text, self.resolve(urls.root(path))) if text else Markup()

    def actor_link(self, key: str) -> Link:
        """An actor's name and page."""
        link = self._links.get(key)
        if link is None:
            link = self._links[key] = Link(href=urls.actor(key), label=self.dossier.actors[key].name)
        return link

    def chip(self, key: str, role: str, office: str) -> ActorChip:
        """An actor on the page of a fact."""
        chip = self._chips.get((key, role, office))
        if chip is None:
            name = voice.name(self.say, self.dossier.actors[key])
            chip = ActorChip(name=name, href=urls.actor(key), role=role, office=office)
            self._chips[key, role, office] = chip
        return chip

    def _speaker(self, key: str) -> Link:
        """An actor as one who speaks, and the page."""
        return Link(href=urls.actor(key), label=voice.name(self.say, self.dossier.actors[key]))

    # Questions

    def question_card(self, key: str) -> QuestionCard:
        """A question as it stands in lists."""
        question = self.dossier.questions[key]
        return QuestionCard(
            href=urls.question(key),
            question=question.question,
            answers=tuple(p.label for p in question.positions),
            ruling=terms.ruling(self.say, question.ruling),
        )

    def asked(self, fact: str) -> tuple[QuestionCard, ...]:
        """Questions to which a fact gives one of the answers."""
        if self._asked is None:
            self._asked = {}
            for key, question in self.dossier.questions.items():
                for answer in dict.fromkeys(f for p in question.positions for f in p.facts):
                    self._asked.setdefault(answer, []).append(self.question_card(key))
        return tuple(self._asked.get(fact, ()))
