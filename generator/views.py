"""What a template sees: one frozen value for each kind of page, holding everything the page may show.

In: nothing; builders fill these values from the linked dossier. Out: values that hold ready words, links
and numbers, so that templates loop and ask "is there any", and decide nothing else. A page's fingerprint
is taken from its view, so a view holds nothing that the page does not show.

Conventions:
- A template also gets `site` (a `SiteView`), `root` ("" or "../", the way to the site's root) and pure
  functions. Links to our own pages are relative to the site's root and written `{{ root }}{{ x.href }}`;
  an empty link means there is no such page. Links elsewhere are absolute and named `url`.
- Text is plain and escaped where it is shown; only fields of type `Markup` hold HTML, already rendered
  for the depth of the page (msgspec encodes them with `enc_hook=str`).
- Text the editors supplied because the source does not state it carries its square brackets.
- Offsets are code points of the saved text, half-open. Empty text, 0 and None mean "not shown".

Field comments that start with `#:` are printed in the reference of templates.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from markupsafe import Markup
from msgspec import Struct

#: How a fact is marked: its status, or `planned` for a plan without an outcome.
Mark: TypeAlias = Literal["confirmed", "reported", "claimed", "denied", "disputed", "withdrawn", "planned"]
Direction: TypeAlias = Literal["ltr", "rtl"]
#: From, up to and not including; code points of the saved text.
Bounds: TypeAlias = tuple[int, int]


class View(Struct, frozen=True, kw_only=True, array_like=True):
    """Any value that a template may show. Fingerprints digest its fields in order, without their names."""


# Parts that several pages share


class Link(View, frozen=True, kw_only=True):
    """A page of ours and what to call it."""

    #: Address relative to the site's root; empty: named without a link.
    href: str = ""
    #: What the reader sees.
    label: str
    #: Language of the label (BCP 47) when it is not the site's: that of a source's title.
    lang: str = ""


class Reference(View, frozen=True, kw_only=True):
    """An address outside the site."""

    #: Absolute address.
    url: str
    #: What the reader sees.
    label: str


class Tally(View, frozen=True, kw_only=True):
    """A page of ours with how many facts it shows."""

    #: Address relative to the site's root.
    href: str
    #: What the reader sees.
    label: str
    #: Number of facts.
    count: int
    #: A second, smaller line.
    note: Markup = Markup()
    #: Language of the label (BCP 47) when it is not the site's: that of a source's title.
    lang: str = ""
    #: Number of its facts in each stretch of the time that all rows have in common; empty: not drawn.
    course: tuple[int, ...] = ()


class StatusKey(View, frozen=True, kw_only=True):
    """One line of the key: what a dot means."""

    #: Class of the dot.
    mark: Mark
    #: Its word ("Reported").
    word: str
    #: What a fact needs to earn it.
    meaning: str


class MarkCount(View, frozen=True, kw_only=True):
    """How many facts carry a mark."""

    #: Class of the dot.
    mark: Mark
    #: Its word ("Reported").
    word: str
    #: Number of facts.
    count: int
    #: The timeline with these facts only; empty: it is split, or shows no others.
    href: str = ""


class FactCard(View, frozen=True, kw_only=True):
    """A fact as it stands in lists: rendered once for each depth and reused wherever it stands."""

    #: Id of the fact.
    id: str
    #: Its page.
    href: str
    #: The fact in one sentence, without its full stop, for where its mark stands beside it in words.
    statement: str
    #: The same for where nothing stands beside it: who says it, or how little it is sure of, comes first.
    alone: str
    #: Its date in words ("July 2019", "by 25 October 2019").
    when: str
    #: The date as HTML's `datetime`: a day, a month or a year that one date can state; else empty.
    datetime: str = ""
    #: What the date is, when it is not when something happened ("as of", "announced").
    lead: str = ""
    #: For plans: when it is to happen, in words.
    due: str = ""
    #: The due date as HTML's `datetime`, or empty.
    due_datetime: str = ""
    #: Class of the dot.
    mark: Mark
    #: Word of the mark, as shown ("Reported").
    status_word: str
    #: Page of the finest period the date names; empty: it names none.
    when_href: str = ""
    #: For utterances: who said it.
    speaker: Link | None = None
    #: Its other actors, in order.
    actors: tuple[Link, ...] = ()
    #: Number of quotes that support or dispute it.
    quotes: int
    #: Number of sources they come from.
    sources: int
    #: Number of independent origins behind these sources.
    origins: int
    #: The numbers of these sources among the notes of printed pages.
    cited: tuple[int, ...] = ()
    #: Kind of the fact in words, when it is not an event ("statement", "assessment").
    kind: str = ""
    #: Whether it is a draft, shown in the preview only.
    draft: bool = False
    #: The day it is shown as known on (`2019-06-04`); empty: as it stands now.
    as_of: str = ""


class CardGroup(View, frozen=True, kw_only=True):
    """Facts under one heading of a list."""

    #: Fragment that leads here, unique on the page ("y2019", "m2019-07").
    id: str
    #: The heading ("2019", "July").
    heading: str
    #: Page of that year or month.
    href: str = ""
    #: The facts, in order.
    cards: tuple[FactCard, ...]


class Part(View, frozen=True, kw_only=True):
    """One page of a list that is too long for one."""

    #: Its address relative to the site's root.
    href: str
    #: What it holds ("2019", "July 2019", "Page 2").
    label: str
    #: Number of facts on it.
    count: int
    #: Whether it is the page in hand.
    current: bool = False


class Listing(View, frozen=True, kw_only=True):
    """A list of facts in groups, on one page or split over several."""

    #: Groups on this page, in order; empty on the front page of a split list.
    groups: tuple[CardGroup, ...] = ()
    #: Number of facts in the groups on this page.
    count: int = 0
    #: Every page of a split list; empty when the list is whole.
    parts: tuple[Part, ...] = ()


class Bin(View, frozen=True, kw_only=True):
    """Facts of one month, or those of a year that belong to no single month."""

    #: Year the facts happened in.
    year: int
    #: Month, 1 to 12; 0: no single month.
    month: int = 0
    #: Page of the month; empty: none.
    href: str = ""
    #: Marks with their numbers, in the order of the key.
    marks: tuple[tuple[Mark, int], ...]


class YearLink(View, frozen=True, kw_only=True):
    """A year that has a page."""

    #: The year.
    year: int
    #: Its page.
    href: str


class Overview(View, frozen=True, kw_only=True):
    """Facts counted by month; the picture works out its own axis."""

    #: Months and years with facts, in order; empty ones are left out.
    bins: tuple[Bin, ...] = ()
    #: Years that have a page, in order.
    years: tuple[YearLink, ...] = ()
    #: Number of facts without even a year, which the picture cannot show.
    undrawn: int = 0


class LaneDot(View, frozen=True, kw_only=True):
    """A fact in an actor's lane."""

    #: Year it happened in.
    year: int
    #: Month, 1 to 12.
    month: int
    #: Class of the dot.
    mark: Mark
    #: Page of the fact.
    href: str
    #: The fact in one sentence.
    statement: str
    #: Its date in words, with what the date is ("as of July 2019").
    when: str = ""
    #: The word of its mark ("Reported").
    status_word: str = ""
    #: Number of sources it rests on.
    sources: int = 0


