"""What curators write, as frozen values: one struct for each kind of entry, one field for each key.

In: plain text scalars, lists and mappings as `yamlfile` reads them. Out: immutable structs; `schema`
does the conversion and explains what was wrong. Every text stands here exactly as typed; what follows
from it (the bounds of a date, the place of a quote) is worked out by the module that owns the rule.

Field comments that start with `#:` are descriptions: the JSON Schemas and the field reference print them.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from generator.cached import cached_property

FactKind: TypeAlias = Literal["event", "utterance", "plan", "assessment", "state"]
Status: TypeAlias = Literal["confirmed", "reported", "claimed", "denied", "disputed", "withdrawn"]
Stance: TypeAlias = Literal["supports", "disputes", "context"]
ActorKind: TypeAlias = Literal[
    "person", "state", "organisation", "alliance", "government", "company", "media", "group", "unnamed"
]
RelationType: TypeAlias = Literal[
    "contradicts",
    "corroborates",
    "supersedes",
    "fulfils",
    "fails",
    "postpones",
    "responds-to",
    "part-of",
    "leads-to",
    "background",
]
Rights: TypeAlias = Literal["excerpts", "full", "none"]
ChangeKind: TypeAlias = Literal["wording", "date", "evidence", "status", "actors", "withdrawal", "other"]
Supplied: TypeAlias = Literal["title", "publisher", "authors", "published", "url"]
#: Files for machines that are made when asked for.
ExportName: TypeAlias = Literal["csv", "annotations", "ics"]
HostName: TypeAlias = Literal["github", "gitlab", "cloudflare", "netlify"]
#: How a publishing target is written, by what comes before its first colon.
TARGETS = {
    "dir": "dir:FOLDER",
    "git": "git:REMOTE#BRANCH",
    "rsync": "rsync:USER@HOST:FOLDER",
    "s3": "s3://BUCKET/PREFIX",
    "rclone": "rclone:REMOTE:FOLDER",
}
Grade: TypeAlias = Literal["A", "B", "C", "D", "E", "F"]


class Entry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every entry has: an id, permanent, which becomes its address."""

    #: Permanent; lower-case letters, digits and hyphens; becomes the address of the page.
    id: str
    #: Old ids, whose addresses keep leading here.
    formerly: tuple[str, ...] = ()
    #: Never published while true; the preview shows it, marked.
    draft: bool = False


