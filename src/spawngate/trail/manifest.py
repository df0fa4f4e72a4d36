"""The manifest of an export: what the file held when it was written, signed.

A chain proves a whole trail; of a selection it proves nothing about what is left out. The manifest is a signed
checkpoint (`trail.note`) over the export's lines as leaves of one RFC 6962 tree, with two kinds of further lines:

    query QUERY                        what was asked; `-` for everything
    has ENDPOINT STREAM 1-10,12        which records the export holds

Must not be here: files, keys.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spawngate.trail import chain, note, tree
from spawngate.trail.note import Checkpoint, NoteError, Signer, Verifier

NAME = "export"
"""Behind the signer's name and a slash: the checkpoint's origin."""
LONGEST = 500_000
"""Characters of what records are named by; beyond it only their number and root are signed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of an export that is not as it was written."""

    kind: str
    """altered, dropped, inserted, swapped."""
    line: int
    """From 1; 0 where it is missing."""
    message: str


@dataclass(slots=True)
class Making:
    """The state of an export while it is written."""

    tree: tree.Growing
    streams: dict[str, list[int]]

    @classmethod
    def begin(cls) -> "Making":
        """Of an empty one."""
        return cls(tree.Growing(), {})

    def add(self, line: bytes) -> None:
        """One more line."""
        self.tree.append(tree.leaf(line))
        record = chain.read(line)
        if record is not None:
            name = f"{record.value.get('endpoint') or '-'} {record.stream}"
            self.streams.setdefault(name, []).append(record.sequence)

    def signed(self, query: str, signer: Signer) -> str:
        """The manifest. Raises NoteError."""
        asked = " ".join(query.split()) or "-"
        lines = [f"query {''.join(char if char.isprintable() else '?' for char in asked)}"]
        has = [f"has {name} {_ranges(numbers)}" for name, numbers in sorted(self.streams.items()) if _plain(name)]
        if sum(map(len, has)) <= LONGEST:
            lines += has
        checkpoint = Checkpoint(f"{signer.name}/{NAME}", self.tree.size, self.tree.root, tuple(lines))
        return note.sign(checkpoint.text(), [signer])


def check(manifest: str, lines: Iterable[bytes], verifiers: Sequence[Verifier]) -> list[Difference]:
    """What of an export is not as its manifest says; nothing where all of it is. Raises NoteError."""
    text, _ = note.verify(manifest, verifiers)
    signed = note.read_checkpoint(text)
    if not signed.origin.endswith(f"/{NAME}"):
        raise NoteError("this is the checkpoint of something else than an export")
    expected = {name: numbers for name, numbers in map(_has, signed.more) if name}
    wanted = {(name, number) for name, ranges in expected.items() for number in ranges}
    growing = tree.Growing()
    found: list[Difference] = []
    seen: dict[tuple[str, int], int] = {}
    hashes: dict[str, tuple[int, str]] = {}
    moved = False
    for number, line in enumerate(lines, 1):
        growing.append(tree.leaf(line))
        record = chain.read(line)
        if record is None:
            found.append(Difference("altered", number, f"line {number} is no record"))
            continue
        name = f"{record.value.get('endpoint') or '-'} {record.stream}"
        said = f"line {number} (record {record.sequence} of {name})"
        key = (name, record.sequence)
        if not record.intact:
            found.append(Difference("altered", number, f"{said} was altered: its content does not match its hash"))
        elif key in seen:
            found.append(Difference("inserted", number, f"{said} stands on line {seen[key]} already"))
        elif expected and key not in wanted:
            found.append(Difference("inserted", number, f"{said} was not in the export"))
        last = hashes.get(name)
        if last is not None and record.sequence == last[0] + 1 and record.previous != last[1] and record.intact:
            found.append(Difference("altered", number, f"{said} does not follow the one before it: one was made anew"))
        if last is not None and record.sequence < last[0] and key not in seen and not moved:
            moved = True
            found.append(Difference("swapped", number, f"{said} stands behind record {last[0]}"))
        hashes[name] = record.sequence, record.hash
        seen.setdefault(key, number)
    for name, sequence in sorted(wanted - seen.keys())[:100]:
        found.append(Difference("dropped", 0, f"record {sequence} of {name} is missing"))
    if not found and (growing.size, growing.root) != (signed.size, signed.root):
        if growing.size != signed.size:
            found.append(Difference("dropped", 0, f"it has {growing.size} lines, and {signed.size} were written"))
        else:
            found.append(Difference("swapped", 0, "its lines, or their order, are not those that were written"))
    return found


def _plain(name: str) -> bool:
    return len(name.split(" ")) == 2 and name.isprintable()


def _ranges(numbers: Sequence[int]) -> str:
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number <= found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def _has(line: str) -> tuple[str, list[int]]:
    word, _, rest = line.partition(" ")
    name, _, ranges = rest.rpartition(" ")
    if word != "has":
        return "", []
    numbers: list[int] = []
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise NoteError("the manifest names records as nobody writes them")
        numbers += range(int(first), int(last or first) + 1)
        if len(numbers) > 20_000_000:
            raise NoteError("the manifest names more records than an export has")
    return name, numbers