class Lane(View, frozen=True, kw_only=True):
    """One actor's facts in time, or those that give one answer to a question."""

    #: The actor, or the answer, which has no page.
    actor: Link
    #: Its facts that are dated to a month or finer, in order.
    dots: tuple[LaneDot, ...] = ()


class Lanes(View, frozen=True, kw_only=True):
    """Who, when: the actors with most facts."""

    #: Lanes, the actor with most facts first.
    lanes: tuple[Lane, ...]
    #: Number of actors that have no lane here.
    left_out: int = 0
    #: Number of facts without a month, which are only in the list.
    undrawn: int = 0


class Shape(View, frozen=True, kw_only=True):
    """The measures of a saved text: what a miniature is drawn from, without a word of it."""

    #: Paragraphs, in order.
    paragraphs: tuple[Bounds, ...]
    #: Length in code points.
    length: int
    #: Reading direction of the article.
    dir: Direction = "ltr"


class SourceCard(View, frozen=True, kw_only=True):
    """A source as it stands beside a quote or in a list."""

    #: Id of the source.
    id: str
    #: Its page.
    href: str
    #: Title, in brackets when supplied.
    title: str
    #: Publisher, in brackets when supplied.
    publisher: str
    #: Authors and agency credits in words ("by A. Writer; credits Reuters").
    credit: str = ""
    #: Date of publication in words, in brackets when supplied.
    published: str
    #: That date as HTML's `datetime`, or empty.
    datetime: str = ""
    #: Language of the title (BCP 47) when it is not the site's.
    lang: str = ""
    #: Its number among the notes of printed pages, the same on every page: its place in order of publication.
    number: int = 0


class Endnote(View, frozen=True, kw_only=True):
    """A source as a printed page names it: with its addresses spelled out."""

    #: The source.
    source: SourceCard
    #: Address of the original.
    url: str = ""
    #: Address of an archived copy.
    archived_url: str = ""
    #: When the copy was made, in words.
    archived: str = ""


class Run(View, frozen=True, kw_only=True):
    """An unbroken run of the source's own words; what was left out before it is told outside the yellow."""

    #: The source's own words, as stored but for line breaks that stand for nothing (`fold.joined`).
    words: str
    #: Number of words left out between the run before and this one.
    omitted: int = 0
    #: True when this is another passage of the same utterance rather than words further on.
    apart: bool = False


class Quoted(View, frozen=True, kw_only=True):
    """Words of a source, and where they stand in it."""

    #: The words, run by run; empty when the source's rights allow none to be shown.
    runs: tuple[Run, ...] = ()
    #: Number of the paragraph they start in, from 1.
    paragraph: int
    #: First code point.
    start: int
    #: Code point after the last.
    end: int
    #: Language of the words (BCP 47), always given.
    lang: str
    #: Reading direction of the words.
    dir: Direction = "ltr"


class EvidenceView(Quoted, frozen=True, kw_only=True):
    """One quotation with where it stands and how it was checked."""

    #: Fragment of this quotation on the page ("q-1a2b3c4d"); empty where the same words stand there already.
    anchor: str
    #: Its number among the quotations of the fact, from 1.
    number: int
    #: Number of quotations of the fact.
    total: int
    #: The source.
    source: SourceCard
    #: Context words before the quote, up to it: white space between them included.
    before: str = ""
    #: Context words after the quote, from it on: white space or a full stop between them included.
    after: str = ""
    #: Why words were left out, when a gap hides something a reader should know of.
    omission: str = ""
    #: Our rendering in the language of the site.
    translation: str = ""
    #: Who made the rendering.
    translation_by: str = ""
    #: What the words do for the fact: its class.
    stance: Literal["supports", "disputes", "context"] = "supports"
    #: The same in words, where not all of it is plain support ("Disputes this fact", "For context only").
    stance_word: str = ""
    #: Through whom it reached the source ("Reported by Reuters").
    via: str = ""
    #: How the words were found.
    state: Literal["exact", "folded"]
    #: The same in words ("Matches the saved text, exact apart from a no-break space").
    state_words: str
    #: Page of a PDF or time code, in words.
    locator: str = ""
    #: A second pair of eyes, in words ("Checked by AB on 22 November 2026").
    checked: str = ""
    #: The passage on the source's page ("sources/ID.html#q-1a2b3c4d").
    href: str
    #: Address of the original.
    url: str = ""
    #: The same, at the passage where a browser would find it; the same as `url` when no link can lead there.
    passage_url: str = ""
    #: Address of an archived copy.
    archived_url: str = ""
    #: When the copy was made, in words.
    archived: str = ""
    #: The same as `YYYY-MM-DD`, when it names one day.
    archived_day: str = ""
    #: The article's measures.
    shape: Shape
    #: Where this quote stands.
    own: tuple[Bounds, ...]
    #: Where other quotes of the same article stand.
    others: tuple[Bounds, ...] = ()
    #: Whether it is the first quotation of its source on the page: that one is drawn as a miniature.
    first_of_source: bool = True


