"""SHELL. A server's API from the command line: which server, by which token, and its answers.

One way for every sub-command: `--server URL`, `--token-file FILE` (else `$SPAWNGATE_TOKEN`), `--ca FILE`. A token goes
over https alone, but for a server on this machine, and never into an argument, where other users could read it.
Must not be here: what is asked (each sub-command).
"""

import os
import ssl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import click
import msgspec

from spawngate.model.errors import StateError, UsageError

LOCAL = "http://127.0.0.1:7337"
"""`spawngate up`."""
TOKEN = "SPAWNGATE_TOKEN"
SECONDS = 60.0
LARGEST = 64 << 20
"""Bytes of an answer."""
Command = TypeVar("Command", bound=Callable[..., Any])
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


def asked(default: str | None = None) -> Callable[[Command], Command]:
    """`--server`, `--token-file`, `--ca`. `default`: the server where none is named."""

    def decorate(function: Command) -> Command:
        for option in (
            click.option("--ca", type=_file, help="With --server: certificates to trust, PEM."),
            click.option(
                "--token-file",
                type=_file,
                help=f"With --server: file with an API token; else ${TOKEN}. `spawngate up` needs none.",
            ),
            click.option(
                "--server",
                metavar="URL",
                default=default,
                show_default=default is not None,
                help="A server, by its API. `spawngate up` is http://127.0.0.1:7337.",
            ),
        ):
            function = option(function)
        return function

    return decorate


def token_of(file: Path | None) -> str:
    """The token of a file, else of the environment; empty for none. Raises UsageError."""
    try:
        token = file.read_text(encoding="utf-8").strip() if file is not None else os.environ.get(TOKEN, "").strip()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{file}: cannot be read") from None
    if not token.isascii() or any(letter.isspace() or not letter.isprintable() for letter in token):
        raise UsageError("the token is none")
    return token


class Api:
    """One server's API. Close it, or use it as a context."""

    def __init__(self, server: str, token: str, *, ca: Path | None = None) -> None:
        """`server`: https://host, or http:// on loopback. Raises UsageError."""
        import httpx2

        from spawngate.server.mcp.ask import base_of

        self._base, local = base_of(server)
        try:
            context = ssl.create_default_context(cafile=ca)
        except (OSError, ssl.SSLError):
            raise UsageError(f"{ca}: holds no certificates in PEM") from None
        self._client = httpx2.Client(
            timeout=SECONDS,
            verify=context,
            trust_env=not local,
            follow_redirects=False,
            headers={"accept": "application/json", **({"authorization": f"Bearer {token}"} if token else {})},
        )

    def __enter__(self) -> "Api":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    def get(self, path: str, **query: str | int) -> bytes:
        """The body of an answer. Raises StateError where there is none, UsageError for a request that is wrong."""
        return self._asked("GET", path, params={name: value for name, value in query.items() if value != ""})

    def lines(self, path: str, **query: str) -> Iterator[bytes]:
        """The lines of an answer, as they come. Raises as `get`, and StateError where it breaks off in a line."""
        import httpx2

        from spawngate.server.mcp.ask import refused

        rest = b""
        try:
            with self._client.stream("GET", f"{self._base}{path}", params=query) as answer:
                if answer.status_code != 200:
                    raise refused(answer.status_code, read(answer.read()[:LARGEST], dict[str, Any]))
                for part in answer.iter_bytes():
                    *whole, rest = (rest + part).split(b"\n")
                    yield from whole
                    if len(rest) > LARGEST:
                        raise StateError("a line of the answer is too long")
        except httpx2.HTTPError as error:
            raise StateError(f"{self._base}: the answer broke off ({str(error) or type(error).__name__})") from None
        if rest:
            raise StateError(f"{self._base}: the answer broke off")

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> bytes:
        """Change something. Raises as `get`; UsageError without a token."""
        if "authorization" not in self._client.headers:
            raise UsageError(
                f"who changes something says who they are: --token-file, or ${TOKEN}. What `spawngate up` keeps is "
                "changed without --server"
            )
        return self._asked(method, path, **({} if body is None else {"json": dict(body)}))

    def _asked(self, method: str, path: str, **given: Any) -> bytes:
        import httpx2

        from spawngate.server.mcp.ask import refused

        parts: list[bytes] = []
        size = 0
        try:
            with self._client.stream(method, f"{self._base}{path}", **given) as answer:
                for part in answer.iter_bytes():
                    parts.append(part)
                    size += len(part)
                    if size > LARGEST:
                        raise StateError("the answer is too large; ask for less at once")
        except httpx2.HTTPError as error:
            told = str(error) or type(error).__name__
            raise StateError(f"{self._base} cannot be asked ({told}); is the server running?") from None
        body = b"".join(parts)
        if answer.status_code == 200:
            return body
        try:
            document: object = msgspec.json.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise StateError(f"{self._base}{path} answered {answer.status_code}, no JSON") from None
        raise refused(answer.status_code, document)


def read(body: bytes, kind: type[Any]) -> Any:
    """An answer as this type. Raises StateError for one that is not as our servers give it."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise StateError("the answer is not one of a Spawngate server of this version") from None
