"""Sentences of a text, so that a curator sees which of them no fact uses yet.

In: one paragraph of a saved text and its language. Out: spans in code points, in order, without white space
around them; between two of them stands white space only. A border is a mark that ends sentences in some
script, with the quotation marks and brackets that close behind it, and none of the reasons below why it may
end nothing. A wrong border costs a line of a report and nothing else, so the rules stay few; where both
readings are likely ("in the U.S. Turkey …") the words stay together.

Thai and Lao have no such marks: there a paragraph is one sentence.
"""

from __future__ import annotations

import re
from functools import cache

from generator.located import Span
from generator.patterns import late

#: Marks that need white space behind them, and marks of scripts written without spaces, which do not
#: (Unicode Standard Annex 29, Sentence_Terminal, without those of historic scripts).
_SPACED = ".!?…‼⁇⁈⁉؟۔।॥։።፧؞"
_UNSPACED = "。！？｡．។။།"
_CLOSING = "\"'”’»«›‹“‘)]}」』）】〉》］"
_OPENING = "\"'“”‘’„‚«»‹›([{「『（【¿¡*•–—- \u00a0\u202f"
#: Code points behind a mark that are looked at.
_AHEAD = 100
_BRACKETS = ("([{（【［", ")]}）】］")

# Words with a full stop. Case counts: "Miss." may be Mississippi, "miss." is a verb.
_SHORTENED = {
    # It never ends the sentence: something belongs to it.
    "never": """
        Mr Mrs Ms Messrs Mx Dr Drs Prof Gen Lt Col Maj Capt Cmdr Cdr Adm Sgt Cpl Pvt Brig Sen Sens Rep Reps
        Gov Pres Rev Fr Hon Amb Supt Insp St Ste Mt Ft vs viz cf al eg ie ca
        Hr Frl Dipl Ing bzw vgl usw evtl ggf inkl geb gest Mio Mrd Nr Str Abs Bd
        Mme Mlle Mgr MM Sra Srta Dra Excmo Ud Uds Dott Sig Avv dhr mevr bijv jl ds drs
        Sn Doç Yrd Av Gn Alb np tzn tj prof dr ks ul
        г гг им ул пр т д п др проф акад см стр тыс млн млрд руб напр вул
    """,
    # It may end the sentence as well: only what follows can tell.
    "maybe": """
        Jr Sr Inc Ltd Co Corp Bros LLC PLC etc approx dept Dept Univ Assn Ave Blvd Rd
        Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla
        Ore Pa Tenn Tex Va Vt Wash Wis Wyo
    """,
    # It belongs to a number, and where none follows this is a word like any other.
    "number": """
        No Nos no nos Fig Figs p pp para ch Ch sec Sec Vol vol Art art Kap S núm № ст
        Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
    """,
}
_ends = {word: how for how, words in _SHORTENED.items() for word in words.split()}
#: Languages that write ordinal numbers with a full stop: "am 4. Juni".
_ORDINALS = frozenset(
    (
        "de",
        "da",
        "nb",
        "nn",
        "no",
        "fi",
        "et",
        "lv",
        "is",
        "tr",
        "az",
        "hu",
        "cs",
        "sk",
        "sl",
        "hr",
        "sr",
        "bs",
        "pl",
    )
)
#: Words that begin sentences in English and seldom names: with one of these behind it, "U.S." was the end.
_STARTERS = late(
    r"""(?:The|This|That|These|Those|It|He|She|We|They|You|There|Here|His|Her|Its|Our|Their|An|A|In|On|At|By|For
    |From|With|To|As|But|And|Or|So|Yet|If|When|While|After|Before|Since|Until|Although|Though|Because|However
    |Meanwhile|Now|Then|Still|Both|Some|Many|Most|Several|Such|Also|Not|No|What|Who|Why|How|Where)\b(?!\.)""",
    re.VERBOSE,
)
#: Who speaks, right behind a question in quotation marks.
_SPEAKER = late(
    r"(?:[A-ZÀ-ÞĞİŞ][\w’'.-]*\s+){1,4}(?:said|says|asked|asks|told|added|wrote|replied|answered|warned|tweeted)\b"
)
#: Particles with which a Japanese sentence goes on behind words it quotes.
_GOES_ON = "とっなのをがはでにへもや"