class YearStrip(View, frozen=True, kw_only=True):
    """Twelve months of one year: when it happened and when that was reported."""

    #: The year.
    year: int
    #: Twelve cells: `known`, `maybe` (a range or an uncertain date), or empty.
    cells: tuple[Literal["", "known", "maybe"], ...]
    #: Months, 1 to 12, in which a source of the fact was published.
    reported: tuple[int, ...] = ()
    #: The same in words, for those who cannot see it ("2019 by month: happened in July").
    words: str


class DatePlate(View, frozen=True, kw_only=True):
    """The date of a fact, how it is known, and how precise it is."""

    #: The date in words, in brackets when no source of the dossier leads to it.
    words: str
    #: Whether it is known from outside the sources.
    outside: bool = False
    #: The date as HTML's `datetime`, or empty.
    datetime: str = ""
    #: Page of that day, month or year.
    href: str = ""
    #: For a range or a choice of dates: the pages it stands on.
    pages: tuple[Link, ...] = ()
    #: What the date is, when it is not when something happened ("As of", "Announced", "Said").
    lead: str = ""
    #: For plans: when it is to happen, in words.
    due: str = ""
    #: The due date as HTML's `datetime`, or empty.
    due_datetime: str = ""
    #: Page of the due date.
    due_href: str = ""
    #: The source's own words for the time ("in July"), which are quoted text.
    phrase: str = ""
    #: Language of those words (BCP 47).
    phrase_lang: str = ""
    #: When the source of those words was published, in words.
    phrase_published: str = ""
    #: How the date was reached and how precise it is, a sentence each.
    how: tuple[str, ...] = ()
    #: When its sources were published, in words, a source each ("Reported [25 October 2019]").
    reported: tuple[str, ...] = ()
    #: The years it touches, at most three; empty when it spans more or none is known.
    strips: tuple[YearStrip, ...] = ()


class ActorChip(View, frozen=True, kw_only=True):
    """An actor of a fact."""

    #: Name.
    name: str
    #: Page of the actor.
    href: str
    #: Its part in the fact ("supplier").
    role: str = ""
    #: The office held at that date ("Minister of National Defence of Turkey").
    office: str = ""


class RelationView(View, frozen=True, kw_only=True):
    """A connected fact."""

    #: The connection in words, seen from the fact in hand ("Fulfils a plan", "Followed by").
    label: str
    #: Whether the two contradict each other.
    against: bool = False
    #: The other fact.
    card: FactCard


class PlanStep(View, frozen=True, kw_only=True):
    """One fact on the way from an announcement to its outcome."""

    #: What it did to the plan ("Announced", "Postponed", "Fulfilled").
    label: str
    #: The fact.
    card: FactCard
    #: Whether it is the fact in hand.
    current: bool = False


class PlanChain(View, frozen=True, kw_only=True):
    """What was announced and what became of it, in order."""

    #: How it stands ("Overdue").
    state: str
    #: The same in a sentence, with the day it is judged by.
    note: str = ""
    #: The facts, the announcement first; empty: nothing followed it so far.
    steps: tuple[PlanStep, ...] = ()


class Neighbour(View, frozen=True, kw_only=True):
    """The facts right before and after this one in which the same actor takes part."""

    #: The actor.
    actor: Link
    #: The fact before.
    earlier: FactCard | None = None
    #: The fact after.
    later: FactCard | None = None


class ChangeView(View, frozen=True, kw_only=True):
    """A correction."""

    #: When it was made, in words.
    when: str
    #: The same as HTML's `datetime`.
    datetime: str
    #: What was corrected, in words ("Wording").
    kind: str
    #: The earlier wording or value.
    was: str = ""
    #: Why it was changed.
    reason: str
    #: Address of the earlier wording on the page of its fact; empty for other corrections.
    href: str = ""


class WordingView(View, frozen=True, kw_only=True):
    """A wording of a fact that no longer stands."""

    #: Fragment that leads here ("v-1a2b3c").
    anchor: str
    #: The wording.
    words: str
    #: When it was changed, in words.
    changed: str
    #: The same as HTML's `datetime`.
    datetime: str
    #: Why it was changed.
    reason: str


class CiteView(View, frozen=True, kw_only=True):
    """A citation in one format."""

    #: Name of the format ("BibTeX").
    label: str
    #: The text to paste.
    text: str


class QuestionCard(View, frozen=True, kw_only=True):
    """A question that conflicting facts answer differently, as it stands in lists."""

    #: Its page.
    href: str
    #: The question.
    question: str
    #: The answers found, a few words each.
    answers: tuple[str, ...]
    #: Whether it is open or which answer was held right, in words.
    ruling: str = ""


