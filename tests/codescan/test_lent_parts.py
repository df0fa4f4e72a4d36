"""Names for a part of something."""

import pytest

from tests.codescan.projects import kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"


@pytest.mark.parametrize(
    "part",
    [
        "config.setdefault('servers', {})",
        "config['servers']",
        "config.get('servers')",
        "config.setdefault('a', {}).setdefault('servers', {})",
    ],
)
def test_what_is_written_to_a_part_is_in_the_whole(part: str) -> None:
    text = (
        f"def handler(bad: str):\n    config = load()\n    part = {part}\n    part['k'] = {{0}}\n    part['l'] = bad\n"
    )
    asked = "    sink(config['a']['servers']['k'])\n" if "'a'" in part else "    sink(config['servers']['k'])\n"
    other = asked.replace("['servers']", "['others']")

    def found(value: str, end: str) -> list[str]:
        return kinds(one(HANDLER + text.replace("{0}", value) + end).slice("sink"))

    assert found("bad", asked) == ["http"]
    assert found("'uvx'", asked) == []
    assert found("bad", other) == []


def test_a_copy_is_no_part() -> None:
    text = "def handler(bad: str):\n    config = load()\n    part = dict(config['a'])\n    part['k'] = bad\n"
    text += "    sink(config['a']['k'])\n"
    assert kinds(one(HANDLER + text).slice("sink")) == []
