"""Which MCP SDKs and wrappers a project names, and in which versions: from its manifests and locks.

Belongs here: the packages that count, the projects of a tree (one per folder with a manifest), and to which of them a
file belongs.
Must not be here: formats of manifests (`codescan.manifests`) and of locks (`advisories.locks`), launch sites.

Packages: reference list of the four official SDKs and of the wrappers that most applications go through. A package that
is missing here costs the version in the report, and nothing else: what counts as a launch is said by the models.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from spawngate.advisories import locks
from spawngate.advisories.pins import Kind
from spawngate.codescan import manifests
from spawngate.codescan.manifests import Declared
from spawngate.model.observed import Diagnostic

Language = Literal["python", "javascript", "java", "rust", "go", "csharp", "kotlin"]


@dataclass(frozen=True, slots=True)
class Sdk:
    """A library that starts MCP servers."""

    ecosystem: str
    package: str
    language: Language
    official: bool = False


def _sdks(ecosystem: str, language: Language, official: str, wrappers: str = "") -> list[Sdk]:
    return [Sdk(ecosystem, name, language, True) for name in official.split()] + [
        Sdk(ecosystem, name, language) for name in wrappers.split()
    ]


SDKS: tuple[Sdk, ...] = (
    *_sdks(
        "PyPI",
        "python",
        "mcp",
        "fastmcp langchain-mcp-adapters openai-agents pydantic-ai pydantic-ai-slim autogen-ext crewai-tools mcpadapt"
        " smolagents llama-index-tools-mcp mcp-use mcp-haystack agno google-adk strands-agents semantic-kernel upsonic"
        " praisonaiagents mcp-agent mcp-proxy chainlit camel-ai lfx langflow-base",
    ),
    *_sdks(
        "npm",
        "javascript",
        "@modelcontextprotocol/sdk @modelcontextprotocol/client @modelcontextprotocol/server",
        "@langchain/mcp-adapters @ai-sdk/mcp @mastra/mcp mcp-use @openai/agents @llamaindex/tools @genkit-ai/mcp"
        " @voltagent/core mcp-proxy supergateway fastmcp mcp-remote",
    ),
    *_sdks(
        "Maven",
        "java",
        "io.modelcontextprotocol.sdk:mcp io.modelcontextprotocol.sdk:mcp-core io.modelcontextprotocol.sdk:mcp-bom"
        " io.modelcontextprotocol.sdk:mcp-spring-webflux io.modelcontextprotocol.sdk:mcp-spring-webmvc"
        " io.modelcontextprotocol.sdk:mcp-json-jackson2",
        "dev.langchain4j:langchain4j-mcp org.springframework.ai:spring-ai-mcp"
        " org.springframework.ai:spring-ai-starter-mcp-client"
        " org.springframework.ai:spring-ai-starter-mcp-client-webflux"
        " org.springframework.ai:spring-ai-mcp-client-spring-boot-starter"
        " io.quarkiverse.langchain4j:quarkus-langchain4j-mcp com.google.adk:google-adk org.noear:solon-ai-mcp"
        " io.agentscope:agentscope",
    ),
    *_sdks(
        "Maven",
        "kotlin",
        "io.modelcontextprotocol:kotlin-sdk io.modelcontextprotocol:kotlin-sdk-client",
        "ai.koog:koog-agents ai.koog:agents-mcp",
    ),
    *_sdks("crates.io", "rust", "rmcp rmcp-macros", "rust-mcp-sdk rig-core swiftide mcp-client mcp-core"),
    *_sdks("Go", "go", "github.com/modelcontextprotocol/go-sdk", "github.com/mark3labs/mcp-go"),
    *_sdks("NuGet", "csharp", "ModelContextProtocol ModelContextProtocol.Core"),
)
"""Official SDKs first within a language. Wrappers bring an SDK, or the spawn itself, along."""

_BY_NAME: Mapping[tuple[str, str], Sdk] = {
    (sdk.ecosystem, manifests.normal(sdk.ecosystem, sdk.package)): sdk for sdk in SDKS
}


@dataclass(frozen=True, slots=True)
class SdkUse:
    """One SDK that a project uses."""

    sdk: Sdk
    asked: str
    """What the manifest asks for, as written: `>=1.2,<2`; empty where only a lock names it."""
    version: str
    """The locked version; several, where a lock holds several, joined by `, `; empty where no lock says it."""
    path: str
    """The manifest, or the lock where no manifest names it."""
    line: int
    """Of the manifest; 0 where it is not known."""
    direct: bool
    """A manifest of the project names it; false where it comes with something else."""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a manifest."""

    path: str
    """Of the folder, relative to the tree; empty for its top."""
    name: str
    """As the manifest says; the folder's name where it says none."""
    ecosystems: tuple[str, ...]
    uses: tuple[SdkUse, ...]


@dataclass(slots=True)
class _Folder:
    name: str = ""
    ecosystems: set[str] = field(default_factory=set)
    declared: dict[tuple[str, str], tuple[Declared, str]] = field(default_factory=dict)
    locked: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    lock_path: dict[tuple[str, str], str] = field(default_factory=dict)