class SiteView(View, frozen=True, kw_only=True):
    """What every page of a site shares. Holds no counts: one more fact must not change every page."""

    #: Title of the dossier.
    title: str
    #: One or two sentences that say what it is about.
    summary: str = ""
    #: Language of the statements (BCP 47), and of the interface where it is translated.
    language: str = "en"
    #: Reading direction of that language.
    dir: Direction = "ltr"
    #: Language of the interface: that of the site, or English where there is no catalogue.
    interface: str = "en"
    #: Reading direction of that language.
    interface_dir: Direction = "ltr"
    #: Pages of the main menu; only those that exist.
    nav: tuple[Link, ...] = ()
    #: Pages and data files named in the footer; only those that exist.
    links: tuple[Link, ...] = ()
    #: The search page; empty: the site has none.
    search: str = ""
    #: The page where readers check the quotes by themselves; empty: there is no quote.
    verify: str = ""
    #: The page that says what a tick means; empty: none.
    method: str = ""
    #: The picture for shared links to pages that have none of their own; empty: none.
    picture: str = ""
    #: The whole dossier as one document; empty: it is too large.
    document: str = ""
    #: Feed of the newest facts; empty: none.
    feed: str = ""
    #: The files for machines that hold every fact; only those that exist.
    data: tuple[Link, ...] = ()
    #: A sentence about whose words the quotes are.
    rights: str = ""
    #: Licence of the statements and data: its name.
    license: str = ""
    #: Address of the licence.
    license_url: str = ""
    #: Who answers for the dossier.
    editors: tuple[str, ...] = ()
    #: Address for "report an error" (`mailto:` or `https:`).
    contact: str = ""
    #: Absolute address of the site with a closing slash; empty: unknown.
    url: str = ""
    #: Prefix of links on the page for unknown addresses: the path of `url`, or empty.
    base: str = ""
    #: The site's own style sheet, linked after that of the theme; empty: it has none.
    tokens: str = ""
    #: The key to the dots.
    key: tuple[StatusKey, ...] = ()
    #: Names of the months in the language of the site.
    months: tuple[str, ...] = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )
    #: Initials of the months.
    initials: tuple[str, ...] = ("J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D")
    #: Names of the days of the week, in its order.
    weekdays: tuple[str, ...] = (
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    )
    #: The same in little room.
    short_weekdays: tuple[str, ...] = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    #: What stands between the names of a list in little room.
    comma: str = ", "


# Pages, one for each template


class PageView(View, frozen=True, kw_only=True):
    """What every page has."""

    #: Its own address relative to the site's root.
    path: str
    #: Its title, without that of the site.
    title: str
    #: One or two sentences for search engines and previews.
    description: str = ""
    #: Address of the entry of the main menu it belongs to; empty: none.
    section: str = ""
    #: The way from the home page to this one, both left out.
    crumbs: tuple[Link, ...] = ()
    #: Whether what it shows is a draft; only the preview has such pages.
    draft: bool = False
    #: The sources of the facts on it, in order of their numbers: notes that only print shows.
    endnotes: tuple[Endnote, ...] = ()


class HomeView(PageView, frozen=True, kw_only=True):
    """`home.html`: what is this about, how much is there, when did it cluster, how solid is it?"""

    #: What the dossier is about.
    summary: str = ""
    #: The quotation shown first, with the fact it supports.
    lead: EvidenceView | None = None
    #: That fact.
    lead_fact: FactCard | None = None
    #: Number of facts.
    facts: int
    #: Number of sources.
    sources: int
    #: Number of actors.
    actors: int
    #: Years covered, by when things happened ("2016–2019").
    years: str = ""
    #: Number of facts that two or more independent sources support.
    independent: int = 0
    #: Every fact by the month it happened.
    overview: Overview
    #: How the facts stand, marks in the order of the key.
    standing: tuple[MarkCount, ...] = ()
    #: Facts the editors offer first.
    start: tuple[FactCard, ...] = ()
    #: Newest by date.
    recent: tuple[FactCard, ...] = ()
    #: Plans without an outcome; the first few by the date they are due.
    plans: tuple[FactCard, ...] = ()
    #: The page of plans, with how many there are; None: nothing was announced.
    all_plans: Link | None = None
    #: Questions that sources answer differently; the first few.
    questions: tuple[QuestionCard, ...] = ()
    #: Their page, with how many there are ("All 3 conflicts").
    all_questions: Link | None = None
    #: Actors with most facts.
    top_actors: tuple[Tally, ...] = ()
    #: The page of all actors ("All 16 actors"); None when every one is shown here.
    all_actors: Link | None = None
    #: Years with most facts, in order of time.
    top_dates: tuple[Tally, ...] = ()
    #: The index of dates, or None.
    all_dates: Link | None = None
    #: Topics with most facts.
    top_topics: tuple[Tally, ...] = ()
    #: The page of all topics, or None.
    all_topics: Link | None = None
    #: Sources, by the number of facts that rest on them.
    top_sources: tuple[Tally, ...] = ()
    #: The page of all sources, or None.
    all_sources: Link | None = None


class TimelineView(PageView, frozen=True, kw_only=True):
    """`timeline.html`: what is the order, who was involved when?"""

    #: Number of facts in all.
    count: int
    #: Marks that occur, in the order of the key: what the filter offers.
    marks: tuple[MarkCount, ...] = ()
    #: Who, when; None on the further pages of a split list.
    lanes: Lanes | None = None
    #: The facts, by year.
    listing: Listing
    #: Pages of what was known on a day.
    known: tuple[Link, ...] = ()


class KnownView(PageView, frozen=True, kw_only=True):
    """`known.html`: what was known on a day, as it stood then?"""

    #: The day in words.
    day: str
    #: The day as HTML's `datetime`.
    datetime: str
    #: Number of facts known for certain.
    count: int
    #: How they stood.
    standing: tuple[MarkCount, ...] = ()
    #: Plans announced by then, without an outcome by then; none on the further pages of a split list.
    plans: tuple[FactCard, ...] = ()
    #: How many more such plans there were.
    more_plans: int = 0
    #: Facts known for certain, by year.
    listing: Listing
    #: Facts that only sources report which may have been published by then.
    perhaps: tuple[FactCard, ...] = ()
    #: How many more such facts there are.
    more_perhaps: int = 0
    #: Sources published by then; none on the further pages of a split list.
    published: tuple[SourceCard, ...] = ()
    #: Sources that may have been.
    perhaps_published: tuple[SourceCard, ...] = ()
    #: The day before that has such a page.
    earlier: Link | None = None
    #: The day after that has such a page.
    later: Link | None = None


