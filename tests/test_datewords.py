from __future__ import annotations

import pytest
from test_edtf import ALL, VALID

from generator.datewords import LANGUAGES, MONTHS, long_day, short, words
from generator.edtf import MONTHS as NAMES
from generator.edtf import parse
from generator.languages import WEEKDAYS

CASES = [
    ("2019", "2019"),
    ("2019-07", "July 2019"),
    ("2019-07-12", "12 July 2019"),
    ("2019-07-02", "2 July 2019"),
    ("0044", "AD 44"),
    ("0044-03", "March AD 44"),
    ("0100", "100"),
    ("0000", "1 BC"),
    ("-0044", "45 BC"),
    ("-0044-03-15", "15 March 45 BC"),
    ("Y12019", "12,019"),
    ("Y-17E7", "170,000,001 BC"),
    # Times of day: seconds only when there are any.
    ("2019-07-12T14:30:00", "12 July 2019, 14:30"),
    ("2019-07-12T09:05:07Z", "12 July 2019, 09:05:07 (UTC)"),
    ("2019-07-12T14:30:00+03:00", "12 July 2019, 14:30 (UTC+3)"),
    ("2019-07-12T14:30:00-03:30", "12 July 2019, 14:30 (UTC−3:30)"),
    ("2019-07-12T24:00:00", "12 July 2019, 24:00"),
    # Marks.
    ("2019-07~", "around July 2019"),
    ("2019-07?", "perhaps July 2019"),
    ("2019-07-12%", "perhaps around 12 July 2019"),
    ("2019-21~", "around spring 2019"),
    ("201X~", "around the 2010s"),
    ("2019?-07-12", "12 July 2019 (year uncertain)"),
    ("2019-07~-12", "12 July 2019 (year and month approximate)"),
    ("?2019-07-~12", "12 July 2019 (year uncertain, day approximate)"),
    ("%2019-07", "July 2019 (year uncertain and approximate)"),
    # Parts of years.
    ("2019-21", "spring 2019"),
    ("2019-24", "winter 2019"),
    ("2019-25", "spring 2019 (Northern Hemisphere)"),
    ("2019-32", "winter 2019 (Southern Hemisphere)"),
    ("2019-33", "the first quarter of 2019"),
    ("2019-38", "the second third of 2019"),
    ("2019-41", "the second half of 2019"),
    # Digits that are not known.
    ("201X", "the 2010s"),
    ("18XX", "the 19th century"),
    ("20XX", "the 21st century"),
    ("1XXX", "the 2nd millennium"),
    ("-01XX", "the 2nd century BC"),
    ("-004X", "a year from 50 BC to 41 BC"),
    ("2X19", "a year of the form 2X19"),
    ("XXXX", "date unknown"),
    ("XXXX?", "date unknown"),
    ("XXXX-XX-XX", "date unknown"),
    ("2019-XX", "a month in 2019"),
    ("2019-XX-XX", "a day in 2019"),
    ("2019-07-XX", "a day in July 2019"),
    ("2019-1X", "October, November or December 2019"),
    ("2019-0X", "a month from January to September 2019"),
    ("2019-X1", "January or November 2019"),
    ("2019-07-1X", "a day from 10 to 19 July 2019"),
    ("2019-07-X1", "1, 11, 21 or 31 July 2019"),
    ("2019-02-2X", "a day from 20 to 28 February 2019"),
    ("2019-XX-12", "the 12th of a month in 2019"),
    ("2019-XX-X1", "the 1st, 11th, 21st or 31st of a month in 2019"),
    ("2019-XX-1X", "a day from the 10th to the 19th of a month in 2019"),
    ("2019-1X-12", "the 12th of October, November or December 2019"),
    ("2019-1X-XX", "a day in October, November or December 2019"),
    ("201X-07", "July in the 2010s"),
    ("201X-07-12", "12 July in the 2010s"),
    ("201X-XX", "a month in the 2010s"),
    ("XXXX-07-12", "12 July of an unknown year"),
    ("XXXX-XX-23", "the 23rd of a month of an unknown year"),
    ("XXXX-12-XX", "a day in December of an unknown year"),
    ("1950S2", "a year from 1900 to 1999, estimated as 1950"),
    ("1950S4", "1950"),
    # Intervals.
    ("../2019-10-25", "by 25 October 2019"),
    ("2019-07-12/..", "from 12 July 2019"),
    ("2019~/..", "from around 2019"),
    ("../2019-10?", "perhaps by October 2019"),
    ("2019-07-12?/..", "perhaps from 12 July 2019"),
    ("/2019", "until 2019, start unknown"),
    ("2019/", "from 2019, end unknown"),
    ("XXXX/2019", "until 2019, start unknown"),
    ("../..", "no start and no end given"),
    ("/..", "start unknown, no end given"),
    ("../", "no start given, end unknown"),
    ("XXXX/", "start and end unknown"),
    ("2019-05-13/2019-05-19", "13–19 May 2019"),
    ("2019-05-27/2019-06-02", "27 May – 2 June 2019"),
    ("2018-12-30/2019-01-02", "30 December 2018 – 2 January 2019"),
    ("2019-05/2019-10", "May – October 2019"),
    ("2018-08/2019-10", "August 2018 – October 2019"),
    ("2019-07-12/2019-08", "12 July 2019 – August 2019"),
    ("2019-21/2019-23", "spring – autumn 2019"),
    ("2019/2020", "2019–2020"),
    ("2019-07/2019-07", "July 2019"),
    ("2019-05~/2019-10", "around May 2019 – October 2019"),
    ("-0044/-0043", "45–44 BC"),
    ("-0044/0012", "45 BC – AD 12"),
    # Sets.
    ("[2019-05-01,2019-05-02]", "either 1 or 2 May 2019"),
    ("{2019-05-01,2019-05-02}", "1 and 2 May 2019"),
    ("[2019-05-01,2019-06-02]", "either 1 May or 2 June 2019"),
    ("[2019,2020,2021]", "either 2019, 2020 or 2021"),
    ("{2019-05,2020}", "May 2019 and 2020"),
    ("[2019?,2020]", "either perhaps 2019 or 2020"),
    ("[2019..2021]", "one of 2019 to 2021"),
    ("{2019..2021}", "each of 2019 to 2021"),
    ("[2019-07..2019-09]", "one of July to September 2019"),
    ("[2016,2019..2021]", "either 2016 or 2019 to 2021"),
    ("[..2019]", "2019 or earlier"),
    ("[2019-07..]", "July 2019 or later"),
    ("{..2019}", "2019 and all before"),
    ("{2019..}", "2019 and all after"),
]


