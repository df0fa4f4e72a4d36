"""The inventory as a CycloneDX bill of materials, written with the CycloneDX library.

Belongs here: MCP servers as services, what they start and the agents, tools, plugins and extensions on the endpoint as
components, who depends on whom, and advisory matches as vulnerabilities with an analysis.
Must not be here: findings in full (`report.sarif`), and artifacts that are text or credentials (skills, instructions,
hooks, secrets), which are no parts to be supplied and versioned.

Form: CycloneDX 1.6 or 1.7, JSON (https://cyclonedx.org/docs/). What the format has no field for stands in properties
under `spawngate:`, listed in docs/ci.md. A service is `authenticated` where the definition sends a header that
carries credentials or runs a command to obtain one, and otherwise says nothing; it crosses a trust boundary where its
address is not on this machine. A component's version is what was written: it may be a tag, a range or empty.

The serial number and the time follow from the snapshot, so equal input gives equal bytes. The library is imported
inside the renderer, because nothing else needs it and it is slow to load.
"""

import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlsplit

from spawngate import __version__
from spawngate.model.advisory import AdvisoryMatch, Answer
from spawngate.model.artifact import Artifact, Kind, Launch, Transport
from spawngate.model.snapshot import Snapshot
from spawngate.report import view
from spawngate.report.judgement import Judgement, fix_of, ordered_matches, severity_of
from spawngate.report.references import cwes, reference
from spawngate.report.terminal import escape

if TYPE_CHECKING:
    from cyclonedx.model import Property
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.dependency import Dependable, Dependency
    from cyclonedx.model.service import Service
    from cyclonedx.model.vulnerability import Vulnerability
    from packageurl import PackageURL

Version = Literal["1.6", "1.7"]

