"""How redacted text is written in the tables of tests: `[secret:TYPE:FINGERPRINT]` as `<TYPE>`."""

import re


def shown(text: str) -> str:
    """`text` with every marker shortened to its type."""
    return re.sub(r"\[secret:([a-z0-9-]+):[0-9a-f]{16}\]", r"<\1>", text)
