"""The type of a decoded JSON, TOML or YAML document.

Must not be here: anything that parses or prints one.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
    """Any JSON value. Maps keep the order of the document."""
else:
    # msgspec builds decoders from the model's annotations and knows no recursive alias.
    Json = Any
