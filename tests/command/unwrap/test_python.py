"""python: code, modules and standard input."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "python3 -c 'import os; os.system(\"rm x\")'": ["python", 'python> import os; os.system("rm x")', "$ rm x"],
    "python -uc 'print(1)' a": ["python", "python> print(1) | (a)"],
    "python3.11 -IBc 'print(1)'": ["python", "python> print(1)"],
    "python3 -W ignore -c 'print(1)'": ["python", "python> print(1)"],
    "python3 -Wignore -X dev x.py": None,
    "python3 x.py -c y": None,
    "python3": ["python", "< python | opaque=input"],
    "python3 -": ["python", "< python | (-) opaque=input"],
    "python3 /dev/stdin": ["python", "< python | (/dev/stdin) opaque=input"],
    "python3 -i": ["python", "< python | opaque=input"],
    "python3 -m pip install x": ["python", "pip install x"],
    "python3 -m http.server": None,
    "python3 -m timeit -s 'import os' 'os.system(\"rm x\")'": [
        "python",
        'python> import os\nos.system("rm x")',
        "$ rm x",
    ],
    "python3 -m pdb -c 'import os; os.system(\"rm x\")' x.py": [
        "python",
        'python> import os; os.system("rm x")',
        "$ rm x",
    ],
    "python3 -m IPython -c '!rm x'": ["python", "ipython> !rm x", "$ rm x"],
    "python3 -m code": ["python", "< python | opaque=input"],
    "python3 -m cProfile -m pip list": ["python", "pip list"],
    "python3 --version": None,
    "python3 -V": None,
    "python3 -mpip install x": ["python", "pip install x"],
    "py -3.11 -c 'print(1)'": ["python", "python> print(1)"],
    "pypy3 -c 'print(1)'": ["python", "python> print(1)"],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]
