"""What a text says about where a project's dependencies come from, when it is written to a file that names them.

Belongs here: manifests, lock files, wrappers of builds, and workflows of continuous integration: addresses in the
place of a source, names that imitate, actions of strangers at a moving branch, secrets that a workflow sends away.
Must not be here: labels of texts whatever file they stand in (`command.content`), files whose only purpose is to name
sources (`command.places`: `package-config`), and full manifests (`advisories.locks`).
Sources: reference pages of package.json and its lock files, PEP 508, pip's requirements files, pyproject.toml of uv,
Poetry and PDM, Cargo, Go modules, Bundler, Composer, Maven, Gradle, NuGet, CocoaPods, pub, pre-commit; GitHub's pages
on security hardening of workflows.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from spawngate.command.hosts import host_of, is_installer
from spawngate.command.package_sources import KNOWN_OWNERS, exact, owner_of
from spawngate.command.tools.popular import NPM, imitated
from spawngate.launch.argv import word_set

LONGEST = 65_536
"""Characters of a text that are looked at."""
_URL = r"((?:git\+|registry\+|sparse\+|hg\+)?(?:https?|git|ssh)(?:\\)?://[^\s\"'<>,;)\]}]{4,400})"
_GIT = r"((?:git\+|git://|git@|ssh://|github:|gitlab:|bitbucket:|gist:)[^\s\"']{3,300})"


def _one(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("URL", _URL).replace("GIT", _GIT), re.IGNORECASE | re.MULTILINE)


_NPM_LOCK = _one(r"(?:\bresolved\"?:?\s{0,4}|\btarball\"?:\s{0,4})\"?URL")
_NPM_FILE = _one(
    r"\"(?!(?:homepage|url|repository|bugs|author|funding|license|\$schema|type|web|logo|main|module|proxy"
    r"|publicUrl|docs|documentation|email|registry|schema)\")[@\w./-]{1,120}\"\s{0,4}:\s{0,4}\"(?:URL|GIT)"
)
_PYTHON_LOCK = _one(r"\b(?:url|registry|index|git)\"?\s{0,3}[=:]\s{0,3}\"URL")
_PYPROJECT = _one(
    r"\[\[tool\.(?:uv\.index|poetry\.source|pdm\.source)\]\][^\[]{0,400}?\burl\s{0,3}=\s{0,3}\"URL"
    r"|\b(?:index-url|extra-index-url|default-index|find-links|git|url)\s{0,3}=\s{0,3}\[?\s{0,3}\"URL"
    r"|\s@\sURL"
)
_REQUIREMENTS = _one(
    r"^\s{0,8}(?:(?:-i|--index-url|--extra-index-url|-f|--find-links)[ =]\s{0,3}URL"
    r"|(?:-e\s+|--editable[ =])?URL|[\w.\[\]-]{1,80}\s{0,3}@\s{0,3}URL)"
)
_ELEMENT = _one(r"<(?:repository|pluginRepository|mirror)>[^\0]{0,400}?<url>\s{0,20}URL")
_TABLES: tuple[tuple[re.Pattern[str], tuple[re.Pattern[str], ...]], ...] = tuple(
    (re.compile(name, re.IGNORECASE), tuple(_one(each) if isinstance(each, str) else each for each in patterns))
    for name, patterns in (
        (r"package\.json", (_NPM_FILE,)),
        (r"package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock", (_NPM_LOCK,)),
        (r"(?:.*requirements.*|constraints.*)\.(?:txt|in)", (_REQUIREMENTS,)),
        (r"pipfile|pyproject\.toml", (_PYPROJECT,)),
        (r"(?:pipfile|poetry|uv|pdm|pylock(?:\.\w+)?)\.(?:lock|toml)", (_PYTHON_LOCK,)),
        (r"cargo\.(?:lock|toml)", (r"\b(?:source|git|registry|index)\s{0,3}=\s{0,3}\"URL",)),
        (r"gemfile(?:\.lock)?|gems\.rb", (r"(?:\bsource\b|\bremote:|\bgit:|:git\s{0,2}=>)[\s('\"]{1,6}URL",)),
        (
            r"composer\.json",
            (r"\"type\"\s{0,3}:\s{0,3}\"(?:composer|vcs|git|package)\"[^}]{0,200}?\"url\"\s{0,3}:\s{0,3}\"URL",),
        ),
        (r"pom\.xml|settings\.xml|.*\.pom", (_ELEMENT,)),
        (
            r".*\.gradle(?:\.kts)?",
            (r"\bmaven\s{0,3}[({][^}]{0,120}?['\"]URL", r"^\s{0,20}apply\s{1,4}from:\s{0,4}['\"]URL"),
        ),
        (r"(?:gradle|maven)-wrapper\.properties", (r"^\s{0,8}(?:distribution|wrapper)Url\s{0,3}=\s{0,3}URL",)),
        (
            r"nuget\.config|directory\.build\.props|.*\.csproj",
            (r"(?:<add\s[^>]{0,200}?\bvalue=\"|<RestoreSources>)URL",),
        ),
        (r"podfile(?:\.lock)?", (r"(?:\bsource\b|:git\s{0,2}=>)\s{0,3}['\"]URL",)),
        (r"pubspec\.(?:yaml|lock)", (r"^\s{0,12}(?:url|hosted|git):\s{0,3}[\"']?URL",)),
        (r"package\.(?:swift|resolved)", (r"\b(?:url|location)\"?\s{0,3}:\s{0,3}\"URL",)),
        (r"mix\.exs|rebar\.config", (r"\b(?:git|url|repo)\b[:,]?\s{0,3}\"URL",)),
        (r"environment\.ya?ml|conda.*\.ya?ml", (r"^\s{0,8}-\s{1,4}(?:--(?:extra-)?index-url\s)?URL",)),
        (r"chart\.yaml|requirements\.yaml|helmfile\.yaml", (r"^\s{0,8}(?:-\s)?(?:repository|url):\s{0,3}[\"']?URL",)),
        (r"deno\.jsonc?|import_map\.json|jsr\.json", (r"\"[@\w./-]{1,120}\"\s{0,3}:\s{0,3}\"URL",)),
        (r"flake\.nix", (r"\burl\s{0,3}=\s{0,3}\"(?:URL|GIT)",)),
        (r"\.gitmodules", (r"\burl\s{0,3}=\s{0,3}URL",)),
        (r"requirements\.ya?ml", (r"^\s{0,8}(?:-\s)?(?:src|source|name):\s{0,3}[\"']?URL",)),
        (r".*\.tf", (r"^\s{0,8}source\s{0,3}=\s{0,3}\"(?:git::)?URL",)),
    )
)
"""Files that name dependencies, and where in them a source stands."""
_WORKFLOW = re.compile(r"(?:^|/)\.(?:github|gitea|forgejo)/(?:workflows|actions)/|(?:^|/)action\.ya?ml$", re.IGNORECASE)
_RUNS = re.compile(
    r"(?:^|/)(?:\.gitlab-ci\.yml|\.travis\.yml|\.circleci/|bitbucket-pipelines\.yml|azure-pipelines\.yml|Jenkinsfile"
    r"|lefthook\.ya?ml|\.overcommit\.yml|(?:docker-)?compose[^/]*\.ya?ml|Taskfile\.ya?ml|\.gitpod\.ya?ml|\.replit"
    r"|\.drone\.yml|\.woodpecker|\.buildkite/|cloudbuild\.ya?ml|appveyor\.yml|(?:[^/]*\.)?(?:Dockerfile|Containerfile)"
    r"|\.devcontainer)|(?:^|/)(?:Dockerfile|Containerfile)\.[\w-]+$",
    re.IGNORECASE,
)
_USES = re.compile(r"\buses[:=]\s{0,3}[\"']?([\w.-]+)/([\w.-]+)(?:/[\w./-]*)?@([\w./-]+)", re.IGNORECASE)
_MOVING = re.compile(r"(?i)main|master|head|latest|dev|develop|trunk|nightly|edge|next")
ACTIONS = word_set("""
    checkout cache setup-node setup-python setup-go setup-java setup-dotnet setup-ruby upload-artifact
    download-artifact github-script labeler stale configure-pages deploy-pages upload-pages-artifact create-release
    build-push-action login-action setup-buildx-action setup-qemu-action metadata-action configure-aws-credentials
    amazon-ecr-login codeql-action codecov-action dependency-review-action attest-build-provenance
    """)
"""Names of actions that are known by their owner."""
_OWNERS = KNOWN_OWNERS | {"aws-actions", "github", "codecov", "docker", "google-github-actions", "azure", "ruby"}
_PIPED = re.compile(
    r"\b(?:curl|wget|iwr|irm|Invoke-WebRequest)\b[^\n|]{0,200}?((?:https?|ftp)://[^\s\"'|;)]{3,300})"
    r"[^\n|;&]{0,120}(?:\|\s{0,3}(?:sudo\s+(?:-E\s+)?)?(?:ba|z|da|k)?(?:sh|iex|python3?|node|perl)\b|\)\s{0,3}\|?\s{0,3}iex)"
    r"|\b(?:ba|z)?sh\s{1,3}(?:<\(|-c\s{1,3}[\"']?\$\()\s{0,3}(?:curl|wget)\b[^\n]{0,160}?(https?://[^\s\"'|;)]{3,300})",
    re.IGNORECASE,
)
_SECRETS_OUT = re.compile(
    r"\btoJSON\(\s{0,3}secrets\s{0,3}\)"
    r"|\b(?:curl|wget|nc|ncat|http|Invoke-\w+)\b[^\n]{0,300}\$\{\{\s{0,3}secrets\."
    r"|\$\{\{\s{0,3}secrets\.[^\n]{0,200}\|\s{0,3}(?:base64|xxd|rev|openssl|curl|nc)\b"
    r"|\bprintenv\b[^\n]{0,80}\|\s{0,3}(?:base64|curl|nc)|\benv\b\s{0,3}\|\s{0,3}(?:base64|curl|nc)\b",
    re.IGNORECASE,
)
_UNTRUSTED = re.compile(
    r"\bpull_request_target\b[^\0]{0,4000}\bgithub\.event\.pull_request\.head\."
    r"|\b(?:run|script):[^\n]{0,200}\$\{\{\s{0,3}github\.event\.(?:issue|comment|pull_request|review|head_commit|discussion)"
    r"\.(?:title|body|message|head\.ref)",
    re.IGNORECASE,
)
_HOOK_REPOSITORY = re.compile(
    r"\brepo:\s{0,3}[\"']?(\S{4,200}?)[\"']?\s{1,40}rev:\s{0,3}[\"']?(?:main|master|HEAD|latest|develop)\b"
)
_ALIAS = re.compile(r"\"(@?[\w./-]{1,80})\"\s{0,3}:\s{0,3}\"npm:(@?[\w./-]{1,80}?)(?:@[^\"]{0,40})?\"")
_REPLACE = re.compile(r"(?:^|[\s(])([\w.-]+\.[a-z]{2,}/\S+)(?:\s+v\S+)?\s+=>\s+([\w.-]+\.[a-z]{2,}/\S+)")
_NPM_NAME = re.compile(r"\"(@?[a-z0-9][\w./-]{2,80})\"\s{0,3}:\s{0,3}\"[~^><=v]?\d[\w.+-]*\"", re.IGNORECASE)
_REQUIRED = re.compile(
    r"^\s{0,4}([A-Za-z0-9][\w.-]{2,60})\s{0,3}(?:\[[\w,-]{1,60}\])?\s{0,3}(?:[=<>~!]=|$)", re.MULTILINE
)
_ORDINARY = frozenset({"registry", "loopback", "private", "link-local", "known", "opaque", "code", "raw-code"})
_FOREIGN = frozenset({"unknown", "raw-ip", "odd-number", "tunnel", "paste", "shortener", "onion", "lookalike"})
_MOST = 2000


def dependency_content(path: str, text: str) -> frozenset[str]:
    """Labels of what a text, written to that path, says of where code comes from: foreign-source,
    lookalike-dependency, foreign-action. Linear in the length of the text."""
    if len(text) < 6:
        return frozenset()
    name = path.replace("\\", "/")
    return _labels(name.rstrip("/").rpartition("/")[2], _kind(name), text[:LONGEST])


def edited_content(path: str, words: str) -> frozenset[str]:
    """The same of the words of a program that edits the file in place (sed, perl, jq, yq): what stands around an
    address there is not the file's own text."""
    if not names_dependencies(path):
        return frozenset()
    text = words[:LONGEST].replace("\\", "")
    found = set(dependency_content(path, text))
    hosts = {host for match in _HOST.finditer(text) if (host := host_of(match[0]))}
    if any(_foreign(address) for address in _addresses(_ANY, text)) or (
        any("registry" in host.kinds for host in hosts)
        and any(not host.kinds.isdisjoint(_FOREIGN) and host.kinds.isdisjoint(_ORDINARY) for host in hosts)
    ):
        found.add("foreign-source")
    if _kind(path.replace("\\", "/")) == "workflow" and _workflow(text, _ACTION):
        found.add("foreign-action")
    if path.endswith("package.json") and _INSTALL_SCRIPT.search(text):
        found.add("install-script")
    return frozenset(found)