@pytest.mark.parametrize(("text", "said"), CASES)
def test_words(text, said):
    assert words(parse(text)) == said


@pytest.mark.parametrize("text", [row[0] for row in VALID])
def test_the_words_name_no_part_that_was_not_written(text):
    """No month that could be another, and none left out; no doubt dropped."""
    d = parse(text)
    said = words(d)
    if not d.parts and d.precision not in ("time", "day", "month") and not d.month.strip("X"):
        assert not any(month in said for month in NAMES)
    if d.precision in ("time", "day", "month"):
        assert NAMES[int(d.month) - 1] in said
        assert d.precision != "month" or "X" in d.day or not said[0].isdigit()
    if (d.uncertain or d.approximate) and d.earliest:
        assert any(word in said for word in ("perhaps", "around", "uncertain", "approximate"))


def test_forms_of_every_kind_have_words():
    told: dict[str, set[str]] = {}
    for text in ALL:
        said = words(parse(text))
        assert said
        assert "{" not in said
        assert "X" not in said or "of the form" in said
        told.setdefault(said, set()).add(text)
    # Days and months are told apart; what shares its words means the same.
    assert told["12 July 2019, 14:30:15 (UTC)"] >= {"2019-07-12T14:30:15Z", "2019-07-12T14:30:15+00:00"}
    for said, texts in told.items():
        spans = {(parse(text).earliest, parse(text).latest) for text in texts}
        assert len(spans) == 1, f"{said}: {sorted(texts)}"


def test_titles_of_pages():
    assert [short(key) for key in ("2019", "2019-06", "2019-06-04")] == ["2019", "June 2019", "4 June 2019"]
    assert long_day("2019-06-04") == "Tuesday, 4 June 2019"
    assert long_day("-0044-03-15") == "Thursday, 15 March 45 BC"
    for key in ("2019-06", "2019-06-XX", "201X"):
        with pytest.raises(ValueError, match="not the key of a day"):
            long_day(key)


def test_languages(monkeypatch):
    assert (MONTHS[0], MONTHS[-1], WEEKDAYS[0], WEEKDAYS[-1]) == ("January", "December", "Monday", "Sunday")
    assert words(parse("2019-07"), "en-GB") == words(parse("2019-07"), "tlh") == "July 2019"
    german = LANGUAGES["en"].__class__(
        **{
            **{name: getattr(LANGUAGES["en"], name) for name in LANGUAGES["en"].__struct_fields__},
            "months_of_days": ("Januar", "Februar", "März", "April", "Mai", "Juni", *MONTHS[6:]),
            "weekdays": ("Montag", "Dienstag", *WEEKDAYS[2:]),
            "day_month": "{day}. {month}",
            "any": "{first} oder {last}",
            "either": "{dates}",
        }
    )
    monkeypatch.setitem(LANGUAGES, "de", german)
    assert words(parse("[2019-05-01,2019-05-02]"), "de-AT") == "1 oder 2. Mai 2019"
    assert words(parse("2019-05-27/2019-06-02"), "de") == "27. Mai – 2. Juni 2019"
    assert long_day("2019-06-04", "de") == "Dienstag, 4. Juni 2019"
