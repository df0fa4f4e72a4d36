"""How deep a policy may go, told before anything that would break reads it. Pure.

Cedar's parser, validator and evaluator recurse on the machine's stack and overflow it: 672 nested brackets (2 KB of
text) end the whole process in cedarpy 4.8 on a stack of 8 MiB, 4,480 times `if` as well, and no `except` hears of it.
`tomllib` takes time by the square of a dotted key's parts. So nesting and chains are counted here, in one pass, and
what goes further than any policy that people write is refused.
Must not be here: what the texts mean (`policies`, `settings`, `cases`).
Sources: https://docs.cedarpolicy.com/policies/syntax-grammar.html, https://toml.io/en/v1.0.0#keys.
"""

import re

DEEPEST = 32
"""Brackets within brackets: 400 KiB of stack at the most."""
LONGEST_CHAIN = 400
"""Operators, `if`s, members and calls of one Cedar policy, each of which may be one step deeper."""
MOST_PARTS = 32
"""Parts of a dotted key."""

_CEDAR = re.compile(
    r'"(?:[^"\\]|\\.)*"?|//[^\n]*|[(\[{]|[)\]}]|;|&&|\|\||::|[.+*-]|\b(?:if|when|unless|in|has|is|like)\b', re.DOTALL
)
_TOML = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|'
    r"\'\'\'.*?\'\'\'|"
    r'"(?:[^"\\\n]|\\.)*"?|'
    r"'[^'\n]*'?|#[^\n]*|(?P<word>[A-Za-z0-9_-]+)|\.|[ \t]+|.",
    re.DOTALL,
)


def cedar_problem(text: str) -> str:
    """Why a Cedar text goes too deep; empty where it does not."""
    depth = chain = 0
    for each in _CEDAR.finditer(text):
        token = each[0]
        if token in ("(", "[", "{"):
            depth += 1
            chain += token == "["
            if depth > DEEPEST:
                return f"has more than {DEEPEST} brackets within each other"
        elif token in (")", "]", "}"):
            # Cedar goes on behind an error: what closes nothing must not pay for what opens later.
            depth = max(0, depth - 1)
        elif token == ";" and not depth:
            chain = 0
        elif token[0] not in '"/':
            chain += 1
        if chain > LONGEST_CHAIN:
            return f"has a policy of more than {LONGEST_CHAIN} operators; write several, or a set of values"
    return ""


def toml_problem(text: str) -> str:
    """Why a TOML text has keys that nobody writes; empty where it has none."""
    dots, is_part = 0, False
    for each in _TOML.finditer(text):
        token = each[0]
        if token == ".":
            dots, is_part = dots + 1, False
            if dots >= MOST_PARTS:
                return f"has a key of more than {MOST_PARTS} parts"
        elif token[0] in " \t":
            continue
        elif each["word"] or token[0] in "\"'":
            # Two words without a dot between them are of no key.
            dots, is_part = (0 if is_part else dots), True
        else:
            dots, is_part = 0, False
    return ""