_HOST = re.compile(r"(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?![\w.-])", re.IGNORECASE)
_ANY = _one("URL")
_ACTION = re.compile(r"([\w.-]{1,80})/([\w.-]{1,80})@([\w.-]{1,80})")
_INSTALL_SCRIPT = re.compile(
    r"\b(?:pre|post)?(?:install|prepare)\b[\"'\]\s]{0,4}=[^\n]{0,200}(?:curl|wget|https?:|base64|/dev/tcp|node\s+-e)"
)


@lru_cache(maxsize=2048)
def names_dependencies(path: str) -> bool:
    """Whether the file is one that says where code comes from."""
    name = path.replace("\\", "/")
    return bool(_kind(name)) or bool(_patterns(name.rstrip("/").rpartition("/")[2]))


def _kind(path: str) -> str:
    if _WORKFLOW.search(path):
        return "workflow"
    if _RUNS.search(path):
        return "runs"
    return "hooks" if path.endswith(".pre-commit-config.yaml") else ""


@lru_cache(maxsize=512)
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(each for known, patterns in _TABLES if known.fullmatch(name) for each in patterns)


@lru_cache(maxsize=128)
def _labels(name: str, kind: str, text: str) -> frozenset[str]:
    found: set[str] = set()
    for pattern in _patterns(name):
        if any(_foreign(address) for address in _addresses(pattern, text)):
            found.add("foreign-source")
            break
    lower = name.lower()
    if lower == "package.json":
        if any(known in NPM and known != meant for known, meant in _ALIAS.findall(text)) or _imitates(
            _NPM_NAME, text, "npm"
        ):
            found.add("lookalike-dependency")
    elif "requirements" in lower and lower.endswith((".txt", ".in")) and _imitates(_REQUIRED, text, "pypi"):
        found.add("lookalike-dependency")
    elif lower in ("go.mod", "go.work") and any(_replaced(old, new) for old, new in _REPLACE.findall(text)):
        found.add("foreign-source")
    if kind == "workflow" and (_workflow(text) or _SECRETS_OUT.search(text) or _UNTRUSTED.search(text)):
        found.add("foreign-action")
    if kind in ("workflow", "runs") and any(_foreign(address) for address in _addresses(_PIPED, text)):
        found.add("foreign-source")
    if kind == "hooks" and any(owner_of(each) not in _OWNERS for each in _HOOK_REPOSITORY.findall(text)):
        found.add("foreign-source")
    return frozenset(found)


