"""`report.references`: which address a reference stands for, and that no other text becomes one."""

import pytest

from spawngate.report.references import cwes, reference


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("CWE-78", "https://cwe.mitre.org/data/definitions/78.html"),
        ("CVE-2025-6514", "https://nvd.nist.gov/vuln/detail/CVE-2025-6514"),
        ("GHSA-5w57-2ccq-8w95", "https://github.com/advisories/GHSA-5w57-2ccq-8w95"),
        ("MAL-2025-47604", "https://osv.dev/vulnerability/MAL-2025-47604"),
        ("PYSEC-2025-12", "https://osv.dev/vulnerability/PYSEC-2025-12"),
        ("OWASP-MCP04", "https://owasp.org/www-project-mcp-top-10/"),
        ("OWASP-ASI01", ""),
        ("AML.T0010", "https://atlas.mitre.org/techniques/AML.T0010"),
        ("AML.T0010.001", "https://atlas.mitre.org/techniques/AML.T0010.001"),
        ("T1611", "https://attack.mitre.org/techniques/T1611"),
        ("T1059.004", "https://attack.mitre.org/techniques/T1059/004"),
        ("NOCVE-2026-0007", ""),
        ("https://a.example/x?y=z#w", "https://a.example/x?y=z#w"),
        ("http://a.example/", ""),
        ("javascript:alert(1)", ""),
        ('https://a.example/"onload="x', ""),
        ("https://a.example/)[x](y", ""),
        ("https://a.example/ b", ""),
        ("https://user@a.example/", ""),
        ("", ""),
    ],
)
def test_reference(text: str, url: str) -> None:
    assert (reference(text).text, reference(text).url) == (text, url)


def test_cwes() -> None:
    assert cwes(("CWE-494", "T1611", "cwe-78", "CWE-78", "CWE-x", "see CWE-1")) == (78, 494)