class FactView(PageView, frozen=True, kw_only=True):
    """`fact.html`: what is said, how sure, when, and in whose exact words?"""

    #: Id of the fact.
    id: str
    #: The fact in one sentence.
    statement: str
    #: Class of the dot.
    mark: Mark
    #: Its word ("Reported").
    status_word: str
    #: Why it stands as it does ("One source, quoted twice. No second source bears it out yet.").
    status_note: str = ""
    #: Kind of the fact in words, when it is not an event ("Statement", "Assessment").
    kind: str = ""
    #: For withdrawn facts: when that was, and why.
    withdrawn: ChangeView | None = None
    #: For utterances: who said it.
    speaker: ActorChip | None = None
    #: For utterances: who quoted it, in words ("Reuters, Anadolu Agency"); empty: not told apart.
    quoted_by: str = ""
    #: For what is known from others' words only: what the evidence bears out, in one sentence.
    caution: str = ""
    #: Who takes part.
    actors: tuple[ActorChip, ...] = ()
    #: When.
    date: DatePlate
    #: The quotations, in the order written.
    evidence: tuple[EvidenceView, ...]
    #: Number of sources they come from.
    sources: int
    #: Number of independent origins behind those that support it.
    origins: int
    #: Why sources count as one origin, a sentence for each origin that stands behind several.
    counted: tuple[Markup, ...] = ()
    #: Questions on which it gives one of the answers.
    questions: tuple[QuestionCard, ...] = ()
    #: What the source does not say.
    gaps: str = ""
    #: More, from the curator.
    note: Markup = Markup()
    #: For plans and what became of them: the way from announcement to outcome.
    plan: PlanChain | None = None
    #: Connected facts.
    relations: tuple[RelationView, ...] = ()
    #: Before and after, for each actor.
    neighbours: tuple[Neighbour, ...] = ()
    #: Its topics.
    topics: tuple[Link, ...] = ()
    #: How to cite it, one paragraph.
    cite: Markup
    #: The same in other formats.
    cites: tuple[CiteView, ...] = ()
    #: Its own picture for shared links; empty: that of the site.
    picture: str = ""
    #: Its card for other sites; empty: none was asked for.
    embed: str = ""
    #: HTML that shows this card on another site; empty while the site's own address is not known.
    embed_code: str = ""
    #: Fragment of the wording that stands ("v-1a2b3c").
    anchor: str
    #: Wordings that no longer stand, the one replaced last first.
    wordings: tuple[WordingView, ...] = ()
    #: The date as typed (EDTF).
    edtf: str
    #: Corrections, newest first.
    changes: tuple[ChangeView, ...] = ()
    #: First published, in words.
    added: str = ""
    #: The same as HTML's `datetime`.
    added_datetime: str = ""


class EmbedView(PageView, frozen=True, kw_only=True):
    """`embed.html`: a fact as a card inside a page of another site."""

    #: The fact.
    card: FactCard
    #: The first words that support it and may be shown; empty: none may.
    runs: tuple[Run, ...] = ()
    #: Language of these words (BCP 47).
    lang: str = ""
    #: Reading direction of the words.
    dir: Direction = "ltr"
    #: Their source; None when no words are shown.
    source: SourceCard | None = None


class ActorView(PageView, frozen=True, kw_only=True):
    """`actor.html`: who is this, when are they active, with whom?"""

    #: Name.
    name: str
    #: One or two sentences.
    summary: Markup = Markup()
    #: Kind in words ("State").
    kind: str
    #: Other names.
    aliases: tuple[str, ...] = ()
    #: Offices held, in words with their dates.
    offices: tuple[str, ...] = ()
    #: The actor it belongs to.
    part_of: Link | None = None
    #: Actors that belong to it.
    includes: tuple[Link, ...] = ()
    #: The same actor elsewhere.
    same_as: tuple[Reference, ...] = ()
    #: Number of facts in all.
    count: int
    #: When it appears; None on the further pages of a split list.
    overview: Overview | None = None
    #: Its facts, by year.
    listing: Listing
    #: Number of facts whose words reached a source by way of it.
    carried_count: int = 0
    #: Those facts; none on further pages of a split list, or when they are more than a list may hold.
    carried: tuple[FactCard, ...] = ()
    #: Sources that credit it.
    credited: tuple[SourceCard, ...] = ()
    #: Who it appears with, most often first.
    together: tuple[Tally, ...] = ()
    #: How its facts stand.
    standing: tuple[MarkCount, ...] = ()


class MonthCell(View, frozen=True, kw_only=True):
    """One month in the calendar of a year."""

    #: Month, 1 to 12.
    month: int
    #: Its page; empty: none.
    href: str = ""
    #: Marks of its facts with their numbers, in the order of the key.
    marks: tuple[tuple[Mark, int], ...] = ()
    #: Number of sources published in it.
    published: int = 0


class YearView(PageView, frozen=True, kw_only=True):
    """`year.html`: which months matter?"""

    #: The year in words ("2019", "spring 2019" for a season).
    heading: str
    #: The year as HTML's `datetime`, or empty.
    datetime: str = ""
    #: Twelve months; empty for anything but a year.
    months: tuple[MonthCell, ...] = ()
    #: The year before that has a page.
    earlier: Link | None = None
    #: The year after that has a page.
    later: Link | None = None
    #: What happened, by month.
    listing: Listing
    #: Facts of no single month that overlap the year.
    loose: tuple[FactCard, ...] = ()
    #: Facts dated to one of several dates, this year among them.
    one_of: tuple[FactCard, ...] = ()
    #: Plans due in the year.
    due: tuple[FactCard, ...] = ()
    #: Sources published in the year.
    published: tuple[SourceCard, ...] = ()


class GridDay(View, frozen=True, kw_only=True):
    """A day of a month in which something stands."""

    #: Day of the month.
    day: int
    #: Its page; empty: none.
    href: str = ""
    #: Marks of its facts with their numbers, in the order of the key.
    marks: tuple[tuple[Mark, int], ...] = ()
    #: Number of sources published on it.
    published: int = 0
    #: Whether a fact with an uncertain date could fall on it.
    maybe: bool = False


