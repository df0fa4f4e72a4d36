"""Jira's wiki markup: notices as descriptions and comments of Data Center.

Format: Jira's "Text Formatting Notation" help page and the renderer of atlassian-renderer, read 2026-11: a backslash
takes a character's meaning; `{noformat}` shows everything up to the next `{noformat}` as it is; `[~name]` mentions.
Untrusted text stands escaped, never in a macro: text could close one.
Must not be here: Jira's requests (`destinations.jira_dc`).
"""

import re

from spawngate.routing.notice import Notice, counted, cut, details, part_words, sample_words

LONGEST = 32_767
"""Characters of a description or comment (`jira.text.field.character.limit`, as shipped)."""
_ACTING = re.compile(r"([\\{}\[\]()*_?+^~|!#@&%<>\-:;/=])")


def escape(text: str) -> str:
    r"""Text in which nothing acts: every character that could is written as a character reference, or with a backslash.

    A reference and not only a backslash, because a backslash before a backslash is a line break in this notation.
    """
    return _ACTING.sub(lambda match: f"&#{ord(match[1])};", " ".join(text.split()))


def document(notice: Notice) -> str:
    """The description or comment of a notice."""
    lines = [f"*{escape(counted(notice))}*", ""]
    if notice.kind != "test":
        lines += [f"* *{escape(name)}* {escape(value)}" for name, value in details(notice)]
    lines += [f"* {escape(part_words(part))}" for part in notice.parts]
    lines += [f"* and {notice.parts_left:,} more groups"] if notice.parts_left else []
    for sample in () if notice.parts else notice.samples:
        lines += ["", escape(sample_words(sample)), f"bq. {escape(sample.line)}"]
    if notice.link:
        lines += ["", f"[Open in Spawngate|{notice.link}]"]
    lines += ["", f"Spawngate notice {notice.id}"]
    return cut("\n".join(lines), LONGEST)
