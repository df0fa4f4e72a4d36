"""What start-up has filled goes into large pages, where the system has them and lets them be used."""

import ctypes
import mmap
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.daemon import pages
from spawngate.endpoint.daemon.pages import LARGE, allowed, gather, ranges

MAPS = """\
55d0c0000000-55d0c0400000 r-xp 00000000 fe:00 247278                     /usr/bin/python3.11
55d0c0400000-55d0c0800000 rw-p 00400000 fe:00 247278                     /usr/bin/python3.11
55d0c1100000-55d0c1900000 rw-p 00000000 00:00 0                          [heap]
7f0000000000-7f0000200000 rw-p 00000000 00:00 0
7f0000300000-7f00004fffff rw-p 00000000 00:00 0
7f0000600000-7f0000a00000 rw-s 00000000 00:01 1039                       /dev/zero (deleted)
7f0001000000-7f0001200000 rw-p 00000000 00:00 0                          [anon:arena of ours]
7f0002000000-7f0002200000 r--p 00000000 00:00 0
7ffd00000000-7ffd00400000 rw-p 00000000 00:00 0                          [stack]
"""


def test_private_memory_that_is_no_file_s() -> None:
    assert ranges(MAPS) == [
        (0x55D0C1200000, 0x55D0C1800000),
        (0x7F0000000000, 0x7F0000200000),
        (0x7F0001000000, 0x7F0001200000),
    ]


@given(st.text(alphabet="0123456789abcdef-rwp: []\n/", max_size=200))
def test_any_text_gives_whole_pages(text: str) -> None:
    assert all(first % LARGE == behind % LARGE == 0 and first < behind for first, behind in ranges(text))


@pytest.mark.parametrize(
    ("size", "enabled", "may"),
    [
        ("2097152\n", "always [madvise] never\n", True),
        ("2097152\n", "[always] madvise never\n", True),
        ("2097152\n", "always madvise [never]\n", False),
        ("536870912\n", "always [madvise] never\n", False),
        ("much\n", "always [madvise] never\n", False),
        (None, "always [madvise] never\n", False),
        ("2097152\n", None, False),
    ],
)
def test_the_system_s_settings_count(tmp_path: Path, size: str | None, enabled: str | None, may: bool) -> None:
    for name, text in (("hpage_pmd_size", size), ("enabled", enabled)):
        if text is not None:
            (tmp_path / name).write_text(text)
    assert allowed(tmp_path) is may


def large() -> int:
    """Bytes of this process in large pages."""
    found = [line for line in Path("/proc/self/smaps_rollup").read_text().splitlines() if "AnonHugePages" in line]
    return int(found[0].split()[1]) << 10


@pytest.mark.skipif(sys.platform != "linux" or not allowed(pages._SETTINGS), reason="no large pages here")
def test_what_is_in_memory_stays_as_it_is() -> None:
    with mmap.mmap(-1, 4 * LARGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as held:
        held[:] = bytes(range(256)) * (4 * LARGE // 256)
        before = large()
        done = list(gather())
        if not any(done):
            pytest.skip("this kernel does not do it at once")
        assert held[:] == bytes(range(256)) * (4 * LARGE // 256)
        assert large() - before >= 3 * LARGE


@pytest.mark.parametrize("how", ["platform", "settings", "maps", "refused"])
def test_where_there_are_none_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    (tmp_path / "hpage_pmd_size").write_text(str(LARGE))
    (tmp_path / "enabled").write_text("[always]")
    (tmp_path / "maps").write_text(MAPS)  # not ours: whoever asked for it would be refused
    monkeypatch.setattr(sys, "platform", "darwin" if how == "platform" else "linux")
    monkeypatch.setattr(pages, "_SETTINGS", tmp_path / ("gone" if how == "settings" else ""))
    monkeypatch.setattr(pages, "_MAPS", tmp_path / ("gone" if how == "maps" else "maps"))
    asked: list[int] = []

    class Library:
        def __init__(self, *_: object, **__: object) -> None:
            self.madvise = Advise()

    class Advise:
        def __call__(self, address: int, length: int, advice: int) -> int:
            asked.append(address)
            return -1

    monkeypatch.setattr(ctypes, "CDLL", Library)
    assert list(gather()) == []
    assert asked == ([0x55D0C1200000] if how == "refused" else [])


def test_memory_that_has_to_be_moved_together_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hpage_pmd_size").write_text(str(LARGE))
    (tmp_path / "enabled").write_text("[always]")
    (tmp_path / "maps").write_text(MAPS)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(pages, "_SETTINGS", tmp_path)
    monkeypatch.setattr(pages, "_MAPS", tmp_path / "maps")
    asked: list[int] = []
    clock = [0.0]

    class Library:
        def __init__(self, *_: object, **__: object) -> None:
            self.madvise = Advise()

    class Advise:
        def __call__(self, address: int, length: int, advice: int) -> int:
            asked.append(advice)
            clock[0] += 1.0 if len(asked) == 3 else 0.001
            return 0

    monkeypatch.setattr(ctypes, "CDLL", Library)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    # The wish for the first range, two pages of it, the second of which was slow.
    assert (list(gather()), asked) == ([True, True], [14, 25, 25])
