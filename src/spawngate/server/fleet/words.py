"""SHELL. Secrets that we hand out once and keep as hashes: sessions, tokens, enrolment secrets, one-time links.

Each has 256 bits from the system (a code for people 80), so a plain SHA-256 is enough: nobody can try them out.
Must not be here: passwords, which people choose (`access.passwords`).
"""

import hashlib
import secrets

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without characters that look alike."""
_CODE = 16
LONGEST = 512
"""Characters of a secret that somebody sends: more is none of ours."""


def fresh(prefix: str = "") -> str:
    """A new secret: the prefix, by which secret scanners and people know it, and 256 bits."""
    return prefix + secrets.token_urlsafe(32)


def fresh_code() -> str:
    """A new secret that people type: `7K2M-...`, four groups of four, 78 bits."""
    text = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE))
    return "-".join(text[at : at + 4] for at in range(0, _CODE, 4))


def digest(secret: str) -> str:
    """What is kept of a secret. Empty, which equals no hash, for what is none of ours by its length."""
    if not 0 < len(secret) <= LONGEST:
        return ""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def typed(code: str) -> str:
    """A code as it was given out, from what somebody typed: blanks, lower case, missing hyphens."""
    plain = "".join(each for each in code.upper() if each in _ALPHABET)
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