_mark = late(f"[{re.escape(_SPACED + _UNSPACED)};]")
_initials = late(r"(?:^|[^\w.])((?:[^\W\d_]\.)*[^\W\d_])$")
_last_word = late(r"[^\W_]+$")


def sentences(text: str, language: str = "") -> tuple[Span, ...]:
    """Return the sentences of a paragraph; `language` is a BCP 47 tag, and its first part counts."""
    primary = language.partition("-")[0].lower()
    found: list[Span] = []
    start = 0
    for mark in _marks(primary).finditer(text):
        if _is_end(text, start, mark, primary):
            start = _add(found, text, start, mark.end())
    _add(found, text, start, len(text))
    return tuple(found)


def ends_between(text: str, start: int, end: int, language: str = "") -> bool:
    """Say whether the sentence that `start` goes on with ends before `end`, and its mark is between them.

    Offsets are code points of the paragraph `text`. A mark right before `start` is seen by whoever reads on.
    """
    for sentence in sentences(text, language):
        if sentence.end > start:
            return (
                sentence.start < start
                and sentence.end <= end
                and bool(_mark.search(text[start : sentence.end]))
            )
    return False


def _add(found: list[Span], text: str, start: int, end: int) -> int:
    """Take in a sentence and return where the next begins; one without a letter goes with its neighbour."""
    words = text[start:end].strip()
    if not words:
        return end
    begin = text.index(words, start)
    if any(char.isalnum() for char in words):
        found.append(Span(begin, begin + len(words)))
        return end
    if not found:
        return start
    found[-1] = Span(found[-1].start, begin + len(words))
    return end


@cache
def _marks(language: str) -> re.Pattern[str]:
    """Return what finds the marks of a language with all that closes behind them."""
    spaced = _SPACED + (";;" if language == "el" else "")  # the Greek question mark
    closing = rf"[{re.escape(_CLOSING)}]|\[\d{{1,3}}\]"
    if language == "fr":  # which sets its quotation marks off by a space: « Non ! » dit-il
        closing += "|[ \u00a0\u202f]»"
    return re.compile(rf"(?P<mark>[{re.escape(spaced + _UNSPACED)}]+)(?P<closed>(?:{closing})*)")


def _is_end(text: str, start: int, mark: re.Match[str], language: str) -> bool:
    """Say whether a sentence that begins at `start` ends with a mark."""
    end = mark.end()
    following = text[end : end + _AHEAD].lstrip().lstrip(_OPENING)
    if not following:
        return True
    if mark["mark"][-1] in _UNSPACED:
        quoted = mark["closed"] and text[end] in _GOES_ON
        return not (quoted or (text[mark.start() - 1 : mark.start()].isdigit() and text[end].isdigit()))
    if not text[end].isspace() or following[0].islower() or _is_inside(text, start, end):
        return False
    if mark["mark"] == ".":
        return not _is_shortened(text[start : mark.start()], following, language)
    return not (mark["closed"] and _SPEAKER.match(following))


def _is_inside(text: str, start: int, end: int) -> bool:
    """Say whether a place is within a bracket that opened after the sentence had begun, and closes later."""
    opening, closing = _BRACKETS
    before = text[start:end].lstrip()
    depth = sum(before.count(char) for char in opening) - sum(before.count(char) for char in closing)
    return depth > 0 and before[0] not in opening and any(text.find(char, end) > 0 for char in closing)


def _is_shortened(before: str, following: str, language: str) -> bool:
    """Say whether a full stop belongs to what stands before it: an abbreviation, an initial, an ordinal."""
    starts = _STARTERS.match(following)
    if _initials.search(before):
        return not starts
    word = _last_word.search(before)
    if word is None:
        return False
    match _ends.get(word[0]):
        case "never":
            return True
        case "maybe":
            return not starts
        case "number":
            return following[0].isdigit()
    if not word[0].isdigit():
        return False
    # The number of a list's item, or an ordinal.
    return word[0] == before.strip() or (language in _ORDINALS and len(word[0]) <= 2)
