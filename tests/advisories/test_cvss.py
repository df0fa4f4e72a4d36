"""Base scores of published vectors, as the CVSS calculator gives them."""

import pytest

from spawngate.advisories.cvss import base_score
from spawngate.advisories.database import shipped


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", 5.5),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.6),
        ("CVSS:4.0/AV:N/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:H/SI:N/SA:N", None),
        ("CVSS:3.1/AV:N", None),
        ("nonsense", None),
    ],
)
def test_base_score(vector: str, score: float | None) -> None:
    assert base_score(vector) == score


def test_vectors_of_the_records_give_the_scores_of_the_records() -> None:
    wrong, checked = [], 0
    for advisory in shipped():
        stated = {one.score for one in advisory.scores if one.type == "CVSS_V3"}
        for type_, vector in advisory.vectors:
            if type_ == "CVSS_V3":
                checked += 1
                computed = base_score(vector)
                if computed not in stated:
                    wrong.append((advisory.id, computed, stated))
    assert checked > 40
    # The record prints 10 beside a vector that computes to 9.9; its notes say so.
    assert [entry for entry in wrong if entry[0] != "CVE-2026-40933"] == []
