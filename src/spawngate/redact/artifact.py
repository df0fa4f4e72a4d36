"""The crossing: observations in, artifacts out. The only module that builds an `Artifact` from raw values.

Belongs here: redaction of each field by its treatment, identity, fingerprint, and the `secret` artifacts that
say what was taken out and where.
Must not be here: how a piece of text is redacted (`redact.redactor`), and states that need several files
(`agents.settle`).
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from spawngate.launch.package import package_of
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic, Observed, ObservedLaunch, ObservedSetting, Topic
from spawngate.model.setting import Setting
from spawngate.redact.detail import Treatment, is_written, treatment
from spawngate.redact.documents import LONGEST_NUMBER
from spawngate.redact.patterns import SHORTEST
from spawngate.redact.redactor import Redacted, Redactor, Secret

_MARK = re.compile(r"\[secret:[a-z0-9-]+:[0-9a-f]+\]")
_PLAIN = re.compile(r"[a-z0-9_.:/@+-]{0,128}")
_GENERIC = frozenset({"env-value", "header-value", "flag-value", "query-value", "value", "argument"})
"""Types that say only where a value stood: it was hidden to be safe, and may be harmless."""
_SENSITIVE = re.compile(
    r"pass|pwd|secret|token|(?:^|[^a-z])(?:api|access|auth|private|signing|encryption|account|service)?[-_ ]?key|"
    r"auth(?!or(?!i))|cred|cookie|dsn|conn|bearer|signature|session|userinfo|database_ur[il]|webhook",
    re.IGNORECASE,
)
_CODE_LOADING = re.compile(
    r"NODE_OPTIONS|NODE_PATH|PYTHON(?:PATH|STARTUP|HOME|USERBASE|WARNINGS|BREAKPOINT|INSPECT)|LD_.*|DYLD_.*|BASH_ENV|ENV|"
    r"BASH_FUNC_.*|SHELLOPTS|BASHOPTS|PERL5(?:OPT|LIB|DB)|RUBY(?:OPT|LIB)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|"
    r"CLASSPATH|DENO_.*|BUN_.*|NPM_CONFIG_.*|YARN_.*|PNPM_.*|UV_.*|PIP_.*|PIPX_.*|DOCKER_(?:HOST|CONTEXT|CONFIG)|"
    r"GIT_(?:SSH|SSH_COMMAND|PROXY_COMMAND|EXEC_PATH|ASKPASS|EDITOR|CONFIG.*|EXTERNAL_DIFF)|SSH_ASKPASS|PATH|PATHEXT|"
    r"COMSPEC|OPENSSL_(?:CONF|MODULES|ENGINES)|GCONV_PATH|GEM_.*|BUNDLE_.*|CARGO_.*|RUSTC_WRAPPER|GOPROXY|GOFLAGS|GONOSUMDB|"
    r"GOENV|PROMPT_COMMAND|IFS|DOTNET_.*|NUGET_.*|COREHOST_.*|HTTPS?_PROXY|ALL_PROXY|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|"
    r"NODE_TLS_REJECT_UNAUTHORIZED|REQUESTS_CA_BUNDLE",
    re.IGNORECASE,
)
"""Variables that can change which code runs or where it comes from: their values are part of the fingerprint."""


def is_credential(secret: Secret) -> bool:
    """Whether what was taken out is worth a `secret` artifact, and not merely a value hidden to be safe."""
    return secret.type not in _GENERIC or _SENSITIVE.search(secret.place) is not None


class Crossing:
    """Turns observations of one endpoint into artifacts. Holds the key; keep one for a whole scan."""

    def __init__(self, redactor: Redactor, endpoint: str) -> None:
        self._redactor = redactor
        self._endpoint = endpoint

    def artifact(self, observed: Observed, home: str | None = None) -> tuple[Artifact, ...]:
        """The artifact, and one `secret` artifact for each credential found in it.

        `home` is replaced by `~` in what is fingerprinted, so that two people's equal definitions are equal.
        """
        secrets: list[Secret] = []
        name = self._take(self._redactor.name(observed.name), secrets)
        detail = self._detail(observed, secrets)
        if observed.project is not None:
            detail["project"] = self._take(self._redactor.path(observed.project), secrets)
        if observed.pointer:
            detail["pointer"] = self._take(self._redactor.text(observed.pointer), secrets)
        launch = self._launch(observed.launch, secrets) if observed.launch is not None else None
        path = self._redactor.path(observed.path).text
        what = _what_runs(observed, name, detail, launch, home)
        extra = what if observed.kind is Kind.HOOK else ""
        artifact = Artifact(
            kind=observed.kind,
            id=self._identity(observed.kind, observed.agent, observed.scope, path, name, observed.project or "", extra),
            fingerprint=hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()[:32],
            agent=observed.agent,
            scope=observed.scope,
            name=name,
            path=path,
            status=observed.status,
            detail=detail,
            launch=launch,
        )
        return artifact, *self.secrets(secrets, artifact)

    def secrets(self, found: Iterable[Secret], owner: Artifact) -> tuple[Artifact, ...]:
        """One artifact for each credential that was taken out of `owner`."""
        return self._secrets(
            found, owner.kind.value, owner.name, owner.agent, owner.scope, owner.path, owner.id, owner.detail
        )

    def setting(self, observed: ObservedSetting) -> tuple[Setting, tuple[Artifact, ...]]:
        """The redacted setting, and one `secret` artifact for each credential found in it."""
        secrets: list[Secret] = []
        name, value = self._setting(observed, secrets)
        path = self._redactor.path(observed.path).text
        project = self._redactor.path(observed.project).text if observed.project is not None else None
        setting = Setting(
            topic=observed.topic,
            agent=observed.agent,
            scope=observed.scope,
            path=path,
            name=name,
            value=value,
            project=project,
            pointer=self._redactor.text(observed.pointer).text,
        )
        detail: dict[str, Json] = {"project": project} if project else {}
        place = name if observed.topic is Topic.SWITCH else observed.topic.value
        found = self._secrets(secrets, "setting", place, observed.agent, observed.scope, path, "", detail)
        return setting, found

    def diagnostic(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic with secrets taken out of its path and of keys that its message names."""
        return Diagnostic(
            path=self._redactor.path(diagnostic.path).text,
            reason=diagnostic.reason,
            message=self._redactor.text(diagnostic.message).text,
            agent=diagnostic.agent,
        )

    def argv(self, command: str | None, args: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
        """A command and its arguments, redacted; for comparing a process with a definition."""
        found = self._redactor.argv(command, args)
        return found.command, found.args

    # -- parts ------------------------------------------------------------------------------------------------

    def _take(self, redacted: Redacted, secrets: list[Secret]) -> str:
        secrets.extend(redacted.secrets)
        return redacted.text

    def _identity(self, *parts: str) -> str:
        return hashlib.sha256("\0".join((self._endpoint, *parts)).encode("utf-8", "replace")).hexdigest()[:24]

    def _secrets(
        self,
        found: Iterable[Secret],
        owner_kind: str,
        owner_name: str,
        agent: str,
        scope: Scope,
        path: str,
        owner_id: str,
        detail: Mapping[str, Json],
    ) -> tuple[Artifact, ...]:
        artifacts: list[Artifact] = []
        found = tuple(dict.fromkeys(found))
        # A value that was hidden whole and holds a recognised secret is one secret, not two.
        recognised = {secret.place for secret in found if secret.type not in _GENERIC}
        for secret in found:
            if not is_credential(secret) or (secret.type in _GENERIC and secret.place in recognised):
                continue
            # A place is a name that somebody wrote, and a secret may stand where a name belongs.
            place = self._redactor.text(secret.place).text if len(secret.place) >= SHORTEST else secret.place
            name = f"{owner_name}: {place}" if place else owner_name
            described: dict[str, Json] = {
                "type": secret.type,
                "place": place,
                "owner_kind": owner_kind,
                "owner": owner_name,
            }
            if owner_id:
                described["owner_id"] = owner_id
            if "project" in detail:
                described["project"] = detail["project"]
            artifacts.append(
                Artifact(
                    kind=Kind.SECRET,
                    id=self._identity(Kind.SECRET, path, owner_kind, owner_name, place),
                    fingerprint=secret.fingerprint,
                    agent=agent,
                    scope=scope,
                    name=name,
                    path=path,
                    status=Status.ENABLED,
                    detail=described,
                )
            )
        return tuple(artifacts)

    def _launch(self, launch: ObservedLaunch, secrets: list[Secret]) -> Launch:
        argv = self._redactor.argv(launch.command, launch.args)
        secrets.extend(argv.secrets)
        env: dict[str, str] = {}
        for name, value in launch.env.items():
            # The redacted name goes on: it becomes the place of what is found, and a secret may stand in the name.
            shown = self._take(self._redactor.text(name), secrets)
            env[shown] = self._take(self._redactor.env_value(shown, value), secrets)
        headers: list[str] = []
        for name, value in launch.headers.items():
            shown = self._take(self._redactor.text(name), secrets)
            headers.append(shown)
            secrets.extend(self._redactor.header_value(shown, value).secrets)
        return Launch(
            transport=launch.transport,
            command=argv.command,
            args=argv.args,
            env_names=tuple(sorted(env)),
            cwd=self._optional(self._redactor.path, launch.cwd, secrets),
            url=self._optional(self._redactor.url, launch.url, secrets),
            header_names=tuple(sorted(headers)),
            package=package_of(argv.command, argv.args),
            env=dict(sorted(env.items())),
            env_file=self._optional(self._redactor.path, launch.env_file, secrets),
            header_command=self._optional(self._redactor.command_line, launch.header_command, secrets),
            digest=launch.digest,
        )

    def _optional(self, redact: Callable[[str], Redacted], value: str | None, secrets: list[Secret]) -> str | None:
        return None if value is None else self._take(redact(value), secrets)

    def _detail(self, observed: Observed, secrets: list[Secret]) -> dict[str, Json]:
        clean: dict[str, Json] = {}
        for written, value in observed.detail.items():
            how = treatment(observed.kind, written)
            known = is_written(observed.kind, written)
            key = written if known else self._take(self._redactor.text(written), secrets)
            if how is Treatment.ARGS and isinstance(value, Sequence) and not isinstance(value, str):
                program = observed.detail.get("command")
                found = self._redactor.argv(
                    program if isinstance(program, str) else None, [word for word in value if isinstance(word, str)]
                )
                secrets.extend(found.secrets)
                clean[key] = list(found.args)
            else:
                clean[key] = self._value(how, key, value, secrets)
        return clean

    def _value(self, how: Treatment, key: str, value: Json, secrets: list[Secret]) -> Json:
        if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER:
            # Python and JSON readers refuse numbers of thousands of digits, and a hexadecimal one may have them.
            value = hex(value)
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        if how is Treatment.PLAIN and isinstance(value, str) and _PLAIN.fullmatch(value):
            return value
        if how is Treatment.VALUE:
            clean, found = self._redactor.value(key, value)
            secrets.extend(found)
            return clean
        if how is Treatment.ARGV and isinstance(value, Sequence) and not isinstance(value, str):
            words = [word for word in value if isinstance(word, str)]
            argv = self._redactor.argv(words[0] if words else None, words[1:])
            secrets.extend(argv.secrets)
            return [argv.command, *argv.args] if argv.command is not None else []
        if how in (Treatment.ENV, Treatment.HEADERS) and isinstance(value, Mapping):
            redact = self._redactor.env_value if how is Treatment.ENV else self._redactor.header_value
            pairs: dict[str, Json] = {}
            for name, item in value.items():
                shown = self._take(self._redactor.text(name), secrets)
                pairs[shown] = self._take(redact(shown, str(item)), secrets)
            return pairs
        if isinstance(value, str):
            return self._text(how, value, secrets)
        if isinstance(value, Mapping):
            return {
                self._take(self._redactor.text(name), secrets): self._value(
                    treatment(Kind.SECRET, name) if name in ("path", "url", "digest") else how, name, item, secrets
                )
                for name, item in value.items()
            }
        return [self._value(how, key, item, secrets) for item in value]

    def _text(self, how: Treatment, value: str, secrets: list[Secret]) -> str:
        redactor = self._redactor
        match how:
            case Treatment.PATH:
                redacted = redactor.path(value)
            case Treatment.URL:
                redacted = redactor.url(value)
            case Treatment.COMMAND:
                redacted = redactor.command_line(value)
            case _:
                redacted = redactor.text(value)
        return self._take(redacted, secrets)

    def _setting(self, observed: ObservedSetting, secrets: list[Secret]) -> tuple[str, Json]:
        redactor, name, value = self._redactor, observed.name, observed.value
        match observed.topic:
            case Topic.PERMISSION | Topic.AUTO_APPROVE:
                clean = self._take(redactor.command_line(name), secrets)
                return clean, self._value(Treatment.VALUE, "value", value, secrets)
            case Topic.PROJECT | Topic.TRUST:
                return self._take(redactor.path(name), secrets), value if isinstance(value, bool) else None
            case Topic.SERVER_POLICY:
                return self._take(redactor.text(name), secrets), self._policy(value, secrets)
            case Topic.SWITCH:
                shown = self._take(redactor.text(name), secrets)
                if shown.startswith("env.") and isinstance(value, str):
                    return shown, self._take(redactor.env_value(shown[4:], value), secrets)
                if isinstance(value, str):
                    return shown, self._take(redactor.command_line(value), secrets)
        shown = self._take(redactor.text(name), secrets)
        return shown, self._value(Treatment.VALUE, shown, value, secrets)

    def _policy(self, entry: Json, secrets: list[Secret]) -> Json:
        """An entry of a managed list, redacted in the same way as the launches it is compared with."""
        if not isinstance(entry, Mapping):
            return self._value(Treatment.TEXT, "entry", entry, secrets)
        clean: dict[str, Json] = {}
        for written, value in entry.items():
            key = self._take(self._redactor.text(written), secrets)
            if isinstance(value, Sequence) and not isinstance(value, str):
                clean[key] = self._value(Treatment.ARGV, key, value, secrets)
            elif isinstance(value, str) and key.lower().endswith("url"):
                # A pattern is no address: its stars would be hidden as parts of one.
                how = Treatment.TEXT if "*" in value else Treatment.URL
                clean[key] = self._text(how, value, secrets)
            else:
                clean[key] = self._value(Treatment.TEXT, key, value, secrets)
        return clean


def _what_runs(
    observed: Observed, name: str, detail: Mapping[str, Json], launch: Launch | None, home: str | None
) -> str:
    """Canonical text of what the artifact would run or do. Secrets count by place only, the home is `~`."""
    what: dict[str, Json] = {"kind": observed.kind.value, "content": observed.content}
    if launch is not None:
        what["launch"] = {
            "transport": launch.transport.value,
            "command": launch.command,
            "args": list(launch.args),
            "env_names": list(launch.env_names),
            "code_loading": {name: value for name, value in launch.env.items() if _CODE_LOADING.fullmatch(name)},
            "cwd": launch.cwd,
            "url": launch.url,
            "header_names": list(launch.header_names),
            "env_file": launch.env_file,
            "header_command": launch.header_command,
            "digest": launch.digest,
        }
    if observed.kind is not Kind.MCP_SERVER:
        what["name"] = name
        what["detail"] = {key: detail[key] for key in sorted(detail) if key not in _NOT_WHAT_RUNS}
    text = json.dumps(what, sort_keys=True, ensure_ascii=True)
    if home:
        text = text.replace(json.dumps(home.rstrip("/"))[1:-1], "~")
    return _MARK.sub("[secret]", text)


_NOT_WHAT_RUNS = frozenset(
    {"pointer", "project", "root", "description", "bytes", "lines", "profile", "path", "target", "shadowed", "files"}
)
"""Details that say where an artifact lies or how it is described, not what it does."""
