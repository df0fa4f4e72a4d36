"""What the tests of the protocol draw: JSON values, messages, lines as a pipe may hold them, and pieces of a stream."""

import json

from hypothesis import strategies as st

TEXTS = st.text(max_size=12)
"""Any text, lone surrogates left out: UTF-8 cannot hold them."""

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
"""Any value that JSON can hold."""

IDS = st.integers() | TEXTS | st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def dumped(draw: st.DrawFn, value: object) -> bytes:
    """One way to write `value` in a line: with or without spaces, with escapes or in UTF-8."""
    spaces = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " : ")]))
    return json.dumps(value, ensure_ascii=draw(st.booleans()), separators=spaces).encode()


@st.composite
def chunks(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """`data` in pieces."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]


CALLS = st.builds(
    lambda i, tool, arguments, modern: {
        "jsonrpc": "2.0",
        "id": i,
        "method": "tools/call",
        "params": {
            "name": tool,
            "arguments": arguments,
            **({"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}} if modern else {}),
        },
    },
    IDS,
    TEXTS,
    st.dictionaries(TEXTS, VALUES, max_size=3),
    st.booleans(),
)
"""Well-formed calls."""

OTHERS = st.one_of(
    st.builds(lambda i, p: {"jsonrpc": "2.0", "id": i, "method": "resources/read", "params": {"uri": p}}, IDS, TEXTS),
    st.builds(
        lambda p: {"jsonrpc": "2.0", "method": "notifications/progress", "params": p},
        st.dictionaries(TEXTS, VALUES, max_size=3),
    ),
    st.builds(lambda i, r: {"jsonrpc": "2.0", "id": i, "result": {"content": r}}, IDS, VALUES),
)
"""Messages that nobody has to decide."""
