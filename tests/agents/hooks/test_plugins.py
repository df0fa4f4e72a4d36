"""Plugins: what is rendered, and what a JavaScript engine makes of it with clients that answer, fail and hang."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spawngate.agents.hooks.plugins import PLUGINS, render

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")

CLIENT = """
import json, os, sys, time
call = json.load(sys.stdin)
with open(os.environ["LOG"], "a") as log:
    foreign = [name for name in os.environ if name.startswith(("LD_", "PYTHON"))]
    log.write(json.dumps([sys.argv[1:], call, foreign]) + "\\n")
command = call["tool_input"]["command"]
if command == "hang":
    time.sleep(60)
if command == "die":
    sys.exit(3)
if command == "exit-2":
    sys.stdout.write('{"verdict":"none"}')
    sys.exit(2)
print({"text": "fine", "cut": '{"verdict":"no', "foreign": '{"decision":"allow"}', "list": "[]", "null": "null",
       "silent": "", "long": "x" * 2000000}.get(command) if command not in ("none", "deny", "ask")
      else json.dumps({"verdict": command, "reason": "why: " + command}))
"""
"""A stand-in for our client: it answers as the command says."""

DRIVERS = {
    "opencode": """
const plugin = (await import(FILE)).default
const hooks = await plugin.server({ directory: "/w" })
async function ask(command) {
  const args = { command }
  try {
    await hooks["tool.execute.before"]({ tool: "bash", sessionID: "s", callID: "c" }, { args })
    return "runs"
  } catch (error) { return "refused: " + error.message }
}
""",
    "opencode-2": """
const plugin = (await import(FILE)).default
const hooks = {}
await plugin.setup({ directory: "/w", tool: { hook: async (name, handler) => { hooks[name] = handler } } })
async function ask(command) {
  try {
    await hooks["execute.before"]({ tool: "bash", sessionID: "s", id: "c", input: { command } })
    return "runs"
  } catch (error) { return "refused: " + error.message }
}
""",
    "opencode-legacy": """
const module = await import(FILE)
for (const value of Object.values(module)) if (typeof value !== "function") throw new Error("no function")
const hooks = await module.Spawngate({ directory: "/w" })
async function ask(command) {
  try {
    await hooks["tool.execute.before"]({ tool: "bash", sessionID: "s", callID: "c" }, { args: { command } })
    return "runs"
  } catch (error) { return "refused: " + error.message }
}
""",
    "amp": """
const handlers = {}
;(await import(FILE)).default({ on: (name, handler) => { handlers[name] = handler } })
async function ask(command) {
  const ctx = { ui: { confirm: async (dialog) => {
    if (PERSON === "none") throw new Error("no UI")
    return PERSON === "yes"
  } } }
  const event = { tool: "bash", input: { command }, toolUseID: "c", thread: { id: "s" } }
  const answer = await handlers["tool.call"](event, ctx)
  if (answer.action === "allow") return "runs"
  return answer.action === "reject-and-continue" ? "refused: " + answer.message : "?"
}
""",
    "pi": """
const handlers = {}
;(await import(FILE)).default({ on: (name, handler) => { handlers[name] = handler } })
async function ask(command) {
  const ctx = { cwd: "/w", hasUI: PERSON !== "none", ui: { confirm: async () => PERSON === "yes" } }
  const answer = await handlers.tool_call({ toolName: "bash", input: { command }, toolCallId: "c" }, ctx)
  return answer === undefined ? "runs" : answer.block === true ? "refused: " + answer.reason : "?"
}
""",
    "openclaw": """
