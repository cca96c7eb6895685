"""Dating phrases: what they can mean, and the warnings where date and phrase cannot both be right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SmallSite
from generator import edtf, phrasewords
from generator.dating import has_weekday, overlap, possible
from generator.phrasewords import PhraseWords
from planned import Planned

Make = Callable[..., SmallSite]
DAY = "2021-05-05"  # a Wednesday

#: Phrase, publication, what it can mean as EDTF; empty: not understood.
MEANINGS = [
    # Counted in days.
    ("yesterday", DAY, "2021-05-04"),
    ("Yesterday evening,", DAY, "2021-05-04"),
    ("the day before yesterday", DAY, "2021-05-03"),
    ("today", DAY, DAY),
    ("overnight", DAY, "2021-05-04/2021-05-05"),
    ("two days ago", DAY, "2021-05-03"),
    ("10 days ago", DAY, "2021-04-25"),
    # Weekdays: within the week before, the day of publication included.
    ("on Tuesday", DAY, "2021-05-04"),
    ("Tuesday", DAY, "2021-05-04"),
    ("early on Tuesday", DAY, "2021-05-04"),
    ("on Wednesday", DAY, "[2021-04-28,2021-05-05]"),
    ("Tuesday night", DAY, "2021-05-04/2021-05-05"),
    ("last Tuesday", DAY, "[2021-04-27,2021-05-04]"),
    ("next Tuesday", DAY, "[2021-05-11,2021-05-18]"),
    ("on Tuesday", "2019-06", "[2019-05-28,2019-06-04,2019-06-11,2019-06-18,2019-06-25]"),
    # Weeks, months, years.
    ("last week", DAY, "2021-04-22/2021-05-04"),
    ("this week", DAY, "2021-05-02/2021-05-09"),
    ("earlier this week", "2021-05-03", "2021-04-26/2021-05-03"),
    ("this month", DAY, "2021-05"),
    ("earlier this month", DAY, "2021-05-01/2021-05-05"),
    ("later this month", DAY, "2021-05-05/2021-05-31"),
    ("last month", DAY, "2021-04"),
    ("Last month", "2021-01-31", "2020-12"),
    ("late last month", DAY, "2021-04"),
    ("next month", "2021-12", "2022-01"),
    ("last year", DAY, "2020"),
    ("at the end of last year", DAY, "2020"),
    ("earlier this year", DAY, "2021-01-01/2021-05-05"),
    ("next year", "2018-08", "2019"),
    ("two weeks ago", DAY, "2021-04-15/2021-04-27"),
    ("a month ago", DAY, "2021-03-20/2021-04-30"),
    ("two years ago", DAY, "2018-11-03/2019-12-31"),
    # Month names: the latest such month.
    ("in June", DAY, "2020-06"),
    ("in late June", DAY, "2020-06"),
    ("mid-April", DAY, "2021-04"),
    ("In May", DAY, "[2020-05,2021-05]"),
    ("since Sept.", DAY, "2020-09-01/.."),
    ("last June", "2019-10", "[2018-06,2019-06]"),
    ("next January", DAY, "2022-01"),
    ("on 4 June", DAY, "2020-06-04"),
    ("on June 4th", DAY, "2020-06-04"),
    # Seasons have no first day: four months each, in the north unless the language is of the south.
    ("last autumn", DAY, "2020-09/2020-12"),
    ("last summer", "2019-10-03", "[2018-06..2018-09,2019-06..2019-09]"),
    ("last summer", "2019-06-03", "2018-06/2018-09"),
    ("last winter", "2021-01-10", "[2019-12..2020-03,2020-12-01..2021-01-10]"),
    ("last winter", "0002-03", "0001-12/0002-03"),
    ("this summer", DAY, "2021-06/2021-09"),
    ("next spring", DAY, "2022-03/2022-06"),
    ("over the summer", DAY, "2020-06/2020-09"),
    ("since last fall", DAY, "2020-09-01/.."),
    ("in early autumn last year", DAY, "2020-09/2020-12"),
    ("late in the summer of 2019", DAY, "2019-06/2019-09"),
    ("winter 2019", DAY, "[2018-12..2019-03,2019-12..2020-03]"),
    # Quarters and halves of a year.
    ("last quarter", DAY, "2021-01/2021-03"),
    ("next quarter", "2021-12", "2022-01/2022-03"),
    ("two quarters ago", DAY, "2020-09-20/2020-12-31"),
    ("in the second quarter of 2019", DAY, "2019-04/2019-06"),
    ("Q2 2019", "..", "2019-04/2019-06"),
    ("by the end of the first half of 2019", DAY, "../2019-06-30"),
    ("in the final quarter of last year", DAY, "2020-10/2020-12"),
    ("in the third quarter", DAY, "2020-07/2020-09"),
    ("in the first quarter", DAY, "2021-01/2021-03"),
    # With a year of their own.
    ("in August 2018", "2021", "2018-08"),
    ("late July 2019", "..", "2019-07"),
    ("by late March 2020", DAY, "../2020-03-31"),
    ("since 2016", DAY, "2016-01-01/.."),
    ("in early 2019", DAY, "2019"),
    ("in the 1990s", DAY, "1990/1999"),
    ("Tuesday, 4 June 2019", DAY, "2019-06-04"),
    ("on June 4, 2019", DAY, "2019-06-04"),
    # Publications that are not sure.
    ("last year", "2019-10?", "2018"),
    ("last year", "2018-12/2019-01", "2017/2018"),
    ("last month", "[2019-04?,2019-06?]", "[2019-03,2019-05]"),
    # Never guessed at.
    ("at the time", DAY, ""),
    ("two months after", DAY, ""),
    ("two months earlier", DAY, ""),
    ("about a month ago", DAY, ""),
    ("in the coming days", DAY, ""),
    ("in Brumaire", DAY, ""),
    ("in the autumn of his life", DAY, ""),
    ("in the fifth quarter", DAY, ""),
    ("in two days", DAY, ""),
    ("30 February 2019", DAY, ""),
    ("900 years ago", "0800", ""),
    ("last year", "XXXX", ""),
    ("last year", "../2019", ""),
    ("last year", "201X", ""),
]


@pytest.mark.parametrize(("phrase", "published", "meant"), MEANINGS)
def test_what_a_phrase_can_mean(phrase: str, published: str, meant: str) -> None:
    if published == "..":
        published = "XXXX"
    found = possible(phrase, published, "en-GB")
    assert (found.text if found else "") == meant


@pytest.mark.parametrize(
    ("phrase", "meant"),
    [
        ("on Tuesday", "[2021-05-04,2021-05-11]"),
        ("in June", "[2020-06,2021-06]"),
        ("in two weeks", "2021-05-13/2021-05-25"),
        ("last year", "2020"),
        ("in the autumn", "[2020-09..2020-12,2021-09..2021-12]"),
        ("in the third quarter", "[2020-07..2020-09,2021-07..2021-09]"),
    ],
)
def test_what_a_plan_says_may_lie_ahead(phrase: str, meant: str) -> None:
    found = possible(phrase, DAY, "en", ahead=True)
    assert (found.text if found else "") == meant


def test_seasons_of_the_south() -> None:
    meant = {p: possible(p, DAY, "en-AU") for p in ("last winter", "summer 2019", "last June")}
    assert [found.text if found else "" for found in meant.values()] == [
        "2020-06/2020-09",
        "[2018-12..2019-03,2019-12..2020-03]",
        "2020-06",
    ]


def test_a_language_without_a_table_is_not_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    assert possible("Tuesday", DAY, "de") is None
    german = PhraseWords(
        months={"mai": 5},
        weekdays={"dienstag": 1},
        units={"jahr": "year"},
        numbers={},
        days={"gestern": (-1,)},
        sides={"seit": "end"},
        pieces={"year": r"(?P<year>\d{4})"},
        patterns=(
            (r"{offset}", "offset"),
            (r"am {weekday}", "weekday"),
            (r"letztes {unit}", "last"),
            (r"(?:{side}|im) {month} {year}", "full-month"),
        ),
    )
    monkeypatch.setitem(phrasewords.LANGUAGES, "xx", german)
    meant = {
        p: possible(p, DAY, "xx-CH") for p in ("Am Dienstag", "letztes Jahr", "seit Mai 2019", "on Tuesday")
    }
    assert {phrase: found.text for phrase, found in meant.items() if found} == {
        "Am Dienstag": "2021-05-04",
        "letztes Jahr": "2020",
        "seit Mai 2019": "2019-05-01/..",
    }


days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
phrases = st.sampled_from(sorted({phrase for phrase, _, meant in MEANINGS if meant}))


@given(phrases, days, st.integers(0, 40), st.booleans())
def test_a_publication_that_may_be_several_days_means_the_union(
    phrase: str, first: date, more: int, ahead: bool
) -> None:
    last = first + timedelta(more)
    whole = possible(phrase, f"{first}/{last}", "en", ahead=ahead)
    each = [possible(phrase, f"{first + timedelta(n)}", "en", ahead=ahead) for n in range(more + 1)]
    assert whole
    shown = edtf.parse(whole.text)  # what is told is a date
    assert (shown.earliest, shown.latest) == (whole.spans[0][0], whole.spans[-1][1])
    for one in each:
        assert one
        assert all(overlap(whole, edtf.parse(_text(span))) for span in one.spans)
    starts = {span[0] for one in each if one for span in one.spans}
    assert {span[0] for span in whole.spans} <= starts


def _text(span: tuple[edtf.Day | None, edtf.Day | None]) -> str:
    first, last = ("{:04}-{:02}-{:02}".format(*day) if day else ".." for day in span)
    return f"{first}/{last}"


@given(days, st.integers(0, 6), st.integers(0, 9))
def test_a_weekday_is_found_where_the_calendar_has_it(first: date, weekday: int, more: int) -> None:
    there = {(first + timedelta(n)).weekday() for n in range(more + 1)}
    dated = edtf.parse(f"{first}/{first + timedelta(more)}" if more else str(first))
    assert has_weekday(dated, weekday) is (weekday in there)
    assert has_weekday(dated, weekday, night=True) is bool({weekday, (weekday + 1) % 7} & there)


#: Lengthens a text, so that little of it is quoted.
MORE = "Nobody said anything else that evening about the boat, the quay or the weather.\n"

# --- warnings -----------------------------------------------------------------------------------------


def told(site: Make, published: str, **fact: str) -> list[tuple[str, str]]:
    """The codes and messages for one fact whose source prints its phrase."""
    phrase = fact.pop("phrase")
    rest = {"from": "source", "kind": "event", **fact}
    basis = f", basis: '{fact['basis']}'" if "basis" in fact else ""
    made = site(
        {
            "content/sources/ferry.yaml": (
                f"{{id: ferry-vote, title: T, publisher: P, published: '{published}', text: ferry.txt}}\n"
            ),
            "content/sources/ferry.txt": f"The night ferry was kept {phrase} by a vote.\n\n{MORE}",
            "content/facts/a.yaml": f"""\