def _addresses(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for count, match in enumerate(pattern.finditer(text)):
        if count >= _MOST:
            return
        yield next(filter(None, match.groups()), "")


@lru_cache(maxsize=1024)
def _foreign(address: str) -> bool:
    """Whether a source is neither a public registry, nor a code host, nor a private network; or a stranger's moving
    branch."""
    bare = re.sub(r"^(?:git|registry|sparse|hg)\+", "", address.replace("\\:", ":"))
    if not bare:
        return False
    if re.match(r"(?:github|gitlab|bitbucket|gist):", bare):
        return not exact(bare) and owner_of(bare) not in _OWNERS
    if address.startswith("git+") and owner_of(bare):
        return not exact(address) and owner_of(bare) not in _OWNERS
    host = host_of(bare)
    if host is None or is_installer(host.name):
        return False
    return not host.kinds.isdisjoint(_FOREIGN) and host.kinds.isdisjoint(_ORDINARY - {"code"})


def _imitates(pattern: re.Pattern[str], text: str, ecosystem: str) -> bool:
    names = dict.fromkeys(pattern.findall(text))
    return any(imitated(name, ecosystem) for name in list(names)[:300])


def _replaced(old: str, new: str) -> bool:
    return owner_of(new) not in _OWNERS and (owner_of(new) or new) != (owner_of(old) or old)


def _workflow(text: str, uses: re.Pattern[str] = _USES) -> bool:
    return any(
        owner.lower() not in _OWNERS
        and (_MOVING.fullmatch(ref) is not None or (name.lower() in ACTIONS and owner.lower() != "actions"))
        for owner, name, ref in uses.findall(text)[:300]
    )
