"""Wikitext: links by their words; references, boxes and categories are no text."""

from __future__ import annotations

import pytest

from stages.text.clean import clean_text
from stages.text.mediawiki import is_mediawiki

PAGE = """{{Infobox malware
| name = Foo
| type = [[worm]]
}}
'''Foo''' is a [[computer worm|worm]] that spread in ''2030'' over [[Acme SQL]].<ref>Smith, {{cite
web|url=http://a.example}}</ref><ref name="b" /> It used {{code|MS30-026}}.{{cn|date=May 2030}}
[[File:Foo.png|thumb|A [[map]]]]
== Effect ==
* It scans [https://a.example the network].
# It sends itself.
:It ends.
{| class="wikitable"
! Name !! Port
|-
| Foo || style="x" | 1434
|}
<syntaxhighlight lang="c">
# '''x''' == [[y]]
</syntaxhighlight>
[[Category:Worms]]"""
SHOWN = """Foo is a worm that spread in 2030 over Acme SQL. It used MS30-026.

Effect:

- It scans the network.
- It sends itself.
It ends.

Name: Foo; Port: 1434.

# '''x''' == [[y]]"""


def test_a_page_is_read_without_its_marks() -> None:
    assert clean_text(PAGE) == SHOWN


@pytest.mark.parametrize(
    "text",
    ["if [[ $a == b ]]; then echo '''x'''; fi", "The {{name}} of [[x]] is rendered in Foo.",
     "It compares a == b and sends ''' to the [[parser]].", "== x", "'''A docstring.'''"],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    assert not is_mediawiki(text) and clean_text(text) == text
