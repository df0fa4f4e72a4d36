"""xargs, find, fd and parallel."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "xargs rm": ["xargs", "rm | repeated appended"],
    "xargs -0 rm -rf": ["xargs", "rm -rf | repeated appended"],
    "xargs -I{} cp {} /tmp": ["xargs", "cp ~'{}' /tmp | repeated"],
    "xargs -I {} sh -c 'rm {}'": ["xargs", "sh -c ~'rm {}' | repeated"],
    "xargs -i cp {} x": ["xargs", "cp ~'{}' x | repeated"],
    "xargs -iX cp X y": ["xargs", "cp ~X y | repeated"],
    "xargs --replace cp {} x": ["xargs", "cp ~'{}' x | repeated"],
    "xargs --replace=X cp X y": ["xargs", "cp ~X y | repeated"],
    "xargs -I{} {}": ["xargs", "~'{}' | repeated opaque=program"],
    "xargs -n1 -P4 rm": ["xargs", "rm | repeated appended"],
    "xargs -n 1 -P 4 -t rm": ["xargs", "rm | repeated appended"],
    "xargs --max-args=1 --max-procs 4 rm": ["xargs", "rm | repeated appended"],
    "xargs -d '\\n' -r rm": ["xargs", "rm | repeated appended"],
    "xargs -L1 rm": ["xargs", "rm | repeated appended"],
    "xargs -l rm": ["xargs", "rm | repeated appended"],
    "xargs -e rm": ["xargs", "rm | repeated appended"],
    "xargs -a f rm": ["xargs", "rm | repeated appended"],
    "xargs -J % mv % d": ["xargs", "mv ~% d | repeated"],
    "xargs": None,
    "xargs -0": None,
    "xargs sh -c 'rm \"$@\"' _": ["xargs", "sh -c 'rm \"$@\"' _ | repeated appended"],
    "xargs --weird v rm": ["xargs", "v rm | repeated appended opaque=options", "rm | repeated appended opaque=options"],
    "find . -name x": None,
    "find . -delete": None,
    "find . -exec rm {} ;": ["find+", "rm ~'{}' | repeated"],
    "find . -exec rm -rf {} +": ["find+", "rm -rf | repeated appended"],
    "find . -exec sh -c 'rm \"$1\"' _ {} ;": ["find+", "sh -c 'rm \"$1\"' _ ~'{}' | repeated"],
    "find . -execdir rm {} ';' -ok ls {} ';'": ["find+", "rm ~'{}' | repeated", "ls ~'{}' | repeated"],
    "find . -exec rm {}.bak ;": ["find+", "rm ~'{}.bak' | repeated"],
    "find . -exec echo + a ;": ["find+", "echo + a | repeated"],
    "find . -exec rm {}": ["find+", "rm ~'{}' | repeated"],
    "find . -exec {} ;": ["find+", "~'{}' | repeated opaque=program"],
    "fd -x rm": ["fd+", "rm | repeated appended"],
    "fd pat -x rm {}": ["fd+", "rm ~'{}' | repeated"],
    "fd -e py -X rm {}": ["fd+", "rm ~'{}' | repeated appended"],
    "fd -Hx rm": ["fd+", "rm | repeated appended"],
    "fd -t f pat --exec rm {.} ';' --exec-batch ls": ["fd+", "rm ~'{.}' | repeated", "ls | repeated appended"],
    "fd --exec=rm": ["fd+", "rm | repeated appended"],
    "fd pat": None,
    "parallel rm": ["parallel", "$ rm | repeated appended"],
    "parallel rm {} ::: a b": ["parallel", "$ rm a | repeated", "$ rm b | repeated"],
    "parallel rm ::: 'a b'": ["parallel", "$ rm 'a b' | repeated"],
    "parallel -j4 'rm {}; ls' ::: a": ["parallel", "$ rm a; ls | repeated"],
    "parallel -j 4 --bar rm :::: file": ["parallel", "$ rm | repeated appended"],
    "parallel ::: 'rm x' 'ls'": ["parallel", "$ rm x | repeated", "$ ls | repeated"],
    "parallel": ["parallel", "< shell | repeated opaque=input"],
    "parallel -q rm {}": ["parallel", "rm '{}' | repeated appended"],
    "parallel -I,, rm ,, ::: a": ["parallel", "$ rm a | repeated"],
    "parallel -S host rm ::: a": ["parallel", "$ rm a | remote=host repeated"],
    "parallel --pipe 'rm x'": ["parallel", "$ rm x | repeated"],
    "parallel --jobs=4 rm ::: $X": ["parallel", "$ rm $X | repeated"],
    "parallel rm {1} {2} ::: a ::: b": ["parallel", "$ rm a b | repeated"],
    "sem -j2 'rm x'": ["sem", "$ rm x"],
    "parallel --citation": None,
    "parallel --dry-run rm ::: a": None,
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]