class MonthView(PageView, frozen=True, kw_only=True):
    """`month.html`: what is dated to a day, what only to the month, what may belong here?"""

    #: The month in words.
    heading: str
    #: The month as HTML's `datetime`.
    datetime: str
    #: The year.
    year: int
    #: The month, 1 to 12.
    month: int
    #: Days in which something stands, in order.
    days: tuple[GridDay, ...] = ()
    #: The month before that has a page.
    earlier: Link | None = None
    #: The month after that has a page.
    later: Link | None = None
    #: Facts dated to a day, by day.
    listing: Listing
    #: Facts dated to the month as a whole.
    whole: tuple[FactCard, ...] = ()
    #: Facts with a range or an uncertain date that touch the month.
    maybe: tuple[FactCard, ...] = ()
    #: Facts dated to one of several dates, this month among them.
    one_of: tuple[FactCard, ...] = ()
    #: Plans due in the month.
    due: tuple[FactCard, ...] = ()
    #: Coarser facts that could include the month, counted, each with the page that lists them.
    coarser: tuple[Tally, ...] = ()
    #: Sources published in the month.
    published: tuple[SourceCard, ...] = ()


class DayView(PageView, frozen=True, kw_only=True):
    """`day.html`: what happened, what was published, what could include this day?"""

    #: The day in words.
    heading: str
    #: The day as HTML's `datetime`.
    datetime: str
    #: The day before that has a page.
    earlier: Link | None = None
    #: The day after that has a page.
    later: Link | None = None
    #: Facts dated to the day.
    listing: Listing
    #: Facts dated to one of several dates, this day among them.
    one_of: tuple[FactCard, ...] = ()
    #: Plans due on the day.
    due: tuple[FactCard, ...] = ()
    #: Facts dated to the month, or to a range, that could include the day.
    maybe: tuple[FactCard, ...] = ()
    #: Coarser facts that could include the day, counted, each with the page that lists them.
    coarser: tuple[Tally, ...] = ()
    #: Sources published on the day.
    published: tuple[SourceCard, ...] = ()


class PassageView(Quoted, frozen=True, kw_only=True):
    """A quoted passage on the page of its source, with the facts that rest on it."""

    #: Fragment that leads here ("q-1a2b3c4d").
    anchor: str
    #: Its number on the page, from 1, in reading order.
    number: int
    #: Code points not shown between what was shown before and this.
    skipped: int = 0
    #: Address of the original at the passage; empty: no link leads there.
    passage_url: str = ""
    #: Facts that rest on it.
    facts: tuple[FactCard, ...]


class TextPiece(View, frozen=True, kw_only=True):
    """A stretch of a full text between two boundaries of passages."""

    #: The words.
    words: str
    #: Numbers of the passages it belongs to; empty: quoted by none.
    passages: tuple[int, ...] = ()
    #: Anchors of the passages that begin with it.
    begins: tuple[str, ...] = ()
    #: Numbers of the passages that end with it: their notes are printed after it.
    ends: tuple[int, ...] = ()


class ParagraphView(View, frozen=True, kw_only=True):
    """A paragraph of a full text, cut at every boundary of a passage."""

    #: Its number, from 1.
    number: int
    #: The pieces, in order; together they are the paragraph.
    pieces: tuple[TextPiece, ...]
    #: Passages that end in it, with their facts.
    notes: tuple[PassageView, ...] = ()


class SourceView(PageView, frozen=True, kw_only=True):
    """`source.html`: what was taken from this article, and how much of it?"""

    #: The source.
    source: SourceCard
    #: Which way it is shown.
    rights: Literal["excerpts", "full", "none"]
    #: The same in words ("Excerpts only").
    rights_words: str
    #: How its date is known, when the source does not print it.
    published_basis: str = ""
    #: Address of the original.
    url: str = ""
    #: Address of an archived copy.
    archived_url: str = ""
    #: When the copy was made, in words.
    archived: str = ""
    #: The same as `YYYY-MM-DD`, when it names one day.
    archived_day: str = ""
    #: Page of a PDF or time code, in words.
    locator: str = ""
    #: How dependable it is held to be, letter and meaning in words.
    reliability: str = ""
    #: More, from the curator.
    note: Markup = Markup()
    #: Length of the saved text in code points.
    length: int
    #: SHA-256 of the saved text.
    sha256: str
    #: Percentage of the text shown here, rounded up ("21").
    share: int = 0
    #: The article's measures.
    shape: Shape
    #: Passages in reading order; with `none` rights their runs are empty.
    passages: tuple[PassageView, ...] = ()
    #: Code points not shown after the last passage.
    rest: int = 0
    #: The full text, with `full` rights only.
    paragraphs: tuple[ParagraphView, ...] = ()
    #: Language of the text (BCP 47).
    lang: str
    #: Reading direction of the text.
    dir: Direction = "ltr"
    #: Number of facts that rest on it.
    facts: int
    #: The source published before.
    earlier: Link | None = None
    #: The source published after.
    later: Link | None = None


class ActorRow(View, frozen=True, kw_only=True):
    """An actor in the table of actors."""

    #: Name.
    name: str
    #: Page of the actor.
    href: str
    #: Kind or latest office in words.
    kind: str
    #: The actor it belongs to.
    part_of: Link | None = None
    #: Marks of its facts with their numbers, in the order of the key.
    marks: tuple[tuple[Mark, int], ...] = ()
    #: Number of facts.
    count: int
    #: Number of its facts in each stretch of the time that all rows have in common; empty: not drawn.
    course: tuple[int, ...] = ()
    #: Date of its first fact in words.
    first: str = ""
    #: Date of its last fact in words; empty when it has one.
    last: str = ""


class Tie(View, frozen=True, kw_only=True):
    """Two actors that share facts."""

    #: The one that stands higher in the list of the network.
    one: Link
    #: The other.
    other: Link
    #: Their rows in that list, from 0.
    rows: Bounds
    #: Number of facts they share.
    count: int


class Network(View, frozen=True, kw_only=True):
    """Who acts with whom: the pairs that share most facts."""

    #: The actors of these pairs, in the order drawn, with the number of their facts.
    actors: tuple[Tally, ...]
    #: The pairs, those with most facts first.
    ties: tuple[Tie, ...]
    #: Number of further pairs.
    left_out: int = 0


