"""The base score of a CVSS 3 vector.

Must not be here: CVSS 4, whose score comes out of a table of 270 vectors; a record with only such a vector is rated
by the word its database gives. Source: https://www.first.org/cvss/v3.1/specification-document, sections 7.1 and 7.4.
"""

import math

_WEIGHTS: dict[str, dict[str, float]] = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES = {"N": (0.85, 0.85), "L": (0.62, 0.68), "H": (0.27, 0.5)}


def base_score(vector: str) -> float | None:
    """The base score of `CVSS:3.x/AV:...`, 0.0 to 10.0; None for what is no complete vector of CVSS 3."""
    version, _, rest = vector.strip().partition("/")
    if version not in ("CVSS:3.0", "CVSS:3.1"):
        return None
    given = dict(part.partition(":")[::2] for part in rest.split("/"))
    try:
        weight = {name: table[given[name]] for name, table in _WEIGHTS.items()}
        privileges = _PRIVILEGES[given["PR"]]
        changed = {"U": False, "C": True}[given["S"]]
    except KeyError:
        return None
    lost = 1 - (1 - weight["C"]) * (1 - weight["I"]) * (1 - weight["A"])
    impact = 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 if changed else 6.42 * lost
    if impact <= 0:
        return 0.0
    ease = 8.22 * weight["AV"] * weight["AC"] * privileges[changed] * weight["UI"]
    return _up(min(1.08 * (impact + ease) if changed else impact + ease, 10.0))


def _up(value: float) -> float:
    """Rounded up to one digit, the way the specification spells out so that no float error shows."""
    whole = round(value * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (math.floor(whole / 10_000) + 1) / 10