def is_manifest(name: str) -> bool:
    """Whether a file of this name says what a project uses: a manifest or a lock."""
    return manifests.reader(name) is not None or (locks.reader(name) is not None and not _is_container(name))


def sdk_of(ecosystem: str, package: str) -> Sdk | None:
    """The SDK of a package; None where it is none."""
    return _BY_NAME.get((ecosystem, manifests.normal(ecosystem, package)))


def projects(files: Iterable[tuple[str, bytes]], name: str = "") -> tuple[tuple[Project, ...], tuple[Diagnostic, ...]]:
    """The projects of a tree, by path, from its manifests and locks, and what could not be read of these.

    files: paths relative to the tree, with `/`, and contents. name: of the tree, for a project at its top.
    A lock that lies in a folder above resolves versions for the projects below it (workspaces), and what a bill of
    materials elsewhere in the tree says resolves those that Maven's files leave out. Raises nothing.
    """
    folders: dict[str, _Folder] = {}
    trouble: list[Diagnostic] = []
    for path, data in files:
        folder, _, file = path.rpartition("/")
        # These files lie in a folder of their own, beside what they are about.
        below = folder.rpartition("/")[2]
        if (file == "libs.versions.toml" and below == "gradle") or below.endswith((".dist-info", ".egg-info")):
            folder = folder.rpartition("/")[0]
        text = data.decode("utf-8", "replace").removeprefix("\ufeff")
        entry = folders.setdefault(folder, _Folder())
        read = manifests.reader(file)
        if read is not None:
            manifest = read(text)
            entry.name = entry.name or manifest.name
            entry.ecosystems.add(manifest.ecosystem)
            for declared in manifest.declared:
                key = declared.ecosystem, manifests.normal(declared.ecosystem, declared.package)
                if key in _BY_NAME:
                    entry.declared.setdefault(key, (declared, path))
            trouble += [Diagnostic(path, problem.reason, problem.message) for problem in manifest.problems]
        if locks.reader(file) is not None and not _is_container(file):
            found, problems = locks.read(file, text)
            for row in found:
                key = row.ecosystem, manifests.normal(row.ecosystem, row.name)
                entry.ecosystems.add(row.ecosystem)
                if key in _BY_NAME and row.pin.kind is Kind.EXACT and row.pin.version:
                    entry.locked.setdefault(key, {})[row.pin.version] = None
                    entry.lock_path.setdefault(key, path)
            if read is None:
                trouble += [Diagnostic(path, problem.reason, problem.message) for problem in problems]
    return tuple(_project(path, folders, name) for path in sorted(folders)), tuple(trouble)


def project_of(path: str, found: Iterable[Project], ecosystem: str = "") -> Project | None:
    """The project that a file belongs to: the nearest folder above it, of the file's ecosystem where there is one."""
    above = sorted((item for item in found if _holds(item.path, path)), key=lambda item: -len(item.path))
    own = [item for item in above if ecosystem in item.ecosystems]
    return next(iter(own or above), None)


def ecosystem_of(language: str) -> str:
    """Where the packages of a language come from; empty for a language without a registry of its own here."""
    return {
        "python": "PyPI",
        "javascript": "npm",
        "java": "Maven",
        "kotlin": "Maven",
        "rust": "crates.io",
        "go": "Go",
        "csharp": "NuGet",
    }.get(language, "")


def _project(path: str, folders: Mapping[str, _Folder], name: str) -> Project:
    folder = folders[path]
    uses: list[SdkUse] = []
    for key, (declared, manifest) in folder.declared.items():
        versions = next((above.locked[key] for above in _upwards(path, folders) if key in above.locked), {})
        if not versions and not declared.asked and declared.ecosystem == "Maven":
            versions = _managed(key, folders)
        uses.append(SdkUse(_BY_NAME[key], declared.asked, ", ".join(versions), manifest, declared.line, True))
    for key, versions in folder.locked.items():
        if key not in folder.declared:
            uses.append(SdkUse(_BY_NAME[key], "", ", ".join(versions), folder.lock_path[key], 0, False))
    uses.sort(key=lambda use: (not use.sdk.official, not use.direct, SDKS.index(use.sdk)))
    own = folder.name or path.rpartition("/")[2] or name
    return Project(path, own, tuple(sorted(folder.ecosystems - {"", "GitHub"})), tuple(uses))


def _managed(key: tuple[str, str], folders: Mapping[str, _Folder]) -> dict[str, None]:
    """The only version that any file of the tree gives a package; empty where there are several, or none."""
    found = dict.fromkeys(version for folder in folders.values() for version in folder.locked.get(key, ()))
    return found if len(found) == 1 else {}


def _upwards(path: str, folders: Mapping[str, _Folder]) -> Iterable[_Folder]:
    while True:
        if path in folders:
            yield folders[path]
        if not path:
            return
        path = path.rpartition("/")[0]


def _holds(folder: str, path: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _is_container(name: str) -> bool:
    return re.search(r"docker|compose|container", name, re.IGNORECASE) is not None
