"""SHELL. Bodies of requests: read and unpacked in bounds, whatever they claim.

Limits hold three times: for what travels, for the size that a header states, and for what comes out while it is
unpacked.
Sources: RFC 9110 section 8.4 (gzip), RFC 8878 (zstd).
Must not be here: what a body means.
"""

import zlib

import zstandard
from starlette.requests import ClientDisconnect, Request

WINDOW = 8 << 20
"""Bytes of the largest zstd window: RFC 8878 section 3.1.1.1.2 wants at least 8 MiB of a decoder."""
_NOT_STATED = (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR)


class BodyError(Exception):
    """The body is refused with this status. The message holds nothing of it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def received(request: Request, most: int) -> bytes:
    """The body as it travels, of at most `most` bytes. Raises BodyError."""
    stated = request.headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated[:19]) > most:
        raise BodyError(413, f"a body has at most {most} bytes")
    parts: list[bytes] = []
    length = 0
    try:
        async for part in request.stream():
            length += len(part)
            if length > most:
                raise BodyError(413, f"a body has at most {most} bytes")
            parts.append(part)
    except ClientDisconnect:
        raise BodyError(400, "the body ended before its time") from None
    if stated.isascii() and stated.isdigit() and int(stated[:19]) != length:
        raise BodyError(400, "the body is not as long as was stated")
    return b"".join(parts)


def unpacked(data: bytes, encoding: str, most: int) -> bytes:
    """What a body holds, of at most `most` bytes. Raises BodyError."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        found = data
    elif encoding in ("gzip", "x-gzip"):
        found = _gunzip(data, most)
    elif encoding == "zstd":
        found = _unzstd(data, most)
    else:
        raise BodyError(415, "a body is packed with zstd, with gzip, or not at all")
    if len(found) > most:
        raise BodyError(413, f"a body has at most {most} bytes, unpacked")
    return found


def _gunzip(data: bytes, most: int) -> bytes:
    packed = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        found = packed.decompress(data, most + 1)
    except zlib.error:
        raise BodyError(400, "the body is no gzip") from None
    if len(found) <= most and (not packed.eof or packed.unused_data):
        raise BodyError(400, "the body is not one whole gzip member")
    return found


def _unzstd(data: bytes, most: int) -> bytes:
    try:
        stated = zstandard.get_frame_parameters(data)
        if stated.content_size > most and stated.content_size not in _NOT_STATED:
            raise BodyError(413, f"a body has at most {most} bytes, unpacked")
        whole = zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_reader(data)
        found = whole.read(most + 1)
    except zstandard.ZstdError:
        raise BodyError(400, "the body is no zstd") from None
    if stated.content_size not in (*_NOT_STATED, len(found)):
        raise BodyError(400, "the body is not one whole zstd frame")
    return found
