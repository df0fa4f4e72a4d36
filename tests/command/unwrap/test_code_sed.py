"""Programs that sed scripts start."""

import pytest

from spawngate.command.unwrap.code import shell_outs
from tests.command.unwrap.shown import show_inner

CASES: dict[str, dict[str, list[str]]] = {
    "sed": {
        "e rm x": ["$ rm x"],
        "1e rm x": ["$ rm x"],
        "s/.*/rm x/e": ["$ rm x"],
        "s|^.*$|rm x|ge": ["$ rm x"],
        "/pat/s/x/y/e": ["? | opaque=code"],
        "s/a/e rm/": [],
        "y/abc/xyz/": [],
        "a e rm x": [],
        "/a[/]b/{e rm x": ["$ rm x"],
        "$!N;e rm x": ["$ rm x"],
        "s/a/b/w e rm": [],
        "s/a\\/b/c/;e rm x": ["$ rm x"],
        "\\,a,e rm x": ["$ rm x"],
        "# e rm x": [],
        "b e;e rm x": ["$ rm x"],
        "1,5!e rm x": ["$ rm x"],
    },
}


@pytest.mark.parametrize(
    ("language", "code"), [(language, code) for language, codes in CASES.items() for code in codes]
)
def test_what_it_starts(language: str, code: str) -> None:
    assert [show_inner(inner) for inner in shell_outs(code, language)] == CASES[language][code]
