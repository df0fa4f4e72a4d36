"""Archives as real programs write them, and as nobody should."""

import bz2
import contextlib
import gzip
import io
import lzma
import struct
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.configuration.archives import MOST, Member, NotReadable, decompressed, members_of
from spawngate.configuration.files import LARGEST, Unknown

FILES = {
    "a/.mcp.json": b'{"x": 1}\n',
    "a/" + "long/" * 40 + "name.json": b"{}",
    "\u00e4.toml": b"k = 1\n",
    "empty": b"",
}


def tar(mode: str = "w", form: int = tarfile.PAX_FORMAT, files: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as archive:  # type: ignore[call-overload]  # of the parameters
        for name, data in (files or FILES).items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(method: int = zipfile.ZIP_DEFLATED, files: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in (files or FILES).items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        *(tar(form=form) for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)),
        *(tar(mode) for mode in ("w:gz", "w:bz2", "w:xz")),
        *(zipped(method) for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)),
    ],
)
def test_members(data: bytes) -> None:
    assert members_of(data) == [Member(name, content) for name, content in FILES.items()]


def test_an_old_header_with_a_prefix() -> None:
    name = "folder/" * 20 + "file"
    assert [each.name for each in members_of(tar(form=tarfile.USTAR_FORMAT, files={name: b"x"}))] == [name]


def test_links_folders_and_special_members() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind, name, link in (
            (tarfile.SYMTYPE, "s", "/etc"),
            (tarfile.DIRTYPE, "d", ""),
            (tarfile.FIFOTYPE, "f", ""),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, link
            archive.addfile(info)
    assert members_of(out.getvalue()) == [
        Member("s", Unknown("link"), "/etc"),
        Member("d/", b"", folder=True),
        Member("f", Unknown("archive")),
    ]


def test_a_link_in_a_zip() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("s")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "../x")
    assert members_of(out.getvalue()) == [Member("s", Unknown("link"), "../x")]


def test_large_ones() -> None:
    big = b"0" * (LARGEST + 1)
    assert members_of(tar("w:gz", files={"a": big})) == [Member("a", Unknown("oversized"))]
    assert members_of(zipped(files={"a": big})) == [Member("a", Unknown("oversized"))]
    with pytest.raises(NotReadable):
        members_of(tar("w:gz", files={"a": b"0" * (MOST + 1)}))


def test_a_zip_that_says_two_things_is_not_believed() -> None:
    data = bytearray(zipped(files={"a.json": b"{}" * 50}))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 20)  # the size of the content, in the directory alone
    assert members_of(bytes(data)) == [Member("a.json", Unknown("archive"))]


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"\x1f\x8b", b"x" * 600, b"BZh91", b"\xfd7zXZ\x00", tar()[:515], zipped()[:-9]]
)
def test_damage(data: bytes) -> None:
    with pytest.raises(NotReadable):
        members_of(data)


def test_a_single_file() -> None:
    assert decompressed(b"plain") == b"plain"
    with pytest.raises(NotReadable):
        decompressed(b"\x1f\x8b\x08")


def with_links(files: dict[str, bytes], links: dict[str, str]) -> bytes:
    """A tar with symbolic links in front of its files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, link in links.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, link
            archive.addfile(info)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def two_sizes() -> bytes:
    """A header that says 1,024 bytes behind a record that says none: the bytes are a member of their own."""
    hidden = tar(files={".mcp.json": b"{}"})[:1024]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a")
        info.pax_headers = {"size": "0"}
        info.size = len(hidden)
        archive.addfile(info, io.BytesIO(hidden))
    return out.getvalue()


def in_front(data: bytes) -> bytes:
    """A zip with another list of members where its end says, as programs that correct for bytes in front do not."""
    other = zipped(files={"a": b"x"})
    end = data.rfind(b"PK\x05\x06")
    changed = bytearray(data)
    struct.pack_into("<L", changed, end + 16, other.rfind(b"PK\x01\x02"))
    return other[: other.rfind(b"PK\x05\x06")] + bytes(changed)


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(tar(files={"a": b"x"})[:1024]) + gzip.compress(tar(files={".mcp.json": b"{}"})),
        bz2.compress(tar(files={"a": b"x"})[:1024]) + bz2.compress(tar()),
        lzma.compress(tar(files={"a": b"x"})[:1024]) + lzma.compress(tar()),
        tar(files={"a": b"x"}) + tar(files={".mcp.json": b"{}"}),
        tar(files={"a": b"x"})[:1536] + tar(files={".mcp.json": b"{}"}),
        two_sizes(),
        in_front(zipped()),
        zipped() + b"behind",
        zipped(files={".mcp.json\1.txt": b"{}"}).replace(b"json\1.", b"json\0."),
        tar(files={"a": b"x"}).replace(b"00000000001\0", b"0o000000001\0", 1),
    ],
)
def test_what_another_reader_reads_otherwise_is_not_read(data: bytes) -> None:
    with pytest.raises(NotReadable):
        members_of(data)


def test_a_file_that_is_both_is_what_its_program_takes_it_for() -> None:
    both = tar(files={"a": b"x"}) + zipped(files={"b": b"y"})
    with pytest.raises(NotReadable):
        members_of(both)
    with pytest.raises(NotReadable):
        members_of(both, "zip")
    with pytest.raises(NotReadable):
        members_of(zipped(), "tar")


@given(st.sampled_from([tar(), tar("w:gz"), zipped()]), st.integers(0, 5_000), st.integers(0, 255), st.integers(0, 9))
def test_any_bytes(data: bytes, at: int, byte: int, cut: int) -> None:
    changed = bytearray(data[: len(data) - cut])
    changed[at % len(changed)] = byte
    with contextlib.suppress(NotReadable):
        members_of(bytes(changed))
