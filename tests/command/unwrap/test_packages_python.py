"""uv, pipx and pip."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "uv run rm x": ["uv+", "rm x"],
    "uv run x.py": ["uv+", "python x.py"],
    "uv run --with x python -c 1": ["uv+", "python -c 1"],
    "uv run -m pip list": ["uv+", "python -m pip list"],
    "uv run -": ["uv+", "python -"],
    "uv --directory d run rm x": ["uv+", "rm x | cwd=d"],
    "uvx ruff@1 check": ["uvx+", "ruff check"],
    "uvx --from x y": ["uvx+", "y"],
    "uv tool run ruff": ["uv+", "ruff"],
    "uv pip install x": ["uv", "pip install x"],
    "uv sync": None,
    "pipx run black x": ["pipx+", "black x"],
    "pipx run x.py": ["pipx+", "python x.py"],
    "pipx install x": None,
    "pip install requests": None,
    "pip install .": ["pip+", "~. | via=script opaque=program"],
    "pip install -e .": ["pip+", "~. | via=script opaque=program"],
    "pip install git+https://x/y": ["pip+", "~git+https://x/y | via=script opaque=program"],
    "pip install ./x.tar.gz": ["pip+", "~./x.tar.gz | via=script opaque=program"],
    "pip install x.whl": None,
    "pip install -r r.txt": None,
    "pip3 install 'x @ https://h/x.tgz'": ["pip3+", "~'x @ https://h/x.tgz' | via=script opaque=program"],
    "pip list": None,
    "pip config --editor 'rm x' edit": ["pip+", "$ rm x | appended"],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]
