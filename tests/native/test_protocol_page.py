"""docs/hook-protocol.md says what the programs do."""

import re
from pathlib import Path

from spawngate.model import hookconf, wire
from spawngate.model.alone import parse_line
from spawngate.model.call import HookReply
from spawngate.model.hookconf import Failure, Fallback, HookConf

PAGE = (Path(__file__).parents[2] / "docs" / "hook-protocol.md").read_text()


def test_every_failure_has_a_row() -> None:
    section = PAGE.split("## Failures")[1].split("## ")[0]
    assert re.findall(r"^\| `([a-z]+)` \|", section, re.M) == [str(name) for name in Failure]


def test_the_example_of_the_file_is_one() -> None:
    (example,) = re.findall(r"```\n(spawngate-hook 1\n.*?)```", PAGE, re.S)
    assert hookconf.parse(example.encode()) == HookConf(
        socket="/run/user/{uid}/spawngate/daemon.sock",
        spool="/run/user/{uid}/spawngate/spool",
        fallbacks=(
            Fallback("claude-code", HookReply(b'{"decision":"deny"}\n'), closed=True),
            Fallback("claude-code", HookReply(), closed=False, event="PostToolUse"),
        ),
        environment=("CLAUDE_PROJECT_DIR",),
    )


def test_every_directive_has_a_row() -> None:
    section = PAGE.split("## hook.conf")[1].split("## ")[0]
    words = {
        line.split(" ")[0] for line in hookconf.render(HookConf("/s", "/p", environment=("A",))).decode().splitlines()
    }
    words = (words | {"on"}) - {"spawngate-hook"}
    rows = {
        word.split(" ")[0]
        for row in re.findall(r"^\| (`.*?) \|", section, re.M)
        for word in re.findall(r"`([^`]+)`", row)
    }
    assert rows == words


def test_the_example_of_the_spool_is_one() -> None:
    (example,) = re.findall(r"```json\n(.*)\n```", PAGE)
    found = parse_line(example.replace("...", "0" * 64).encode())
    assert found is not None
    assert (found.agent, found.failure, found.closed) == ("claude-code", Failure.SLOW, False)


def test_numbers() -> None:
    assert f"`{wire.REQUEST_MAGIC.decode()}`" in PAGE
    assert f"`{wire.ANSWER_MAGIC.decode()}`" in PAGE
    assert f"`{wire.ANSWER_END.decode()}`" in PAGE
    assert f"at most {wire.MAX_HEADER >> 10} KiB" in PAGE
    assert f"at most {wire.MAX_PAYLOAD >> 20} MiB" in PAGE
    assert f"at most {wire.MAX_ANSWER >> 20} MiB" in PAGE
    assert f"at most {hookconf.MAX_REQUEST >> 20} MiB" in PAGE
    assert f"at most {hookconf.MAX_VARIABLES}" in PAGE
    assert f"at most {hookconf.MAX_CONF >> 10} KiB" in PAGE
