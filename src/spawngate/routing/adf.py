"""Atlassian Document Format: notices as documents of Jira Cloud. Text nodes are literal, so nothing needs an escape.

Format: developer.atlassian.com/cloud/jira/platform/apis/document/structure, read 2026-11: version 1; a text node is
never empty; paragraph, heading, bulletList of listItem of block nodes, codeBlock of unmarked text, marks `strong`,
`code` (which goes with no mark but `link`), `link`.
Must not be here: Jira's requests (`destinations.jira`).
"""

from collections.abc import Iterable
from typing import Any

from spawngate.routing.notice import Notice, counted, details, part_words, sample_words

Node = dict[str, Any]
LONGEST = 32_767
"""Characters of a description or comment, as Jira counts its rendered text."""


def document(notice: Notice) -> Node:
    """The description or comment of a notice."""
    blocks: list[Node] = [_paragraph(_text(counted(notice), "strong"))]
    if notice.kind != "test":
        blocks.append(
            _list(_paragraph(_text(f"{name}: ", "strong"), _text(value, "code")) for name, value in details(notice))
        )
    if notice.parts:
        items = [_paragraph(_text(part_words(part))) for part in notice.parts]
        if notice.parts_left:
            items.append(_paragraph(_text(f"and {notice.parts_left:,} more groups")))
        blocks.append(_list(items))
    for sample in () if notice.parts else notice.samples:
        blocks.append(_paragraph(_text(sample_words(sample))))
        blocks.append({"type": "codeBlock", "attrs": {}, "content": [_text(sample.line)]})
    if notice.link:
        link = {"type": "link", "attrs": {"href": notice.link}}
        blocks.append(_paragraph({"type": "text", "text": "Open in Spawngate", "marks": [link]}))
    blocks.append(_paragraph(_text(f"Spawngate notice {notice.id}")))
    return {"version": 1, "type": "doc", "content": blocks}


def _text(text: str, *marks: str) -> Node:
    node: Node = {"type": "text", "text": text or "-"}
    if marks:
        node["marks"] = [{"type": mark} for mark in marks]
    return node


def _paragraph(*content: Node) -> Node:
    return {"type": "paragraph", "content": list(content)}


def _list(items: Iterable[Node]) -> Node:
    return {"type": "bulletList", "content": [{"type": "listItem", "content": [item]} for item in items]}
