"""Images in compose files, Dockerfiles and dev containers."""

from spawngate.advisories.locks import Locked, read
from spawngate.advisories.pins import Kind, Pin, exact, from_image_tag, from_npm


def image(name: str, tag: str) -> Locked:
    return Locked("image", name, from_image_tag(tag))


def test_compose() -> None:
    text = (
        "services:\n  a:\n    image: arc53/docsgpt:0.15.0\n"
        "  b:\n    image: ${REG:-ghcr.io}/berriai/litellm:${TAG:-main-v1.82.0-stable}\n"
        "  c:\n    image: docker.io/flowiseai/flowise\n  d:\n    build: .\n"
        "  e:\n    image: langflowai/langflow:${VERSION}\n"
    )
    expected = (
        image("arc53/docsgpt", "0.15.0"),
        image("ghcr.io/berriai/litellm", "main-v1.82.0-stable"),
        image("flowiseai/flowise", ""),
        Locked("image", "langflowai/langflow", Pin(Kind.UNKNOWN, "${VERSION}")),
    )
    for name in ("compose.yaml", "docker-compose.yml", "docker-compose.prod.yml", "compose.dev.yml"):
        assert read(name, text) == (expected, ())


def test_dockerfile() -> None:
    text = (
        "ARG TAG=3.0.5\nFROM --platform=linux/amd64 flowiseai/flowise:${TAG} AS base\nFROM base\n"
        "COPY --from=ghcr.io/astral-sh/uv:0.5.1 /uv /bin/\nCOPY --from=base /a /b\nCOPY --from=0 /a /b\n"
        "RUN pip install --no-cache-dir 'litellm[proxy]==1.82.7' \\\n"
        "  fastmcp==2.12.0 && npm install -g mcp-remote@0.1.15 @scope/x@2.0.0\n"
    )
    expected = (
        image("flowiseai/flowise", "3.0.5"),
        image("ghcr.io/astral-sh/uv", "0.5.1"),
        Locked("PyPI", "litellm", exact("1.82.7")),
        Locked("PyPI", "fastmcp", exact("2.12.0")),
        Locked("npm", "mcp-remote", from_npm("0.1.15")),
        Locked("npm", "@scope/x", from_npm("2.0.0")),
    )
    for name in ("Dockerfile", "Dockerfile.dev", "api.Dockerfile", "Containerfile"):
        assert read(name, text) == (expected, ())


def test_devcontainer() -> None:
    text = '{"image": "arc53/docsgpt:0.15.0", // why\n}'
    assert read("devcontainer.json", text) == ((image("arc53/docsgpt", "0.15.0"),), ())


def test_nonsense_is_no_error() -> None:
    assert read("compose.yaml", "services: [1, {")[0] == ()
    assert read("Dockerfile", "FROM\nFROM ???\nRUN")[0] == ()
    assert read("devcontainer.json", "7") == ((), ())
    assert read("other.txt", "x")[1][0].reason == "unknown-shape"
