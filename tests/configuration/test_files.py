"""Files over files: what was written is read, what was there is kept, and too much is said."""

from pathlib import Path

from spawngate.command.context import CallContext
from spawngate.configuration.files import (
    LARGEST,
    MISSING,
    MOST,
    REASONS,
    Content,
    Files,
    Unknown,
    is_absolute,
    joined,
    nothing_read,
    place,
)

CONTEXT = CallContext(home="/home/dev", cwd="/home/dev/project")


def files(**present: bytes) -> Files:
    held: dict[str, Content] = {f"/home/dev/{name}": data for name, data in present.items()}
    return Files(CONTEXT, lambda path: held.get(path, MISSING))


def test_one_place_for_every_spelling() -> None:
    spellings = ["~/a", "/home/dev/a", "$HOME/a", "../a", "./../a", "/home/dev/project/../a"]
    assert {place(path, CONTEXT) for path in spellings} == {"/home/dev/a"}
    assert place("a", CONTEXT, "sub") == "/home/dev/project/sub/a"


def test_what_is_not_known_stays_symbolic() -> None:
    nowhere = CallContext()
    assert [place(path, nowhere) for path in ("a", "~/a", "/x/a")] == ["./a", "~/a", "/x/a"]
    assert [is_absolute(path) for path in ("./a", "~/a", "/x/a", "C:/a", "\0$x")] == [False, False, True, True, False]
    assert place("/home/other/a", CONTEXT) == "/home/other/a"


def test_windows() -> None:
    context = CallContext(home=r"C:\Users\dev", cwd=r"C:\Users\dev\p", platform="windows")
    assert place(r"C:\Users\dev\a", context) == r"C:\Users\dev/a"
    assert place(r"D:\x\a", context) == "D:/x/a"


def test_reads_what_was_written() -> None:
    held = files(a=b"1")
    assert held.read("/home/dev/a") == b"1"
    held.write("/home/dev/a", b"2")
    held.append("/home/dev/a", b"3")
    held.append("/home/dev/new", b"4")
    assert (held.read("/home/dev/a"), held.before("/home/dev/a")) == (b"23", b"1")
    assert held.written == {"/home/dev/a": [b"2", b"23"], "/home/dev/new": [b"4"]}


def test_without_a_reader_nothing_is_known() -> None:
    assert Files(CONTEXT).read("/a") == Unknown("not-read")
    assert nothing_read("/a") == Unknown("not-read")


def test_a_symbolic_place_is_not_asked_for() -> None:
    asked: list[str] = []

    def present(path: str) -> Content:
        asked.append(path)
        return b""

    assert Files(CallContext(), present).read("./a") == Unknown("not-read")
    assert asked == []


def test_limits() -> None:
    held = files(a=b"x" * (LARGEST + 1))
    assert held.read("/home/dev/a") == Unknown("oversized")
    held.write("/b", b"x" * (LARGEST + 1))
    assert held.read("/b") == Unknown("oversized")
    assert not held.overflowed
    for number in range(MOST + 1):
        held.write(f"/{number}", b"")
    assert held.overflowed


def test_joined() -> None:
    assert joined(b"a", MISSING, b"b") == b"ab"
    assert joined(b"a", Unknown("code"), Unknown("program")) == Unknown("code")


def test_every_reason_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert all(REASONS.values())
    assert [reason for reason in REASONS if f"`{reason}`" not in page] == []
