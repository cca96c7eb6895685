"""The page of a fact: what is said, how sure, when, and in whose exact words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from markupsafe import Markup

from generator import citing, date_checks, datewords, edtf, embed_page, plans, terms, urls, voice, wordings
from generator.content import Actor, ActorRef, Fact, Source
from generator.dating import Possible, overlap
from generator.groups import Member
from generator.languages import Language, marked
from generator.marks import in_language, nb
from generator.shelves import Shelves, bracketed
from generator.views import (
    ActorChip,
    ChangeView,
    CiteView,
    DatePlate,
    FactView,
    Link,
    Mark,
    Neighbour,
    RelationView,
    WordingView,
    YearStrip,
)


def view(shelves: Shelves, key: str) -> FactView:
    """Everything the page of a fact shows; a field that no template shows is not worked out."""
    dossier, shown, say = shelves.dossier, shelves.shown(FactView), shelves.say
    fact = dossier.facts[key]
    mark = shelves.mark(fact)
    path = urls.fact(key)
    date = edtf.parse(fact.date)
    noted = "status_note" in shown or "description" in shown
    origins = dossier.origins(fact) if noted or "origins" in shown or "counted" in shown else ()
    status = terms.marked(say, mark, fact.status) if noted or "status_word" in shown else ""
    note = _standing(shelves, fact, mark, len(origins)) if noted else ""
    spoken = shelves.said(key)
    related = dossier.relations.get(key, ())
    # What became of a plan is left out among the relations where the plan tells of it.
    plan = plans.of_fact(shelves, fact) if "plan" in shown or related else None
    told = plans.FOLLOWING if plan and plan.steps else frozenset()
    cited = _cited(shelves, fact) if "cite" in shown or "cites" in shown else None
    chips = {ref.id: _chip(shelves, ref, date) for ref in fact.cast}
    return FactView(
        path=path,
        title=spoken.alone,
        description=f"{spoken.alone}. {status}. {note}" if "description" in shown else "",
        section="timeline.html",
        crumbs=tuple(_crumbs(shelves, date)) if "crumbs" in shown else (),
        id=fact.id,
        statement=spoken.headed,
        mark=mark,
        status_word=status,
        status_note=note,
        kind=say.gettext(terms.FACT_KIND[fact.kind]) if "kind" in shown else "",
        draft=fact.draft,
        withdrawn=_withdrawn(shelves, fact),
        speaker=chips.get(fact.speaker),
        quoted_by=say.listed(_quoted_by(shelves, fact)) if fact.speaker else "",
        caution=voice.caution(dossier, fact) if "caution" in shown else "",
        actors=tuple([c for a, c in chips.items() if a != fact.speaker or c.role != "speaker"]),
        date=_plate(shelves, fact),
        evidence=shelves.evidence(fact),
        sources=len({e.source for e in fact.evidence}),
        origins=len(origins),
        counted=tuple(_counted(shelves, fact, origins)) if "counted" in shown else (),
        questions=shelves.asked(key) if "questions" in shown else (),
        gaps=fact.gaps,
        note=shelves.markdown(fact.note, path) if fact.note else Markup(),
        plan=plan,
        relations=tuple(
            [
                RelationView(
                    label=say.gettext(r.label),
                    against=r.type == "contradicts",
                    card=shelves.card(r.target),
                )
                for r in related
                if r.type not in told
            ]
        ),
        neighbours=tuple(_neighbours(shelves, fact)) if "neighbours" in shown else (),
        topics=tuple([Link(href=urls.topic(t), label=dossier.topics[t].name) for t in fact.topics]),
        cite=_cite(cited) if cited and "cite" in shown else Markup(),
        cites=tuple(CiteView(label=label, text=form(cited)) for label, form in citing.FORMATS.items())
        if cited and "cites" in shown
        else (),
        picture=urls.picture(key) if _has_picture(shelves, key) else "",
        embed=urls.embed(key) if embed_page.has(shelves, key) else "",
        embed_code=embed_page.code(shelves, key) if "embed_code" in shown else "",
        anchor=wordings.anchor(fact.statement) if "anchor" in shown else "",
        wordings=tuple(earlier_wordings(shelves, fact)) if fact.changes else (),
        edtf=fact.date,
        changes=tuple(change_view(shelves, fact)) if fact.changes else (),
        added=shelves.when(fact.added) if fact.added else "",
        added_datetime=edtf.parse(fact.added).attribute if fact.added else "",
    )


def _has_picture(shelves: Shelves, key: str) -> bool:
    asked = shelves.dossier.site.picture
    return not isinstance(asked, bool) and key in asked


def _standing(shelves: Shelves, fact: Fact, mark: Mark, origins: int) -> str:
    supporting = sum(e.stance == "supports" for e in fact.evidence)
    outlets = len(shelves.dossier.outlets(fact))
    return terms.standing(shelves.say, mark, fact.status, outlets=outlets, origins=origins, quotes=supporting)


def earlier_wordings(shelves: Shelves, fact: Fact) -> Iterator[WordingView]:
    """The wordings of a fact that no longer stand, the one replaced last first."""
    for old in wordings.earlier(fact):
        yield WordingView(
            anchor=old.anchor,
            words=old.words,
            changed=shelves.when(old.change.date),
            datetime=edtf.parse(old.change.date).attribute,
            reason=old.change.reason,
        )


def change_view(shelves: Shelves, fact: Fact) -> Iterator[ChangeView]:
    """The corrections of a fact, newest first."""
    newest = sorted(fact.changes, key=lambda c: edtf.parse(c.date).sort_key, reverse=True)
    past = {old.words: old.anchor for old in wordings.earlier(fact)}
    for change in newest:
        anchor = past.get(change.was, "") if change.kind == "wording" else ""
        yield ChangeView(
            when=shelves.when(change.date),
            datetime=edtf.parse(change.date).attribute,
            kind=shelves.say.gettext(terms.CHANGE[change.kind]),
            was=change.was,
            reason=change.reason,
            href=f"{urls.fact(fact.id)}#{anchor}" if anchor else "",
        )


def _withdrawn(shelves: Shelves, fact: Fact) -> ChangeView | None:
    """The change that withdrew a fact, when the curator wrote one down."""
    if fact.status != "withdrawn":
        return None
    kind = terms.CHANGE["withdrawal"]
    withdrawal = shelves.say.gettext(kind)
    return next((c for c in change_view(shelves, fact) if c.kind == withdrawal), None)


def _crumbs(shelves: Shelves, date: edtf.Edtf) -> Iterator[Link]:
    if date.start is None and not date.members:
        for key in date.pages[:2]:
            yield Link(href=urls.date(key), label=datewords.short(key, shelves.language))


def _chip(shelves: Shelves, ref: ActorRef, date: edtf.Edtf) -> ActorChip:
    actor = shelves.dossier.actors[ref.id]
    return shelves.chip(ref.id, ref.role, office(shelves, actor, date) if actor.roles else "")


def office(shelves: Shelves, actor: Actor, date: edtf.Edtf) -> str:
    """The office an actor held for certain throughout a date, in words; empty when none is known."""
    for role in actor.roles:
        since, until = role.from_ and edtf.parse(role.from_), role.to and edtf.parse(role.to)
        if since and (not date.earliest or not since.earliest or date.earliest < since.earliest):
            continue
        if until and (not date.latest or not until.latest or date.latest > until.latest):
            continue
        if since or until:
            return office_of(shelves, role.title, role.of)
    return ""


def office_of(shelves: Shelves, title: str, of: str) -> str:
    """An office, with the actor it is held at when there is one: "Mayor, Council of Marlow"."""
    if not of:
        return title
    return shelves.say.gettext("%(title)s, %(actor)s") % {
        "title": title,
        "actor": shelves.dossier.actors[of].name,
    }


def _quoted_by(shelves: Shelves, fact: Fact) -> list[str]:
    """Through whom the words of a speaker reached the sources, each once."""
    names = (a for e in fact.evidence if e.stance != "context" for a in e.via)
    return [
        voice.name(shelves.say, shelves.dossier.actors[a]) for a in dict.fromkeys(names) if a != fact.speaker
    ]


def _counted(shelves: Shelves, fact: Fact, origins: tuple[frozenset[str], ...]) -> Iterator[Markup]:
    """Why several sources count as one origin: independence is told, not only counted."""
    dossier = shelves.dossier
    support = [e for e in fact.evidence if e.stance == "supports"]
    for origin in origins:
        behind = [e for e in support if dossier.origin(e) & origin]
        sources = dict.fromkeys(e.source for e in behind)
        if len(sources) > 1:
            say = shelves.say
            told = Markup(say.gettext("%(titles)s count as one origin: %(names)s."))
            yield told % {
                "titles": titles(shelves, sources),
                "names": nb(say.listed([_origin(shelves, key) for key in sorted(origin)])),
            }


def titles(shelves: Shelves, sources: Iterable[str]) -> Markup:
    """Titles of sources in a sentence: in the quotation marks of the site, each in its own language."""
    say, cards = shelves.say, map(shelves.source, sources)
    marked_off = Markup(say.gettext("“%(title)s”"))
    return Markup(say.listed([str(marked_off % {"title": in_language(c.title, c.lang)}) for c in cards]))


def _origin(shelves: Shelves, key: str) -> str:
    """An origin in words: the name of an actor, or of a publisher that is none."""
    actors = shelves.dossier.actors
    return voice.name(shelves.say, actors[key]) if key in actors else key.removeprefix("publisher ")


def _plate(shelves: Shelves, fact: Fact) -> DatePlate:
    shown, date = shelves.shown(FactView), edtf.parse(fact.date)
    due = edtf.parse(fact.due) if fact.due else None
    dated = fact.dating
    of = shelves.dossier.sources[dated.source or fact.evidence[0].source] if dated else None
    outside = bool(dated and dated.from_ == "outside")
    quoted = of if of and of.rights != "none" and dated and dated.phrase else None
    return DatePlate(
        words=bracketed(shelves.when(fact.date), outside) if "words" in shown else "",
        outside=outside,
        datetime=date.attribute,
        href=shelves.date_href(date),
        pages=tuple(_stands_on(shelves, date)) if "pages" in shown else (),
        lead=terms.lead(shelves.say, fact.kind),
        due=shelves.when(fact.due) if due else "",
        due_datetime=due.attribute if due else "",
        due_href=shelves.date_href(due) if due else "",
        phrase=_phrase(shelves, fact) if quoted else "",
        phrase_published=shelves.source(quoted.id).published if quoted else "",
        phrase_lang=(of.language or shelves.language) if of else "",
        how=tuple(_how(shelves, fact, quoted)) if dated and "how" in shown else (),
        reported=tuple(_reported(shelves, fact)) if "reported" in shown else (),
        strips=tuple(_strips(shelves, fact, date)) if "strips" in shown else (),
    )


def _reported(shelves: Shelves, fact: Fact) -> Iterator[str]:
    """When the sources told of it, the earliest first."""
    sources = {e.source: shelves.dossier.sources[e.source] for e in fact.evidence}
    published = sorted(sources.values(), key=lambda s: (edtf.parse(s.published).sort_key, s.id))
    days = (bracketed(shelves.when(s.published), "published" in s.supplied) for s in published)
    reported = shelves.say.gettext("Reported %(date)s")
    return (reported % {"date": text} for text in dict.fromkeys(days))


def _stands_on(shelves: Shelves, date: edtf.Edtf) -> Iterator[Link]:
    """The finest pages on which a date stands that names no single day, month or year."""
    if date.start is None and not date.members and date.pages:
        return
    for key in date.pages:
        if not any(finer.startswith(f"{key}-") for finer in date.pages):
            yield Link(href=urls.date(key), label=datewords.short(key, shelves.language))
    if not date.pages:
        yield Link(href="dates.html#va", label=shelves.say.gettext("No single year"))


def _phrase(shelves: Shelves, fact: Fact) -> str:
    typed = fact.dating.phrase if fact.dating else ""
    return shelves.dossier.located[fact.id].phrase_words or typed


def _how(shelves: Shelves, fact: Fact, phrased: Source | None) -> Iterator[str]:
    """The way from the words to the date, a sentence each; `phrased` is the source whose words are shown."""
    meant = date_checks.meaning(shelves.dossier, fact) if phrased else None
    dates = [edtf.parse(d) for d in (fact.date, fact.due) if d]
    if meant and meant.counted and any(overlap(meant, d) for d in dates):
        counted = shelves.say.gettext("Counted from its publication, that is %(date)s.")
        yield counted % {"date": _meant(shelves, meant)}
    if fact.dating and fact.dating.basis:
        origin = {
            "source": marked("Worked out from the source: %(basis)s."),
            "dossier": marked("Worked out from another fact of this dossier: %(basis)s."),
            "outside": marked("Known from outside the sources: %(basis)s."),
        }[fact.dating.from_]
        yield shelves.say.gettext(origin) % {"basis": fact.dating.basis.rstrip(".")}


def _meant(shelves: Shelves, meant: Possible) -> str:
    """What a phrase can mean, in words; of several days of one name, the first and the last."""
    if len(meant.spans) > 2:
        first, last = (edtf.parse(Possible(spans=(s,)).text) for s in (meant.spans[0], meant.spans[-1]))
        slots = {
            "first": datewords.words(first, shelves.language),
            "last": datewords.words(last, shelves.language),
        }
        if meant.weekday is None:
            return shelves.say.gettext("a day between %(first)s and %(last)s") % slots
        slots["weekday"] = shelves.say.weekdays[meant.weekday]
        return shelves.say.gettext("a %(weekday)s between %(first)s and %(last)s") % slots
    return shelves.when(meant.text)


def _strips(shelves: Shelves, fact: Fact, date: edtf.Edtf) -> Iterator[YearStrip]:
    """The calendar years a date touches, when they are few enough to draw."""
    if date.earliest is None or date.latest is None:
        return
    years = range(date.earliest[0], date.latest[0] + 1)
    if len(years) > 3 or date.earliest[0] < 1:
        return
    sources = dict.fromkeys(e.source for e in fact.evidence)
    published = [edtf.parse(shelves.dossier.sources[key].published) for key in sources]
    sure = date.earliest[:2] == date.latest[:2] and not (date.uncertain or date.approximate)
    for year in years:
        cells = tuple(
            ("known" if sure else "maybe") if date.earliest[:2] <= (year, month) <= date.latest[:2] else ""
            for month in range(1, 13)
        )
        months = sorted(
            {
                p.earliest[1]
                for p in published
                if p.earliest and p.latest and p.earliest[:2] == p.latest[:2] and p.earliest[0] == year
            }
        )
        yield YearStrip(
            year=year,
            cells=cells,  # type: ignore[arg-type]  # each cell is one of the three literals
            reported=tuple(months),
            words=_strip_words(shelves.say, year, cells, months, fact.kind == "event"),
        )


#: What a strip says by whether the fact happened or is merely dated, is surely there, and in one month.
_STRIP = {
    (True, True, True): marked("%(year)s by month: happened in %(first)s"),
    (True, True, False): marked("%(year)s by month: happened from %(first)s to %(last)s"),
    (True, False, True): marked("%(year)s by month: happened some time in %(first)s"),
    (True, False, False): marked("%(year)s by month: happened some time from %(first)s to %(last)s"),
    (False, True, True): marked("%(year)s by month: dated in %(first)s"),
    (False, True, False): marked("%(year)s by month: dated from %(first)s to %(last)s"),
    (False, False, True): marked("%(year)s by month: dated some time in %(first)s"),
    (False, False, False): marked("%(year)s by month: dated some time from %(first)s to %(last)s"),
}


def _strip_words(say: Language, year: int, cells: tuple[str, ...], months: list[int], happened: bool) -> str:
    touched = [n for n, cell in enumerate(cells, 1) if cell]
    first, last = say.months[touched[0] - 1], say.months[touched[-1] - 1]
    when = say.gettext(_STRIP[happened, "maybe" not in cells, first == last])
    when %= {"year": year, "first": first, "last": last}
    if not months:
        return when
    reported = say.gettext("%(strip)s, reported in %(months)s")
    return reported % {"strip": when, "months": say.listed([say.months[m - 1] for m in months])}


def _neighbours(shelves: Shelves, fact: Fact) -> Iterator[Neighbour]:
    for ref in fact.cast:
        members = shelves.members("actor", ref.id)
        at = bisect_left(members, Member(edtf.parse(fact.date).sort_key, fact.id))
        earlier = shelves.card(members[at - 1].id) if at else None
        later = shelves.card(members[at + 1].id) if at + 1 < len(members) else None
        if earlier or later:
            yield Neighbour(actor=shelves.actor_link(ref.id), earlier=earlier, later=later)


def _cite(cited: citing.Cited) -> Markup:
    """The citation in plain words, with the quotation in its own language."""
    text = citing.plain(cited)
    before, quote, after = text.rpartition(citing.line(cited.quote)) if cited.quote_lang else ("", "", text)
    return nb(before) + in_language(quote, cited.quote_lang) + nb(after) if quote else nb(text)


def _cited(shelves: Shelves, fact: Fact) -> citing.Cited:
    """What others cite: the wording that stands, with its address and words of a source."""
    site, anchor = shelves.dossier.site, wordings.anchor(fact.statement)
    changed = sorted((c.date for c in fact.changes), key=lambda d: edtf.parse(d).sort_key)
    say = shelves.say
    standing = say.gettext("As changed on %(date)s.") % {"date": shelves.when(changed[-1])} if changed else ""
    if withdrawal := _withdrawn(shelves, fact):
        standing = say.gettext("Withdrawn on %(date)s.") % {"date": withdrawal.when}
    if fact.status in ("claimed", "denied", "disputed"):
        status = say.lower(say.gettext(terms.STATUS[fact.status].word))
        marked_as = say.gettext("Marked as %(status)s.") % {"status": status}
        standing = f"{standing} {marked_as}".strip()
    quote, lang, source = _quoted(shelves, fact)
    return citing.Cited(
        id=fact.id,
        anchor=anchor,
        statement=f"{shelves.said(fact.id).headed}.",
        dossier=site.title,
        editors=site.editors,
        language=site.language,
        day=changed[-1] if changed else fact.added,
        standing=standing,
        quote=quote,
        quote_lang=lang if lang != site.language else "",
        quoted_from=source,
        url=f"{shelves.url}{urls.fact(fact.id)}#{anchor}" if shelves.url else "",
    )


def _quoted(shelves: Shelves, fact: Fact) -> tuple[str, str, str]:
    """The first words that support a fact and may be shown, their language, and who published them when."""
    for evidence, located in zip(fact.evidence, shelves.dossier.located[fact.id].evidence, strict=True):
        runs = shelves.runs(evidence, located) if evidence.stance == "supports" else ()
        if runs:
            source = shelves.source(evidence.source)
            told = shelves.say.gettext("%(publisher)s, %(date)s")
            by = told % {"publisher": source.publisher, "date": source.published}
            return " […] ".join(run.words for run in runs), shelves.language_of(evidence), by
    return "", "", ""