_COMPONENTS = (Kind.AGENT, Kind.CLI, Kind.EXTENSION, Kind.PLUGIN)
"""Kinds of artifacts that are components themselves."""
_CREDENTIAL_HEADER = re.compile(r"authorization|cookie|token|secret|api-?key|password|credential", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[A-Za-z0-9._~-]+@)?[A-Za-z0-9._-]+(?::\d{1,5})?(?:[/?#].*)?")
_LOOPBACK_NAMES = ("localhost", "ip6-localhost", "host.docker.internal")


def render_cyclonedx(snapshot: Snapshot, judgement: Judgement, version: Version = "1.6") -> bytes:
    """The bill as JSON, UTF-8, indented, with one newline at the end. Valid against the schema of `version`."""
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion

    wanted = {"1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}[version]
    document = json.loads(make_outputter(_bom(snapshot, judgement), OutputFormat.JSON, wanted).output_as_string())
    # The library puts what the document is at its end, where no reader and no file type detection looks.
    heads = {
        key: document[key] for key in ("$schema", "bomFormat", "specVersion", "serialNumber", "version", "metadata")
    }
    return json.dumps({**heads, **document}, indent=2, ensure_ascii=False).encode() + b"\n"


def _bom(snapshot: Snapshot, judgement: Judgement) -> "Bom":
    from uuid import UUID

    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType

    tool = Component(name="spawngate", version=__version__, type=ComponentType.APPLICATION, bom_ref="spawngate")
    endpoint = Component(
        name=escape(snapshot.host) or "endpoint",
        type=ComponentType.DEVICE,
        bom_ref="endpoint",
        properties=_properties(
            {
                "endpoint": snapshot.endpoint,
                "platform": snapshot.platform,
                "home": snapshot.homes,
                "root": snapshot.roots,
            }
        ),
    )
    parts = _Parts()
    services = _inventory(snapshot, judgement, parts)
    vulnerabilities = _vulnerabilities(judgement, parts)
    seed = json.dumps([snapshot.endpoint, snapshot.taken_at, *sorted(parts.by_ref)], ensure_ascii=True)
    bom = Bom(
        serial_number=UUID(bytes=sha256(seed.encode()).digest()[:16], version=4),
        metadata=BomMetaData(timestamp=_time(snapshot.taken_at), component=endpoint),
        components=parts.by_ref.values(),
        services=services,
        vulnerabilities=vulnerabilities,
        dependencies=parts.dependencies(),
    )
    bom.metadata.tools.components.add(tool)
    return bom


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _properties(values: Mapping[str, str | Iterable[str]]) -> "list[Property]":
    """Properties `spawngate:<name>`; an iterable gives one for each of its elements, empty text gives none."""
    from cyclonedx.model import Property

    pairs = [
        (name, item)
        for name, value in values.items()
        for item in ([value] if isinstance(value, str) else value)
        if item
    ]
    return [Property(name=f"spawngate:{name}", value=escape(value)) for name, value in pairs]


# -- components -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Parts:
    """The components so far, by their reference and by what finds them."""

    by_ref: "dict[str, Component]" = field(default_factory=dict)
    of_artifact: "dict[str, Component]" = field(default_factory=dict)
    """Artifact id to its own component, or to the package that a server starts."""
    dependable: "dict[str, Dependable]" = field(default_factory=dict)
    """Artifact id to what depends on packages: the component or the service that it is."""
    arrows: dict[str, set[str]] = field(default_factory=dict)
    """Reference to the references that it depends on."""

    def depend(self, needs: str, needed: str) -> None:
        """Note one arrow of the dependency graph."""
        self.arrows.setdefault(needs, set()).add(needed)
        self.arrows.setdefault(needed, set())

    def dependencies(self) -> "list[Dependency]":
        """The graph in the library's form."""
        from cyclonedx.model.bom_ref import BomRef
        from cyclonedx.model.dependency import Dependency

        return [
            Dependency(BomRef(ref), [Dependency(BomRef(other)) for other in sorted(needed)])
            for ref, needed in sorted(self.arrows.items())
        ]

    def package(self, purl: "PackageURL", type_: "ComponentType") -> "Component":
        """The component of a package: the same one for the same package and version."""
        from cyclonedx.model.component import Component

        ref = str(purl)
        if ref not in self.by_ref:
            self.by_ref[ref] = Component(
                name=purl.name,
                group=purl.namespace,
                version=purl.version,
                type=type_,
                purl=purl,
                bom_ref=ref,
            )
        return self.by_ref[ref]

    def named(self, name: str, version: str) -> "Component":
        """A component that has only a name."""
        from cyclonedx.model.component import Component, ComponentType

        ref = f"product:{name}@{version}"
        if ref not in self.by_ref:
            self.by_ref[ref] = Component(
                name=name or "unknown", version=version or None, type=ComponentType.APPLICATION, bom_ref=ref
            )
        return self.by_ref[ref]

    def artifact(self, artifact: Artifact) -> "Component":
        """The component of an agent, tool, plugin or extension."""
        from cyclonedx.model.component import Component, ComponentType

        detail = artifact.detail
        ref = f"{artifact.kind}:{artifact.id}"
        component = Component(
            name=escape(artifact.name) or "unnamed",
            version=escape(view.words(detail.get("version"))) or None,
            publisher=escape(view.words(detail.get("publisher")) or view.words(detail.get("vendor"))) or None,
            type=ComponentType.APPLICATION,
            bom_ref=ref,
            properties=_properties(
                {
                    "kind": artifact.kind,
                    "agent": artifact.agent,
                    "scope": artifact.scope,
                    "status": artifact.status,
                    "path": artifact.path,
                    "id": view.words(detail.get("id")),
                    "fingerprint": artifact.fingerprint,
                }
            ),
        )
        self.by_ref[ref] = component
        self.of_artifact[artifact.id] = self.dependable[artifact.id] = component
        return component


def _purl(text: str | None, version: str = "") -> "PackageURL | None":
    """A package URL, with `version` where it states none; None for what is none."""
    from packageurl import PackageURL

    try:
        parsed = PackageURL.from_string(escape(text or ""))
        whole = parsed if parsed.version or not version else parsed._replace(version=version)
        return PackageURL.from_string(whole.to_string())
    except ValueError:
        return None


def _type(purl: "PackageURL", default: "ComponentType") -> "ComponentType":
    from cyclonedx.model.component import ComponentType

    return ComponentType.CONTAINER if purl.type in ("docker", "oci") else default


# -- services -------------------------------------------------------------------------------------------------


def _inventory(snapshot: Snapshot, judgement: Judgement, parts: _Parts) -> "list[Service]":
    """Services of all servers; the components and arrows go into `parts`. The endpoint holds what no agent owns."""
    from cyclonedx.model.component import ComponentType

    agents: dict[str, list[str]] = {}
    for artifact in snapshot.artifacts:
        if artifact.kind in _COMPONENTS:
            ref = str(parts.artifact(artifact).bom_ref.value)
            parts.depend("endpoint", ref)
            if artifact.kind == Kind.AGENT:
                agents.setdefault(artifact.agent, []).append(ref)
    services: list[Service] = []
    for artifact in snapshot.artifacts:
        if artifact.kind != Kind.MCP_SERVER:
            continue
        service = _service(artifact, judgement)
        services.append(service)
        parts.dependable[artifact.id] = service
        for owner in agents.get(artifact.agent, ["endpoint"]):
            parts.depend(owner, str(service.bom_ref.value))
        purl = _purl(artifact.launch.package if artifact.launch is not None else None)
        if purl is not None:
            component = parts.package(purl, _type(purl, ComponentType.APPLICATION))
            parts.of_artifact[artifact.id] = component
            parts.depend(str(service.bom_ref.value), str(component.bom_ref.value))
    return services


def _service(server: Artifact, judgement: Judgement) -> "Service":
    from cyclonedx.model import XsUri
    from cyclonedx.model.service import Service

    launch = server.launch or Launch(Transport.UNKNOWN)
    tier = judgement.tiers.get(server.id)
    endpoint = _endpoint(launch.url)
    return Service(
        name=escape(server.name) or "unnamed",
        bom_ref=f"service:{server.id}",
        endpoints=[XsUri(endpoint)] if endpoint else None,
        authenticated=_authenticated(launch),
        x_trust_boundary=_crosses_boundary(launch),
        properties=_properties(
            {
                "transport": launch.transport,
                "command": launch.command or "",
                "url": "" if endpoint else launch.url or "",
                "args": json.dumps([escape(word) for word in launch.args], ensure_ascii=False) if launch.args else "",
                "cwd": launch.cwd or "",
                "env-name": launch.env_names,
                "header-name": launch.header_names,
                "digest": launch.digest or "",
                "agent": server.agent,
                "scope": server.scope,
                "status": server.status,
                "path": server.path,
                "pointer": view.words(server.detail.get("pointer")),
                "fingerprint": server.fingerprint,
                "running": view.running(server),
                "tier": tier.tier if tier is not None else "",
                "signal": tier.signals if tier is not None else (),
                "capability": judgement.capabilities.get(server.id, ()),
                "finding": sorted({item.rule for item in judgement.findings if item.artifact == server.id}),
            }
        ),
    )


def _authenticated(launch: Launch) -> bool | None:
    """True where the definition sends credentials; None where it says nothing, which OAuth may still fill."""
    sends = launch.header_command is not None or any(_CREDENTIAL_HEADER.search(name) for name in launch.header_names)
    return True if launch.url is not None and sends else None


def _crosses_boundary(launch: Launch) -> bool | None:
    """Whether calls leave this machine. None where it is not known what is called."""
    if launch.url is None:
        return False if launch.command is not None or launch.transport == Transport.BUILTIN else None
    try:
        host = (urlsplit(launch.url).hostname or "").rstrip(".")
    except ValueError:
        return None
    if not host:
        return None
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host not in _LOOPBACK_NAMES and not host.endswith(".localhost")


def _endpoint(url: str | None) -> str:
    """An ordinary address, quoted; empty for what the library cannot write as one (an IPv6 address, a variable)."""
    quoted = quote((url or "").encode("utf-8", "replace"), safe="%:/?#@!$&()*+,;=~-._")
    quoted = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quoted)
    head, mark, fragment = quoted.partition("#")
    whole = head + mark + fragment.replace("#", "%23")
    return whole if _ADDRESS.fullmatch(whole) else ""


# -- vulnerabilities ------------------------------------------------------------------------------------------


def _vulnerabilities(judgement: Judgement, parts: _Parts) -> "list[Vulnerability]":
    """One entry for each record and answer: an analysis holds for everything that its entry affects."""
    grouped: dict[tuple[str, Answer], list[AdvisoryMatch]] = {}
    for match in ordered_matches(judgement.matches):
        grouped.setdefault((match.advisory, match.answer), []).append(match)
    return [_vulnerability(matches, parts) for matches in grouped.values()]


def _vulnerability(matches: list[AdvisoryMatch], parts: _Parts) -> "Vulnerability":
    from cyclonedx.model import XsUri
    from cyclonedx.model.impact_analysis import ImpactAnalysisAffectedStatus as Status
    from cyclonedx.model.impact_analysis import ImpactAnalysisResponse as Response
    from cyclonedx.model.impact_analysis import ImpactAnalysisState as State
    from cyclonedx.model.vulnerability import (
        BomTarget,
        BomTargetVersionRange,
        Vulnerability,
        VulnerabilityAdvisory,
        VulnerabilityAnalysis,
        VulnerabilityRating,
        VulnerabilitySeverity,
        VulnerabilitySource,
    )

    first = matches[0]
    states = {
        "affected": (State.EXPLOITABLE, Status.AFFECTED, [Response.UPDATE]),
        "no-fix": (State.EXPLOITABLE, Status.AFFECTED, []),
        "uncertain": (State.IN_TRIAGE, Status.UNKNOWN, []),
        "fixed": (State.RESOLVED, Status.UNAFFECTED, []),
        "not-affected": (State.NOT_AFFECTED, Status.UNAFFECTED, []),
    }
    state, status, responses = states[first.answer]
    versions: dict[str, set[str]] = {}
    for match in matches:
        versions.setdefault(_affected(match, parts), set()).add(escape(match.version))
    pages = [reference(text).url for text in (first.advisory, *first.references) if not cwes((text,))]
    own_page = reference(first.advisory).url
    source_name = {"CVE": "NVD", "GHS": "GitHub Advisories", "MAL": "OSV", "PYS": "OSV"}.get(first.advisory[:3], "")
    return Vulnerability(
        bom_ref=f"vulnerability:{escape(first.advisory)}:{first.answer}",
        id=escape(first.advisory),
        source=VulnerabilitySource(name=source_name, url=XsUri(own_page)) if own_page and source_name else None,
        ratings=[VulnerabilityRating(severity=VulnerabilitySeverity(severity_of(first).value))],
        cwes=cwes(first.references),
        description=escape(first.summary) or None,
        detail=" ".join(dict.fromkeys(escape(match.why) for match in matches if match.why)) or None,
        recommendation=" ".join(dict.fromkeys(escape(fix_of(match)) for match in matches)),
        advisories=[VulnerabilityAdvisory(url=XsUri(page)) for page in dict.fromkeys(pages) if page],
        analysis=VulnerabilityAnalysis(state=state, responses=responses),
        affects=[
            BomTarget(
                ref=ref,
                versions=[
                    BomTargetVersionRange(version=version, status=status) for version in sorted(found) if version
                ],
            )
            for ref, found in versions.items()
        ],
        properties=_properties(
            {
                "answer": first.answer,
                "confidence": sorted({match.confidence for match in matches}),
                "fixed-in": list(dict.fromkeys(version for match in matches for version in match.fixed_in)),
                "path": sorted({match.path for match in matches}),
            }
        ),
    )


def _affected(match: AdvisoryMatch, parts: _Parts) -> str:
    """Reference of the component that a match is about. A package of its own gets one, be it in a lock file only."""
    from cyclonedx.model.component import ComponentType

    purl = _purl(match.package, escape(match.version))
    owner = parts.of_artifact.get(match.artifact)
    if owner is not None and (purl is None or (owner.purl is not None and _same_package(owner.purl, purl))):
        return str(owner.bom_ref.value)
    if purl is None:
        component = parts.named(escape(match.package), escape(match.version))
    else:
        component = parts.package(purl, _type(purl, ComponentType.LIBRARY))
    ref = str(component.bom_ref.value)
    holder = parts.dependable.get(match.artifact)
    parts.depend(str(holder.bom_ref.value) if holder is not None else "endpoint", ref)
    return ref


def _same_package(one: "PackageURL", other: "PackageURL") -> bool:
    return (one.type, one.namespace, one.name) == (other.type, other.namespace, other.name)
