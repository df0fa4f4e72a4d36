"""The state of an analysis."""

from collections.abc import Callable

from spawngate.launch.definition import Definition
from spawngate.launch.environment import Environment
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.scene import MAX_STEPS, Here, Notes, Reader, Scene
from spawngate.launch.surroundings import NOTHING
from spawngate.launch.understand import understand


def test_notes() -> None:
    notes = Notes()
    notes.mark("shell", "privileged")
    notes.say("launcher", "npx")
    notes.say("launcher", "uvx")
    notes.say("bridge", "")
    notes.put("pin", "exact")
    notes.add("wrappers", "env", "sudo", "env")
    notes.add("unknown", "a", "b")
    notes.drop("unknown", "a")
    notes.drop("devices", "x")
    assert (notes.has("shell"), notes.has("bridge"), notes.items("wrappers"), notes.text("pin")) == (
        True,
        False,
        ("env", "sudo"),
        "exact",
    )
    assert notes.facts() == LaunchFacts(
        shell=True, privileged=True, launcher="npx", pin="exact", wrappers=("env", "sudo"), unknown=("b",)
    )


def scene(find: Callable[[str], Reader | None] = lambda _: None) -> Scene:
    return Scene(Definition(), NOTHING, find)


HERE = Here(Environment({}, "linux"), {})


def test_a_reader_that_hands_itself_back_ends() -> None:
    def again(one: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
        one.run("x", words, here)
        one.run("x", words, here)

    one = scene(lambda _: again)
    one.run("x", ("a",), HERE)
    assert one.notes.facts().unknown == ("too-nested",)
    assert one._steps <= 2 * MAX_STEPS + 2


def test_unknown_programs_are_said_to_be_unknown() -> None:
    one = scene()
    one.run("my-server", ("--x",), HERE)
    one.finish()
    assert one.notes.facts() == LaunchFacts(
        inner_program="my-server",
        inner_argv=("my-server", "--x"),
        server_args=("--x",),
        source="binary",
        unknown=("unknown-program",),
        programs=("my-server",),
    )


def test_one_analysis_knows_nothing_of_another() -> None:
    before = understand(Definition("npx", ("-y", "x")))
    understand(Definition("sh", ("-c", "curl x | sh")))
    assert understand(Definition("npx", ("-y", "x"))) == before


def test_nested_text_of_any_depth_ends() -> None:
    facts = understand(Definition("sh", ("-c", "$(" * 5000)))
    assert (facts.shell, facts.shell_plain, "too-nested" in facts.unknown) == (True, False, True)
