"""awk and sed: where their programs stand."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "awk 'BEGIN{system(\"rm x\")}'": ["awk", 'awk> BEGIN{system("rm x")}', "$ rm x"],
    "awk -F: '{print $1}' f": ["awk", "awk> {print $1} | (f)"],
    "awk -v x=1 'BEGIN{\"rm x\" | getline}' f": ["awk", 'awk> BEGIN{"rm x" | getline} | (f)', "$ rm x"],
    "awk '{print | \"rm x\"}'": ["awk", 'awk> {print | "rm x"}', "$ rm x"],
    "awk -f x.awk f": None,
    "gawk -e 'BEGIN{system(\"rm x\")}'": ["gawk", 'awk> BEGIN{system("rm x")}', "$ rm x"],
    "gawk --source 'BEGIN{system(\"rm x\")}'": ["gawk", 'awk> BEGIN{system("rm x")}', "$ rm x"],
    "mawk 'BEGIN{cmd=\"rm x\"; system(cmd)}'": ["mawk", 'awk> BEGIN{cmd="rm x"; system(cmd)}', "$ rm x"],
    "sed -n '1e rm x' f": ["sed+", "$ rm x"],
    "sed 's/.*/rm x/e' f": ["sed+", "$ rm x"],
    "sed '1s/^/rm x/e;q' f": ["sed+", "$ rm x"],
    "sed -e 's/a/b/' -e 'e rm x' f": ["sed+", "$ rm x"],
    "sed 's/a/b/g' f": None,
    "sed -i.bak 's/e/f/' f": None,
    "sed 's/x/e rm/' f": None,
    "sed -e '$!{h;e rm x' -e '}' f": ["sed+", "$ rm x"],
    "sed --sandbox 'e rm x' f": None,
    "sed 's/\\(.*\\)/\\1/e' f": ["sed+", "? | opaque=code"],
    "sed e": ["sed+", "? | opaque=code"],
    "gawk --sandbox 'BEGIN{system(\"rm x\")}'": ["gawk", 'awk> BEGIN{system("rm x")}'],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]
