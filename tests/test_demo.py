"""The dossier of this repository: sound, current, within its limits, the same with articles and without."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conftest import ROOT, digests
from generator import date_checks, desk_report, edtf, limits, matching, words
from generator.build import LOCK, Examined, build, examine, relock
from generator.content import Fact
from generator.dating import overlap
from generator.desk import texts_at_hand
from generator.hindsight import then
from generator.quotes import asked_for
from generator.shelves import Shelves


@pytest.fixture(scope="module")
def examined() -> Examined:
    return examine(ROOT, strict=True)


@pytest.fixture(scope="module")
def facts(examined: Examined) -> list[Fact]:
    assert examined.linked is not None
    return list(examined.linked.dossier.facts.values())


def copy(folder: Path) -> Path:
    shutil.copy(ROOT / "site.yaml", folder)
    shutil.copytree(ROOT / "content", folder / "content", ignore=shutil.ignore_patterns("*.txt"))
    return folder


def test_it_has_no_problem_and_no_warning(examined: Examined) -> None:
    assert [(p.code, p.at, p.message) for p in examined.problems] == []


def test_the_lock_is_current(tmp_path: Path) -> None:
    result = relock(ROOT, write=False)
    assert result.ok
    assert result.differences == ()


def test_quotes_are_the_fewest_words(facts: list[Fact]) -> None:
    for fact in facts:
        for evidence in fact.evidence:
            runs = [part for asked in asked_for(evidence) for part in matching.parts(asked.quote)]
            assert 3 <= sum(map(words.count_words, runs)) <= 12, (fact.id, runs)


def test_no_article_is_republished(examined: Examined, facts: list[Fact]) -> None:
    assert examined.linked is not None
    dossier = examined.linked.dossier
    shown = limits.shown_of_sources((f, dossier.located[f.id]) for f in facts)
    assert len(shown) == 5
    for source, each in shown.items():
        assert limits.share(each.spans, dossier.measures[source].length) < 0.35, source
        assert len(limits.longest_run(each.runs)) <= 20, source
    assert not list((ROOT / "content").rglob("*.txt")), "articles are not in the repository"


def test_speech_has_a_speaker_and_plans_say_when_or_why_not(facts: list[Fact]) -> None:
    for fact in facts:
        if fact.kind == "utterance":
            assert fact.speaker, fact.id
        if fact.dating and fact.dating.phrase:
            assert fact.dating.basis, fact.id


def test_nothing_is_claimed_that_is_not_true_of_it(examined: Examined, facts: list[Fact]) -> None:
    assert examined.linked is not None
    site = examined.linked.dossier.site
    assert (site.url, site.editors, site.contact, site.context) == ("", (), "", 0)
    assert not any(e.checked for f in facts for e in f.evidence)
    assert not any(f.changes for f in facts)


def test_no_date_is_finer_than_a_day_or_later_than_what_reports_it(
    examined: Examined, facts: list[Fact]
) -> None:
    assert examined.linked is not None
    sources = examined.linked.dossier.sources
    for fact in facts:
        date = edtf.parse(fact.date)
        assert date.time is None
        last = [edtf.parse(sources[e.source].published).latest for e in fact.evidence]
        if date.earliest and all(last):
            assert date.earliest <= max(day for day in last if day), fact.id


def test_the_articles_make_no_difference_to_the_bytes(tmp_path: Path, texts: Path) -> None:
    one, two = tmp_path / "lock", tmp_path / "texts"
    for folder in (one, two):
        folder.mkdir()
        copy(folder)
    by_lock = build(one, output=one / "output")
    by_texts = build(two, output=two / "output", texts=texts)
    assert by_lock.ok
    assert by_texts.ok
    assert by_lock.against_texts == by_texts.against_lock == 0
    assert by_texts.against_texts == by_lock.against_lock > 100
    assert digests(one / "output") == digests(two / "output")


def test_the_articles_agree_with_the_lock(texts: Path) -> None:
    result = relock(ROOT, texts=texts, write=False)
    assert result.ok, result.problems
    assert result.differences == (), f"{LOCK} is not current"


def test_every_sentence_of_the_articles_is_used_or_said_to_be_furniture(texts: Path) -> None:
    from generator.coverage import cover
    from generator.desk import texts_at_hand

    found = examine(ROOT, texts=texts)
    assert found.linked is not None
    covered = cover(found.linked.dossier, texts_at_hand(ROOT, found.linked.dossier, texts))
    assert len(covered) == 5
    assert not [s for source in covered for s in source.unused]


def test_the_origins_of_the_demo_are_those_of_its_credit_lines(texts: Path) -> None:
    examined = examine(ROOT, texts=texts)
    assert examined.linked
    dossier = examined.linked.dossier
    report = desk_report.report(ROOT, dossier, texts_at_hand(ROOT, dossier, texts))
    assert report.read == 5
    told = {section.kind for section in report.sections}
    assert not told & {
        *("credit-untold", "origin-unseen", "text-shared", "via-untold"),
        *("date-unreasoned", "speaker-untold", "near-duplicate"),
    }


def test_the_words_for_its_dates_agree_with_them_even_where_the_step_is_from_outside(
    examined: Examined, facts: list[Fact]
) -> None:
    assert examined.linked is not None
    read = 0
    for fact in facts:
        meant = date_checks.meaning(examined.linked.dossier, fact)
        if meant:
            read += 1
            assert any(overlap(meant, edtf.parse(day)) for day in (fact.date, fact.due) if day), fact.id
    assert read > 30


def test_what_was_known_on_the_fourth_of_june_came_from_what_was_published(examined: Examined) -> None:
    assert examined.linked is not None
    shelves = Shelves(examined.linked.dossier)
    (day,) = shelves.dossier.site.known_on
    moment = then(shelves, day)
    assert (day, moment.published, moment.perhaps_published) == (
        "2019-06-04",
        ("mattis-warning", "sanction-threat"),
        ("deal-confirmed", "eid-statement"),
    )
    known = {fact.id for fact in moment.known}
    assert "steel-tariffs-doubled" in known
    assert "erdogan-no-step-back" in {fact.id for fact in moment.perhaps}
    assert "first-batch-arrives" not in known | {fact.id for fact in moment.perhaps}
    # Delivered by now, and still to come then.
    assert shelves.mark(shelves.dossier.facts["rosoboronexport-delivery-plan"]) != "planned"
    assert moment.marks["rosoboronexport-delivery-plan"] == "planned"