class ActorsView(PageView, frozen=True, kw_only=True):
    """`actors.html`: is the one I need here, and who acts with whom?"""

    #: Actors in alphabetical order.
    rows: tuple[ActorRow, ...]
    #: First month and last of the small pictures; None: there are none.
    span: tuple[str, str] | None = None
    #: Who acts with whom; None: no fact has two actors.
    network: Network | None = None


class YearRow(View, frozen=True, kw_only=True):
    """A year in the index of dates."""

    #: The year, with the number of its facts.
    year: Tally
    #: Its seasons and months that have a page, with the number of their facts.
    months: tuple[Tally, ...] = ()


class DatesView(PageView, frozen=True, kw_only=True):
    """`dates.html`: which times does this cover?"""

    #: Every fact by the month it happened.
    overview: Overview
    #: Years, in order.
    rows: tuple[YearRow, ...]
    #: Facts whose date is coarser than a year or unknown.
    vague: tuple[FactCard, ...] = ()


class SourceRow(View, frozen=True, kw_only=True):
    """A source in the table of sources."""

    #: The source.
    source: SourceCard
    #: Number of facts that rest on it.
    facts: int
    #: Number of passages quoted.
    quotes: int
    #: Percentage of its text shown, rounded up; 0: none.
    share: int = 0
    #: Its rights in words.
    rights_words: str


class SourcesView(PageView, frozen=True, kw_only=True):
    """`sources.html`: is the one I need here, and which count as one?"""

    #: Sources in order of publication.
    rows: tuple[SourceRow, ...]
    #: Groups of sources that share an origin, in words, a sentence each.
    shared: tuple[Markup, ...] = ()


class TopicsView(PageView, frozen=True, kw_only=True):
    """`topics.html`: what is this about?"""

    #: Topics in alphabetical order, with their summaries in `note`.
    rows: tuple[Tally, ...]
    #: First month and last of the small pictures; None: there are none.
    span: tuple[str, str] | None = None


class TopicView(PageView, frozen=True, kw_only=True):
    """`topic.html`: what is known about this?"""

    #: Name.
    name: str
    #: One or two sentences.
    summary: Markup = Markup()
    #: Number of facts in all.
    count: int
    #: When; None on the further pages of a split list.
    overview: Overview | None = None
    #: Its facts, by year.
    listing: Listing
    #: Actors that take part, most often first.
    actors: tuple[Tally, ...] = ()
    #: How its facts stand.
    standing: tuple[MarkCount, ...] = ()


class AccountView(View, frozen=True, kw_only=True):
    """A fact that gives an answer, with its words."""

    #: The fact.
    card: FactCard
    #: Whom its words come from: agencies and others that sources credit, else publishers.
    origins: tuple[str, ...]
    #: Its quotations.
    evidence: tuple[EvidenceView, ...]


class PositionView(View, frozen=True, kw_only=True):
    """One answer to a question."""

    #: The answer in a few words.
    label: str
    #: Whether the editors hold it right.
    held: bool = False
    #: The facts that give it.
    accounts: tuple[AccountView, ...]


class QuestionView(PageView, frozen=True, kw_only=True):
    """`question.html`: what are the accounts, and what do the editors make of them?"""

    #: The question.
    question: str
    #: The answers, side by side.
    positions: tuple[PositionView, ...]
    #: When, by answer; None where all facts fall into one quarter, or none has a month.
    lanes: Lanes | None = None
    #: Whether it is open or which answer is held right, in words.
    ruling: str
    #: Why.
    reason: str = ""
    #: Other questions.
    others: tuple[QuestionCard, ...] = ()


class ContradictionView(View, frozen=True, kw_only=True):
    """Two facts that contradict each other without a question that joins them."""

    #: The one, the earlier.
    one: FactCard
    #: The other.
    other: FactCard


class ConflictsView(PageView, frozen=True, kw_only=True):
    """`conflicts.html`: where do sources disagree?"""

    #: Questions.
    questions: tuple[QuestionCard, ...] = ()
    #: Pairs of facts that no question joins.
    pairs: tuple[ContradictionView, ...] = ()
    #: Other facts marked as disputed.
    disputed: tuple[FactCard, ...] = ()


class PlanSection(View, frozen=True, kw_only=True):
    """Plans that stand alike."""

    #: Fragment that leads here ("overdue").
    id: str
    #: How they stand ("Overdue").
    heading: str
    #: The same in a few more words.
    note: str = ""
    #: Plans that nothing followed so far.
    alone: tuple[FactCard, ...] = ()
    #: Plans with what followed them.
    chains: tuple[PlanChain, ...] = ()


class PlansView(PageView, frozen=True, kw_only=True):
    """`plans.html`: what was announced, and what became of it?"""

    #: When the newest source was published, in words: what is due is judged by that day; empty: not known.
    as_of: str = ""
    #: That source.
    newest: Link | None = None
    #: Plans by how they stand, those that call for attention first.
    sections: tuple[PlanSection, ...] = ()


class ChangeRow(View, frozen=True, kw_only=True):
    """A correction with the fact it was made in."""

    #: The correction.
    change: ChangeView
    #: The fact as it stands now.
    card: FactCard


class ChangeDay(View, frozen=True, kw_only=True):
    """What was corrected and what was first published on one day."""

    #: Fragment that leads here ("d2026-11-22").
    id: str
    #: The day in words.
    when: str
    #: The same as HTML's `datetime`.
    datetime: str
    #: Corrections of that day.
    rows: tuple[ChangeRow, ...] = ()
    #: Facts first published on that day; the first few when there are many.
    added: tuple[FactCard, ...] = ()
    #: How many more were first published on that day.
    more: int = 0


class ChangesView(PageView, frozen=True, kw_only=True):
    """`changes.html`: what was corrected, and why?"""

    #: Days on which anything was corrected or added, newest first.
    days: tuple[ChangeDay, ...]


