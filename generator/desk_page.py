"""The desk report as a page of the preview. It is made when it is asked for, and never part of a site."""

from __future__ import annotations

from jinja2 import Environment, StrictUndefined

from generator import desk_report
from generator.desk_report import Report

#: Where the preview serves the page and its stylesheet. A site has no page there: ids hold no underscore.
PATH = "/_factsheet/desk"
STYLE = "/_factsheet/desk.css"
#: Notices of each kind on the page.
SHOWN = 100

_templates = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_PAGE = _templates.from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Desk report</title><link rel="stylesheet" href="{{ style }}"></head>
<body><header><p><a href="/">Back to the preview</a></p><h1>Desk report</h1>
<p>{{ summary }}. Nothing here stops a build; you judge. This page is only in the preview.</p></header>
<main>
{% if sections %}
<nav aria-label="Kinds"><ul>
{% for section in sections %}
<li><a href="#{{ section.kind }}">{{ section.heading }}</a> {{ section.count }}</li>
{% endfor %}
</ul></nav>
{% endif %}
{% for section in sections %}
<section aria-labelledby="{{ section.kind }}">
<h2 id="{{ section.kind }}">{{ section.heading }} <span>{{ section.count }}</span></h2>
<ul>
{% for place, notice in section.notices %}
<li><p><b>{{ notice.subject }}</b>
<code>{{ place.file }}{% if place.line %}:{{ place.line }}{% endif %}</code></p>
<p>{{ notice.message }}</p><p><i>To do:</i> {{ notice.help }}</p></li>
{% endfor %}
</ul>
{% if section.count > section.notices | length %}
<p>and {{ section.count - section.notices | length }} more;
<code>factsheet check --desk --format json</code> has all</p>
{% endif %}
</section>
{% endfor %}
{% for line in single %}
<p>{{ line }}</p>
{% endfor %}
{% if unread %}
<section aria-labelledby="unread"><h2 id="unread">Not looked at</h2><ul>
{% for line in unread %}
<li>{{ line }}</li>
{% endfor %}
</ul></section>
{% endif %}
</main></body></html>
"""
)
CSS = """\
:root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1, h2 { line-height: 1.2; }
h2 { margin-block: 2rem .5rem; font-size: 1.2rem; }
h2 span { font-weight: normal; }
section > ul, nav ul { padding: 0; list-style: none; }
section > ul > li { padding-block: .5rem; border-block-start: 1px solid; }
li p { margin: 0; }
code { font-size: .9em; }
a { color: LinkText; }
"""


def render(report: Report) -> bytes:
    """The whole page."""
    return _PAGE.render(
        style=STYLE,
        summary=desk_report.summary(report).capitalize(),
        sections=report.sections,
        single=list(desk_report.on_one_origin(report)),
        unread=list(desk_report.unread(report)),
    ).encode()