class Role(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An office an actor held: shown beside facts whose date lies within it."""

    #: What the office is called ("Minister of National Defence").
    title: str
    #: Id of the actor the office belongs to.
    of: str = ""
    #: First date of the office (EDTF); empty: not known.
    from_: str = field(name="from", default="")
    #: Last date of the office (EDTF); empty: not known or still held.
    to: str = ""


class Actor(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A person, state or body that acts or speaks. Weapons, laws and programmes are topics."""

    #: Name as the site prints it.
    name: str
    #: What sort of actor this is.
    kind: ActorKind
    #: Other names, misspellings as printed in sources included.
    aliases: tuple[str, ...] = ()
    #: Id of the actor this one belongs to.
    part_of: str = ""
    #: Offices held, each with its dates, so that the right one shows on the right date.
    roles: tuple[Role, ...] = ()
    #: Addresses of the same actor elsewhere (Wikidata, an official site).
    same_as: tuple[str, ...] = ()
    #: One or two sentences in Markdown.
    summary: str = ""


class Archived(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A copy kept by a web archive."""

    #: Address of the copy.
    url: str
    #: When the copy was made (EDTF).
    date: str


class Furniture(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A passage of the saved text that is not the article: a share line, a repeated headline."""

    #: First code point of the passage in the saved text.
    start: int
    #: Code point after its last.
    end: int
    #: Why nothing is taken from it.
    why: str


class Source(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A published text that facts rest on, registered with no more than it shows of itself."""

    #: Headline; when the source has none, one of ours, listed under `supplied`.
    title: str
    #: Who published it.
    publisher: str
    #: When it was published (EDTF).
    published: str
    #: How that date is known, when the source does not print it.
    published_basis: str = ""
    #: Which of these the source itself does not state; they are shown in square brackets.
    supplied: tuple[Supplied, ...] = ()
    #: Who wrote it, as printed.
    authors: tuple[str, ...] = ()
    #: Address of the original.
    url: str = ""
    #: A web archive's copy of it.
    archived: Archived | None = None
    #: Language of the text (BCP 47); empty: the site's.
    language: str = ""
    #: File name of the saved text, looked up beside this file, then in the folder of texts.
    text: str = ""
    #: How much of the text may be shown: `excerpts`, `full`, or `none` (cited and checked, no words shown).
    rights: Rights = "excerpts"
    #: Ids of the actors the reporting comes from (agency credits); independence is counted by these.
    origin: tuple[str, ...] = ()
    #: Passages of the saved text that are not the article.
    furniture: tuple[Furniture, ...] = ()
    #: Where paragraphs end: at blank lines or at every line end; empty: found from the text.
    paragraphs: Literal["", "lines", "blank"] = ""
    #: Page of a PDF, time code of a recording.
    locator: str = ""
    #: How dependable the source is held to be, A (best) to F (cannot be judged).
    reliability: Grade | Literal[""] = ""
    #: One or two sentences in Markdown.
    note: str = ""


class Topic(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A subject that facts share: a weapon, a law, a programme, an affair."""

    #: Name as the site prints it.
    name: str
    #: One or two sentences in Markdown.
    summary: str = ""


class ActorRef(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An actor of a fact with the part it plays."""

    #: Id of the actor.
    id: str
    #: Its part in the fact ("supplier").
    role: str = ""


class Dating(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the date of a fact was reached when no source prints it whole."""

    #: The source's own words for the time ("in July").
    phrase: str = ""
    #: Id of the source whose words these are; empty: the first evidence's.
    source: str = ""
    #: The step from those words to the date ("published October 2019").
    basis: str = ""
    #: Where that step comes from: a source, another fact of the dossier, or outside of both.
    from_: Literal["source", "dossier", "outside"] = field(name="from", default="source")


class QuotePart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of several spans of the same utterance."""

    #: Exact words of the source.
    quote: str
    #: Words right before it, when the quote stands more than once.
    prefix: str = ""
    #: Words right after it, when the quote stands more than once.
    suffix: str = ""


class Translation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Our rendering of a quote; never checked against the source, and marked as ours."""

    #: The rendering.
    text: str
    #: Who made it.
    by: str


class Checked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A second pair of eyes on a piece of evidence."""

    #: Initials or name.
    by: str
    #: Date of the check (EDTF).
    on: str


class Evidence(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The exact words of one source that a fact rests on."""

    #: Id of the source.
    source: str
    #: The words; `[…]`, `[...]` or `…` between words leaves some out; a list gives several spans.
    quote: str | tuple[str | QuotePart, ...]
    #: Words right before the quote, when it stands more than once.
    prefix: str = ""
    #: Words right after the quote, when it stands more than once.
    suffix: str = ""
    #: What the words do for the fact: support it, dispute it, or only make the quote readable.
    stance: Stance = "supports"
    #: Ids of the actors through whom this reached the source; overrides its origin when origins are counted.
    via: tuple[str, ...] = ()
    #: Language of the quote when it differs from the source's (BCP 47).
    lang: str = ""
    #: Our rendering in the language of the site.
    translation: Translation | None = None
    #: Why words may be left out although they hold a negation, a number or the end of a sentence.
    omission: str = ""
    #: Who else checked it, and when.
    checked: Checked | None = None


class Change(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A correction, kept where readers can see it."""

    #: When it was made (EDTF, a day).
    date: str
    #: What was corrected.
    kind: ChangeKind
    #: The earlier wording or value.
    was: str = ""
    #: Why it was changed.
    reason: str


class Fact(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One dated, attributed assertion with the words it rests on."""

    #: The fact in one sentence of our own, saying no more than its quotes.
    statement: str
    #: When it happened or was said (EDTF); for a state or an assessment, the date the source speaks for.
    date: str
    #: For plans: when it is to happen (EDTF).
    due: str = ""
    #: How the date was reached.
    dating: Dating | None = None
    #: What sort of fact this is.
    kind: FactKind = "event"
    #: How well it is attested.
    status: Status = "reported"
    #: Who takes part, as ids or with roles.
    actors: tuple[str | ActorRef, ...] = ()
    #: For utterances: id of the actor who said it.
    speaker: str = ""
    #: Ids of its topics.
    topics: tuple[str, ...] = ()
    #: The words it rests on.
    evidence: tuple[Evidence, ...]
    #: Links to other facts, by kind of link.
    relations: dict[RelationType, tuple[str, ...]] = {}
    #: What the source does not say.
    gaps: str = ""
    #: More, in Markdown.
    note: str = ""
    #: When it was first published (EDTF, a day); orders and dates the feeds.
    added: str = ""
    #: Corrections, newest first or last; shown in the order of their dates.
    changes: tuple[Change, ...] = ()

    @cached_property
    def cast(self) -> tuple[ActorRef, ...]:
        """The actors with their roles, in the order written; a speaker not listed comes first, as such."""
        listed = tuple([ActorRef(id=a) if isinstance(a, str) else a for a in self.actors])
        if not self.speaker:
            return listed
        if all(a.id != self.speaker for a in listed):
            return (ActorRef(id=self.speaker, role="speaker"), *listed)
        return tuple(
            ActorRef(id=a.id, role=a.role or "speaker") if a.id == self.speaker else a for a in listed
        )


class Position(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One answer to a question, with the facts that give it."""

    #: The answer in a few words.
    label: str
    #: Ids of the facts that give it.
    facts: tuple[str, ...]


class Question(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What conflicting facts answer differently."""

    #: The question as a reader would put it.
    question: str
    #: The answers found, side by side.
    positions: tuple[Position, ...]
    #: The label of the position held to be right, or `open`.
    ruling: str = "open"
    #: Why.
    reason: str = ""


class Limits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much of a source may be shown."""

    #: Most words in any unbroken run.
    words: int = 20
    #: Largest part of a text, from 0 to 1.
    share: float = 0.35


class Site(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`site.yaml`: the settings of one dossier."""

    #: Version of the content format; 1.
    format: Literal[1]
    #: Title of the dossier.
    title: str
    #: One or two sentences that say what it is about.
    summary: str = ""
    #: Address the site will have; without it no canonical links and no sitemap.
    url: str = ""
    #: Language of statements and interface (BCP 47).
    language: str = "en"
    #: Licence of the statements and data.
    license: str = ""
    #: Who answers for it.
    editors: tuple[str, ...] = ()
    #: Address or e-mail for "report an error".
    contact: str = ""
    #: A sentence about whose words the quotes are.
    rights: str = ""
    #: How much of a source may be shown.
    limits: Limits = Limits()
    #: Words shown around a quote.
    context: int = 0
    #: Longest list before it is split; 0: never.
    lists: int = 500
    #: Most facts with which the whole dossier is one document as well (`dossier.html`); 0: never.
    dossier: int = 500
    #: Extra files to write: tables, web annotations, a calendar.
    exports: tuple[ExportName, ...] = ()
    #: Where the site will live, so that `publish` compares it with what that host takes.
    hosting: HostName | Literal[""] = ""
    #: Whether a search page is made.
    search: bool = False
    #: Named publishing targets.
    publish: dict[str, str] = {}
    #: Places on a computer that pages may name in words, such as `/home/ada/notes`.
    local_names: tuple[str, ...] = ()
    #: Folder with saved texts, relative to this file.
    texts: str = ""
    #: Ids of facts the home page offers first.
    start: tuple[str, ...] = ()
    #: Facts that other sites may show as a card: `true` for all, or their ids.
    embed: bool | tuple[str, ...] = False
    #: Pictures for shared links: `true` for one of the dossier, or ids of facts to have their own as well.
    picture: bool | tuple[str, ...] = False
    #: Days for which a page shows what was known by then (EDTF, a day each).
    known_on: tuple[str, ...] = ()