class CheckedQuote(Quoted, frozen=True, kw_only=True):
    """A published passage, to be sought in a reader's own copy of the article."""

    #: The passage on the page of its source.
    href: str


class CheckedSource(View, frozen=True, kw_only=True):
    """A source whose quotes a reader may check."""

    #: Fragment that leads here.
    anchor: str
    #: The source.
    source: SourceCard
    #: SHA-256 of the saved text.
    sha256: str
    #: Length of the saved text in code points.
    length: int
    #: Its passages in reading order; none when its rights allow no words to be shown.
    quotes: tuple[CheckedQuote, ...] = ()
    #: Number of its passages; all of them are in `quotes`, or none.
    count: int
    #: Page with its passages, when they are split over several; empty: this one.
    href: str = ""


class VerifyView(PageView, frozen=True, kw_only=True):
    """`verify.html`: do the quotes stand in the article that I hold?"""

    #: Sources that are quoted, in order of publication.
    sources: tuple[CheckedSource, ...]
    #: Pages over which they are split; empty when they stand on one. The front page then holds no passages.
    parts: tuple[Part, ...] = ()
    #: The folding profile as JSON, for the script; empty: there is nothing to check here.
    fold: str = ""


class MethodView(PageView, frozen=True, kw_only=True):
    """`method.html`: what does a tick mean, and what not?"""

    #: Name of the folding profile.
    profile: str
    #: What it passes over, by name, as pages print it.
    folds: tuple[str, ...]
    #: Most words of a source in one unbroken run.
    words: int
    #: Largest part of a source that is shown, in per cent.
    share: int
    #: Words shown around a quote.
    context: int = 0
    #: Whether some source is shown in full.
    full: bool = False
    #: Whether some source may show no words at all.
    silent: bool = False
    #: Whether some quote has words left out.
    omissions: bool = False


class DocumentQuote(Quoted, frozen=True, kw_only=True):
    """A quotation as the document prints it."""

    #: The source.
    source: SourceCard
    #: The passage on the page of its source.
    href: str
    #: What the words do for the fact, where not all of it is plain support.
    stance_word: str = ""
    #: Our rendering in the language of the site.
    translation: str = ""
    #: Who made the rendering.
    translation_by: str = ""


class DocumentFact(View, frozen=True, kw_only=True):
    """A fact in the document."""

    #: Its number in this document; the id is what lasts.
    number: int
    #: The fact.
    card: FactCard
    #: Its quotations, in the order written.
    quotes: tuple[DocumentQuote, ...]
    #: What the source does not say.
    gaps: str = ""


class DocumentYear(View, frozen=True, kw_only=True):
    """The facts of one year in the document."""

    #: Fragment that leads here ("y2019").
    id: str
    #: The year.
    heading: str
    #: Its facts, in order.
    facts: tuple[DocumentFact, ...]


class DocumentAnswer(View, frozen=True, kw_only=True):
    """One answer to a question, with the facts that give it by their numbers in the document."""

    #: The answer in a few words.
    label: str
    #: Numbers of the facts.
    facts: tuple[int, ...]


class DocumentQuestion(View, frozen=True, kw_only=True):
    """A question that sources answer differently."""

    #: Its page.
    href: str
    #: The question.
    question: str
    #: The answers.
    answers: tuple[DocumentAnswer, ...]
    #: Whether it is open or which answer is held right, in words.
    ruling: str
    #: Why.
    reason: str = ""


class DocumentPlan(View, frozen=True, kw_only=True):
    """A plan and how it stands."""

    #: How it stands ("Overdue").
    state: str
    #: The facts of the way from announcement to outcome, in order, by their numbers in the document.
    facts: tuple[int, ...]
    #: The announcement.
    card: FactCard


class DocumentView(PageView, frozen=True, kw_only=True):
    """`dossier.html`: everything in order, with its words and its sources, to be printed or kept."""

    #: What the dossier is about.
    summary: str = ""
    #: Number of facts.
    count: int
    #: The facts by year, in order of date. Those of no year stand last.
    years: tuple[DocumentYear, ...]
    #: Questions that sources answer differently.
    questions: tuple[DocumentQuestion, ...] = ()
    #: Plans by how they stand, those that call for attention first.
    plans: tuple[DocumentPlan, ...] = ()
    #: Marks that occur, in the order of the key.
    marks: tuple[Mark, ...] = ()


class ProseView(PageView, frozen=True, kw_only=True):
    """`prose.html`: a page the editors wrote."""

    #: The text, headings from the second level down.
    body: Markup


class MovedView(PageView, frozen=True, kw_only=True):
    """`moved.html`: stands at the address of an old id and leads on."""

    #: The page that took its place.
    to: Link
    #: Wordings of a fact that no longer stand: an address with the old id may name one.
    wordings: tuple[WordingView, ...] = ()


class NotFoundView(PageView, frozen=True, kw_only=True):
    """`404.html`: where do I go instead? Served at any depth, so its links start with `site.base`."""


#: The template of a fact as it stands in lists, which pages reach through a function.
CARD = "partials/card.html"
#: The template of each kind of page.
TEMPLATES: dict[type[PageView], str] = {
    HomeView: "home.html",
    TimelineView: "timeline.html",
    KnownView: "known.html",
    FactView: "fact.html",
    EmbedView: "embed.html",
    ActorView: "actor.html",
    YearView: "year.html",
    MonthView: "month.html",
    DayView: "day.html",
    SourceView: "source.html",
    ActorsView: "actors.html",
    DatesView: "dates.html",
    SourcesView: "sources.html",
    TopicsView: "topics.html",
    TopicView: "topic.html",
    QuestionView: "question.html",
    ConflictsView: "conflicts.html",
    PlansView: "plans.html",
    ChangesView: "changes.html",
    VerifyView: "verify.html",
    MethodView: "method.html",
    DocumentView: "dossier.html",
    ProseView: "prose.html",
    MovedView: "moved.html",
    NotFoundView: "404.html",
}