const handlers = {}
;(await import(FILE)).default({ on: (name, handler) => { handlers[name] = handler } })
async function ask(command) {
  const event = { toolName: "bash", params: { command }, runId: "s", toolCallId: "c" }
  const answer = await handlers.before_tool_call(event, {})
  if (answer === undefined) return "runs"
  if (answer.requireApproval) {
    const { description, timeoutBehavior } = answer.requireApproval
    return (PERSON === "yes" ? "runs" : timeoutBehavior === "deny" ? "refused: " + description : "?")
  }
  return answer.block === true ? "refused: " + answer.blockReason : "?"
}
""",
}
ASKING = ("amp", "pi", "openclaw")


class Plugin:
    """One rendered plugin in Node.js, with the stand-in as its client."""

    def __init__(self, folder: Path, driver: str, *, closed: bool = True, deadline: float = 20.0) -> None:
        client = folder / "client.py"
        client.write_text(CLIENT)
        self.log = folder / "log"
        self.folder = folder
        self.driver = driver
        argv = [sys.executable, str(client), driver]
        name = driver.removesuffix("-2")
        self.write(render(name, argv, closed=closed, deadline=deadline))

    def write(self, text: str) -> None:
        """Put the plugin in place."""
        (self.folder / "plugin.mjs").write_text(text)

    def ask(self, *commands: str, person: str = "none") -> list[str]:
        """What becomes of calls with these commands, one after another."""
        assert NODE is not None
        program = (
            f"const FILE = {json.dumps((self.folder / 'plugin.mjs').as_uri())}\nconst PERSON = {json.dumps(person)}\n"
            f"{DRIVERS[self.driver]}\nconst found = []\n"
            f"for (const command of {json.dumps(commands)}) found.push(await ask(command))\n"
            "console.log(JSON.stringify(found))\n"
        )
        driver = self.folder / "driver.mjs"
        driver.write_text(program)
        environment = {**os.environ, "LOG": str(self.log), "LD_BIND_NOW": "1", "PYTHONSTARTUP": "/nonexistent"}
        done = subprocess.run(
            [NODE, str(driver)], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        found: list[str] = json.loads(done.stdout)
        return found


@needs_node
@pytest.mark.parametrize("driver", DRIVERS)
def test_answers(driver: str, tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, driver)
    assert plugin.ask("none", "deny", "ask") == ["runs", "refused: why: deny", "refused: why: ask"]
    logged = [json.loads(text) for text in plugin.log.read_text().splitlines()]
    assert [entry[0] for entry in logged] == [[driver]] * 3
    assert [entry[2] for entry in logged] == [[]] * 3
    call = logged[0][1]
    assert (call["tool_name"], call["tool_input"], call["tool_use_id"]) == ("bash", {"command": "none"}, "c")
    assert call["hook_event_name"]


@needs_node
@pytest.mark.parametrize("driver", ASKING)
def test_a_person_decides(driver: str, tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, driver)
    assert plugin.ask("ask", "deny", person="yes") == ["runs", "refused: why: deny"]
    assert plugin.ask("ask", person="no") == ["refused: why: ask"]


FAULTS = ("die", "exit-2", "text", "cut", "foreign", "list", "null", "silent", "long")


@needs_node
@pytest.mark.parametrize("closed", [True, False])
def test_every_failure_is_the_chosen_answer(closed: bool, tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, "opencode", closed=closed)
    found = plugin.ask(*FAULTS, person="yes")
    expected = "refused: Spawngate could not decide" if closed else "runs"
    assert [text[: len(expected)] for text in found] == [expected] * len(FAULTS)


@needs_node
def test_a_client_that_hangs_is_ended_at_the_deadline(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, "opencode", deadline=0.5)
    begin = time.monotonic()
    (found,) = plugin.ask("hang")
    assert time.monotonic() - begin < 20
    assert found.startswith("refused: Spawngate could not decide about this call (no answer in time)")


@needs_node
def test_a_client_that_is_not_there(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, "pi")
    plugin.write(render("pi", [str(tmp_path / "none"), "pi"]))
    (found,) = plugin.ask("none")
    assert found.startswith("refused: Spawngate could not decide about this call (its client did not start)")


def test_rendered_values_cannot_leave_their_place() -> None:
    argv = ['/a"b\\c\u2028</script>${x}`', "__CLOSED__", "amp"]
    text = render("amp", argv, closed=False, deadline=1.25)
    assert f"const ARGV = {json.dumps(argv)}\n" in text
    assert "const CLOSED = false\n" in text
    assert "const DEADLINE = 1250\n" in text
    assert text.isascii()


def test_what_is_refused() -> None:
    with pytest.raises(KeyError):
        render("vim", ["/x"])
    with pytest.raises(ValueError, match="at least a program"):
        render("amp", [])


@pytest.mark.parametrize("name", PLUGINS)
def test_no_placeholder_is_left(name: str) -> None:
    assert "__" not in render(name, ["/x", name])


@pytest.mark.parametrize("name", PLUGINS)
def test_one_export(name: str) -> None:
    """The loader of OpenCode 1.x drops a file with an export that it does not know."""
    exports = [text for text in render(name, ["/x"]).splitlines() if text.startswith("export ")]
    assert len(exports) == 1
