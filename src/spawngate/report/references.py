"""References of rules and advisories, read: `CWE-78`, `OWASP-MCP05`, `AML.T0010`, `CVE-2026-1234`, addresses.

Belongs here: which address a reference stands for and which CWE number it names.
Must not be here: markup. An address is returned only if it is https and holds nothing that could leave an attribute
or a Markdown link; everything else is text.
Addresses: the lists' own page forms, cwe.mitre.org/data/definitions/N.html, attack.mitre.org/techniques/T1059/004,
atlas.mitre.org/techniques/AML.T0010, nvd.nist.gov/vuln/detail/CVE-..., github.com/advisories/GHSA-..., osv.dev,
owasp.org/www-project-mcp-top-10 (one page for the list). OWASP-ASI01 and the like stay names.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_CWE = re.compile(r"CWE-(\d{1,6})", re.IGNORECASE)
_PAGES = (
    (_CWE, "https://cwe.mitre.org/data/definitions/{0}.html"),
    (re.compile(r"(CVE-\d{4}-\d{4,})", re.IGNORECASE), "https://nvd.nist.gov/vuln/detail/{0}"),
    (re.compile(r"(GHSA(?:-[0-9a-z]{4}){3})", re.IGNORECASE), "https://github.com/advisories/{0}"),
    (re.compile(r"((?:MAL|PYSEC)-\d{4}-\d+)", re.IGNORECASE), "https://osv.dev/vulnerability/{0}"),
    (re.compile(r"OWASP[- ]MCP(\d{2})(?::\d{4})?"), "https://owasp.org/www-project-mcp-top-10/"),
    (re.compile(r"(?:ATLAS )?(AML\.T\d{4}(?:\.\d{3})?)"), "https://atlas.mitre.org/techniques/{0}"),
    (re.compile(r"(?:ATT&CK )?T(\d{4})\.(\d{3})"), "https://attack.mitre.org/techniques/T{0}/{1}"),
    (re.compile(r"(?:ATT&CK )?T(\d{4})"), "https://attack.mitre.org/techniques/T{0}"),
)
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][A-Za-z0-9._~:/?#@!$&*+,;=%-]*)?")


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference for people: what it is called and where it leads."""

    text: str
    url: str = ""
    """An https address, or empty where the reference is only a name."""


def reference(text: str) -> Reference:
    """Read one reference."""
    for form, page in _PAGES:
        found = form.fullmatch(text.strip())
        if found is not None:
            return Reference(text, page.format(*found.groups()))
    return Reference(text, text if _ADDRESS.fullmatch(text) else "")


def cwes(references: Iterable[str]) -> tuple[int, ...]:
    """The CWE numbers among the references, ascending."""
    found = (_CWE.fullmatch(text.strip()) for text in references)
    return tuple(sorted({int(match[1]) for match in found if match is not None}))
