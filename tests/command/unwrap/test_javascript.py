"""node and deno: code in options and addresses."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    'node -e \'require("child_process").execSync("rm x")\'': [
        "node",
        'javascript> require("child_process").execSync("rm x")',
        "$ rm x",
    ],
    "node -p '1+1'": ["node", "javascript> 1+1"],
    "node --eval='1'": ["node", "javascript> 1"],
    "node -pe '1'": ["node", "javascript> 1"],
    "node -r x -e '1'": ["node", "javascript> 1"],
    'node --import \'data:text/javascript,import{execSync}from"child_process";execSync("rm%20x")\' x.js': [
        "node",
        'javascript> import{execSync}from"child_process";execSync("rm x") | (x.js)',
        "$ rm x",
    ],
    "node x.js -e y": None,
    "node": ["node", "< javascript | opaque=input"],
    "node -": ["node", "< javascript | (-) opaque=input"],
    "node --version": None,
    "node --check x.js": None,
    "node --run build": ["node+", "~build | via=script opaque=program"],
    'deno eval \'Deno.run({cmd:["rm","x"]})\'': ["deno", 'javascript> Deno.run({cmd:["rm","x"]})', "rm x"],
    "deno run x.ts": None,
    "deno run -A -": ["deno", "< javascript | opaque=input"],
    "deno task build": ["deno+", "~build | via=script opaque=program"],
    "deno fmt": None,
    "node -r ./x.cjs x.js": ["node+", "~./x.cjs | via=script opaque=program"],
    "node -r ./x.cjs -e 1": ["node", "javascript> 1", "~./x.cjs | via=script opaque=program"],
    "node -r dotenv/config x.js": None,
    "node --import 'data:text/javascript,execSync(\"rm%20x\")' -e 1": [
        "node",
        'javascript> execSync("rm x")\n1',
        "$ rm x",
    ],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]