id: kept
statement: The ferry stays.
date: '{rest["date"]}'
{f"due: '{fact['due']}'" if "due" in fact else ""}
kind: {rest["kind"]}
dating: {{phrase: '{phrase}'{basis}, from: {rest["from"]}}}
actors: [marlow-council]
evidence: [{{source: ferry-vote, quote: night ferry was kept}}]
""",
        }
    )
    return [(p.code, p.message) for p in Planned(made).problems]


WARNED = [
    (
        "2019-10?",
        {"phrase": "last year", "date": "2019"},
        "date-disagrees",
        'published 2019-10?, "last year" means 2018, the date is 2019',
    ),
    (
        "2019-06-12/2019-06-23",
        {"phrase": "on Tuesday", "date": "2019-07-02"},
        "date-disagrees",
        'published 2019-06-12/2019-06-23, "on Tuesday" means [2019-06-11,2019-06-18], the date is 2019-07-02',
    ),
    (
        "2019",
        {"phrase": "on Tuesday", "date": "2018-01-02"},
        "date-disagrees",
        'published 2019, "on Tuesday" means a day of 2018-12-25/2019-12-31, the date is 2018-01-02',
    ),
    (
        "2018-08",
        {"phrase": "next year", "date": "2018-07", "due": "2020", "kind": "plan"},
        "date-disagrees",
        'published 2018-08, "next year" means 2019, the date is 2018-07, due 2020',
    ),
    (
        "2019-06",
        {"phrase": "in August 2018", "date": "2019-08"},
        "date-disagrees",
        'published 2019-06, "in August 2018" means 2018-08, the date is 2019-08',
    ),
    (
        "2019-10",
        {"phrase": "in November", "date": "2019-11", "basis": "published October 2019"},
        "date-disagrees",
        'published 2019-10, "in November" means 2018-11, the date is 2019-11',
    ),
    (
        "2019-06",
        {"phrase": "last autumn", "date": "2019-23"},
        "date-disagrees",
        'published 2019-06, "last autumn" means 2018-09/2018-12, the date is 2019-23',
    ),
    (
        "2019-06",
        {"phrase": "in the second quarter of 2018", "date": "2018-07"},
        "date-disagrees",
        'published 2019-06, "in the second quarter of 2018" means 2018-04/2018-06, the date is 2018-07',
    ),
    (
        "2019-06",
        {"phrase": "on Tuesday", "date": "2019-06-05", "from": "outside"},
        "date-weekday",
        '"on Tuesday" wants a Tuesday; 2019-06-05 is a Wednesday',
    ),
    (
        "2019-06",
        {"phrase": "on Tuesday", "date": "2019-06-05/2019-06-07"},
        "date-weekday",
        '"on Tuesday" wants a Tuesday; the date 2019-06-05/2019-06-07 has none',
    ),
    (
        "2019-06",
        {"phrase": "on Wednesday, 4 June 2019", "date": "2019-06-04"},
        "date-weekday",
        '"on Wednesday, 4 June 2019": by the calendar 2019-06-04 is a Tuesday',
    ),
]


@pytest.mark.parametrize(("published", "fact", "code", "message"), WARNED)
def test_a_date_that_cannot_be_is_told_with_the_sum(
    site: Make, published: str, fact: dict[str, str], code: str, message: str
) -> None:
    assert told(site, published, **fact) == [(code, message)]


QUIET = [
    ("2019-06", {"phrase": "on Tuesday", "date": "2019-06"}),
    ("2019-06", {"phrase": "on Tuesday", "date": "2019-06-04?"}),
    ("2019-06", {"phrase": "on Tuesday night", "date": "2019-06-05"}),
    ("2019-06-05", {"phrase": "since Tuesday, 4 June 2019", "date": "2019-06-05"}),
    # The step comes from elsewhere.
    ("2019-06", {"phrase": "last year", "date": "2016", "from": "outside"}),
    ("2019-06", {"phrase": "last year", "date": "2016", "from": "dossier"}),
    # The text around the phrase is about another year, and the basis says so.
    ("2019-06", {"phrase": "in July", "date": "2016-07", "basis": "The sentence before tells of 2016"}),
    # The words of a plan tell its date or when it is due.
    ("2018-08", {"phrase": "next year", "date": "2018-08", "due": "2019", "kind": "plan"}),
    ("2018-08", {"phrase": "last month", "date": "2018-07", "due": "2020", "kind": "plan"}),
    ("2018-08", {"phrase": "next year", "date": "2018-08", "kind": "plan"}),
    ("2021-05-05", {"phrase": "on Friday", "date": "2021-05-07", "kind": "plan"}),
    # Not understood, so not judged.
    ("2019-06", {"phrase": "in the autumn of his life", "date": "2010"}),
    # A season of a year, as EDTF writes it, may be any days of that year.
    ("2019-06", {"phrase": "last autumn", "date": "2018-23"}),
    ("2019-06", {"phrase": "in the second quarter of 2018", "date": "2018-34"}),
    # A long time may hold any day.
    ("2019-06", {"phrase": "since 2016", "date": "2016/2018-08"}),
]


@pytest.mark.parametrize(("published", "fact"), QUIET)
def test_a_date_that_may_be_is_passed_over(site: Make, published: str, fact: dict[str, str]) -> None:
    assert told(site, published, **fact) == []


def test_a_phrase_in_another_language_is_not_read_as_english(site: Make) -> None:
    made = site(
        {
            "content/sources/ferry.yaml": (
                "{id: ferry-vote, title: T, publisher: P, published: 2019, text: ferry.txt, language: fr}\n"
            ),
            "content/sources/ferry.txt": "Le bac de nuit reste ouvert last year dit le conseil.\n\n" + MORE,
            "content/facts/a.yaml": (
                "{id: kept, statement: S., date: 2010, dating: {phrase: last year},\n"
                " actors: [marlow-council], evidence: [{source: ferry-vote, quote: Le bac de nuit reste}]}\n"
            ),
        }
    )
    assert Planned(made).told == []


# --- on the page --------------------------------------------------------------------------------------

PAGE = """\
id: kept
statement: The ferry stays.
date: {date}
dating: {{phrase: on Tuesday, {basis} from: {origin}}}
actors: [marlow-council]
evidence: [{{source: ferry-vote, quote: keep the night ferry}}]
"""


def test_the_page_prints_the_way_from_the_words_to_the_date(site: Make) -> None:
    made = Planned(
        site(
            {
                "content/facts/a.yaml": PAGE.format(
                    date="2020-03-03", basis="basis: The first Tuesday,", origin="source"
                )
            }
        )
    )
    text = made.text("facts/kept.html")
    assert (
        "The source says on Tuesday ; published 4 March 2020. Counted from its publication, that is 3 March"
        in text
    )
    assert "Worked out from the source: The first Tuesday." in text
    assert "From outside the sources" not in text


def test_a_date_from_outside_the_sources_is_marked_as_ours(site: Make) -> None:
    made = Planned(
        site(
            {
                "content/facts/a.yaml": PAGE.format(
                    date="2020-01-07", basis="basis: The almanac,", origin="outside"
                )
            }
        )
    )
    plate = made.view("facts/kept.html").date
    assert (plate.words, plate.outside) == ("[7 January 2020]", True)
    # What the words would mean by themselves is not said where the date is another.
    assert plate.how == ("Known from outside the sources: The almanac.",)
    text = made.text("facts/kept.html")
    assert "[7 January 2020] From outside the sources" in text


def test_many_days_are_told_by_the_first_and_the_last(site: Make) -> None:
    files = {
        "content/sources/ferry.yaml": (
            "{id: ferry-vote, title: T, publisher: P, published: 2020-03, text: ferry.txt}\n"
        ),
        "content/facts/a.yaml": PAGE.format(date="2020-03-03", basis="", origin="source"),
    }
    plate = Planned(site(files)).view("facts/kept.html").date
    assert plate.how == (
        "Counted from its publication, that is a Tuesday between 25 February 2020 and 31 March 2020.",
    )
