"""A small site that reads from right to left: an Arabic dossier with an Arabic and an English source."""

from __future__ import annotations

from typing import Final

#: Two quotations of the Arabic text below.
VOTE: Final = "صوّت مجلس المدينة يوم الثلاثاء على إبقاء العبّارة الليلية"
DARK: Final = "لن نترك الجزيرة في الظلام"

FILES: Final = {
    "site.yaml": """\
        format: 1
        title: عبّارة المرفأ
        summary: كيف أبقت المدينة عبّارتها الليلية، واقعة بعد واقعة.
        language: ar
        start: [ferry-kept]
        """,
    "content/actors/marlow.yaml": """\
        - {id: council, name: مجلس المدينة, kind: government}
        - {id: mayor, name: سلمى النهري, kind: person, part_of: council, roles: [{title: رئيسة البلدية}]}
        - {id: yard, name: Schiffswerft und Maschinenbau von der Wesermündung GmbH & Co. KG, kind: company}
        """,
    "content/sources/ferry.yaml": """\
        - {id: ferry-vote, title: المدينة تُبقي عبّارتها, publisher: جريدة المرفأ, published: 2020-03-04,
           language: ar, text: ferry.txt}
        - {id: yard-note, title: A note from the yard, publisher: Yard, published: 2020-05, language: en,
           text: yard.txt, supplied: [title]}
        """,
    "content/sources/ferry.txt": f"""\
        المدينة تُبقي عبّارتها

        {VOTE} رغم كلفتها. ولم يُذكر عدد الأصوات في الجلسة.

        وقالت رئيسة البلدية: «{DARK}»، ثم غادرت القاعة. وتنقل العبّارة العمّال والتلاميذ منذ سنوات طويلة،
        ولا طريق غيرها إلى الجزيرة بعد الغروب، كما يقول الأهالي الذين حضروا الجلسة.
        """,
    "content/sources/yard.txt": """\
        The first boat, type F-35-B, is to be repaired by spring 2021. No price has been
        named yet, and the engine still waits for parts from abroad, which the winter has delayed again.
        """,
    "content/facts/ferry.yaml": f"""\
        - id: ferry-kept
          statement: مجلس المدينة يُبقي العبّارة الليلية.
          date: 2020-03-03
          actors: [council]
          gaps: لا يذكر المصدر عدد الأصوات.
          relations: {{background: [mayor-on-the-dark]}}
          evidence:
            - {{source: ferry-vote, quote: {VOTE}}}
        - id: mayor-on-the-dark
          kind: utterance
          speaker: mayor
          statement: رئيسة البلدية تقول إن الجزيرة لن تُترك في الظلام.
          date: 2020-03
          actors: [council]
          evidence:
            - {{source: ferry-vote, quote: {DARK}}}
        - id: boat-repair
          kind: plan
          statement: إصلاح القارب F-35-B قبل ربيع 2021.
          date: 2020-05
          due: 2021-21
          actors: [{{id: yard, role: المورّد}}]
          evidence:
            - source: yard-note
              quote: The first boat, type F-35-B, is to be repaired
              translation: {{text: سيُصلح القارب الأول, by: المحرّرون}}
        """,
}
