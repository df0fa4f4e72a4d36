"""SHELL. What is installed and locked on a disk: projects below roots, environments and caches of homes, applications.

Belongs here: finding lock files, compose files, installed packages, applications and clones, within budgets.
Must not be here: what those files mean (`advisories.locks`, `advisories.installed`) and any judgement.
Nothing is started and nothing is waited for: folders are listed once, only regular files are opened, network mounts
are left alone, and what a budget cut off is said.
Sources for the places: npm `folders` and `_npx` (npm/cli docs), pnpm, Yarn and Bun global folders, nvm, fnm, Volta,
mise; uv (cache `archive-v0`, `uv tool dir`), pipx, PEP 370 user site, Debian's dist-packages, conda and pyenv layouts.
"""

import fnmatch
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from spawngate.advisories import installed, locks, pins
from spawngate.advisories.pins import Pin
from spawngate.advisories.subjects import Source, Subject, places
from spawngate.agents.document import Platform
from spawngate.agents.formats.text import decode
from spawngate.endpoint import files
from spawngate.endpoint.homes import Home
from spawngate.endpoint.tree import MAX_NAMES, ROOT_LIMITS, Limits, Tree, walk
from spawngate.model.artifact import Artifact, Kind
from spawngate.model.observed import Diagnostic

MAX_LOCK = 32 << 20
"""Bytes of a lock file that is read."""
MAX_METADATA = 1 << 20
MAX_PACKAGES = 200_000
"""Installed packages that one survey looks at."""
MAX_NESTING = 8
"""Levels of `node_modules` below one another."""
SECONDS = 60.0
"""Time that one survey takes at most, the walks below roots aside."""

Wants = Callable[[str, str], bool]
"""Whether a package of this ecosystem and name is of interest; everything else is left out at once."""

_PYTHON_HOME = (
    ".local/lib/python3*/site-packages",
    ".local/share/uv/tools/*/lib/python3*/site-packages",
    ".local/share/pipx/venvs/*/lib/python3*/site-packages",
    ".local/pipx/venvs/*/lib/python3*/site-packages",
    ".cache/uv/archive-v*/*",
    ".cache/uv/environments-v*/*/lib/python3*/site-packages",
    ".venv/lib/python3*/site-packages",
    ".pyenv/versions/*/lib/python3*/site-packages",
    "miniconda3/lib/python3*/site-packages",
    "miniconda3/envs/*/lib/python3*/site-packages",
    "anaconda3/lib/python3*/site-packages",
    "anaconda3/envs/*/lib/python3*/site-packages",
    "miniforge3/lib/python3*/site-packages",
    "miniforge3/envs/*/lib/python3*/site-packages",
    "Library/Python/*/lib/python/site-packages",
    "Library/Application Support/pipx/venvs/*/lib/python3*/site-packages",
    "AppData/Roaming/Python/*/site-packages",
    "AppData/Roaming/uv/tools/*/Lib/site-packages",
    "AppData/Local/uv/cache/archive-v*/*",
    "AppData/Local/Programs/Python/*/Lib/site-packages",
    "AppData/Local/pipx/pipx/venvs/*/Lib/site-packages",
    "pipx/venvs/*/Lib/site-packages",
)
_NODE_HOME = (
    "node_modules",
    ".npm/_npx/*/node_modules",
    ".npm-global/lib/node_modules",
    ".npm-packages/lib/node_modules",
    ".local/lib/node_modules",
    ".nvm/versions/node/*/lib/node_modules",
    ".local/share/fnm/node-versions/*/installation/lib/node_modules",
    ".local/share/mise/installs/node/*/lib/node_modules",
    ".asdf/installs/nodejs/*/lib/node_modules",
    ".volta/tools/image/packages/*/lib/node_modules",
    ".volta/tools/image/packages/*/*/lib/node_modules",
    ".bun/install/global/node_modules",
    ".config/yarn/global/node_modules",
    ".local/share/pnpm/global/*/node_modules",
    ".cache/pnpm/dlx/*/*/node_modules",
    "Library/pnpm/global/*/node_modules",
    "Library/Caches/pnpm/dlx/*/*/node_modules",
    ".claude/local/node_modules",
    "AppData/Roaming/npm/node_modules",
    "AppData/Local/npm-cache/_npx/*/node_modules",
    "AppData/Local/pnpm/global/*/node_modules",
)
_PYTHON_MACHINE = (
    "/usr/lib/python3/dist-packages",
    "/usr/lib/python3*/site-packages",
    "/usr/local/lib/python3*/dist-packages",
    "/usr/local/lib/python3*/site-packages",
    "/opt/homebrew/lib/python3*/site-packages",
)
_NODE_MACHINE = (
    "/usr/lib/node_modules",
    "/usr/local/lib/node_modules",
    "/opt/homebrew/lib/node_modules",
    "/Program Files/nodejs/node_modules",
)
_APPS_HOME = (
    "Applications/*.app",
    ".local/share/cursor",
    ".local/share/windsurf",
    ".local/opt/*",
    "AppData/Local/Programs/*",
)
_APPS_MACHINE = ("/Applications/*.app", "/opt/*", "/usr/share/cursor", "/usr/share/windsurf", "/Program Files/*")
_VISUAL_STUDIO = "/ProgramData/Microsoft/VisualStudio/Packages/_Instances/*"
_ENVIRONMENTS = frozenset({".venv", "venv", ".env", "env"})
_SITES = frozenset({"site-packages", "dist-packages"})


@dataclass(frozen=True, slots=True)
class Found:
    """What a survey found."""

    subjects: tuple[Subject, ...]
    diagnostics: tuple[Diagnostic, ...]
    files: int
    folders: int


def survey(
    wants: Wants,
    *,
    homes: Sequence[Home] = (),
    roots: Sequence[str] = (),
    system_root: str = "",
    platform: Platform = "linux",
    artifacts: Iterable[Artifact] = (),
    network: bool = False,
    seconds: float = SECONDS,
    limits: Limits = ROOT_LIMITS,
) -> Found:
    """The wanted packages that are installed or locked below `roots`, in the usual places of `homes` and of the
    machine, and where the launches of `artifacts` point. `system_root` is put before the machine's own folders.
    Raises nothing."""
    tree = Tree(files.network_mounts(allowed=network))
    work = _Survey(tree, wants, platform, time.monotonic() + seconds)
    for home in homes:
        for pattern in _PYTHON_HOME:
            for folder in _folders(tree, f"{home.path}/{pattern}"):
                work.site_packages(folder)
        for pattern in _NODE_HOME:
            for folder in _folders(tree, f"{home.path}/{pattern}"):
                work.node_modules(folder)
        for pattern in _APPS_HOME:
            for folder in _folders(tree, f"{home.path}/{pattern}"):
                work.application(folder)
    machine = system_root.rstrip("/")
    for pattern in _PYTHON_MACHINE:
        for folder in _folders(tree, machine + pattern):
            work.site_packages(folder)
    for pattern in _NODE_MACHINE:
        for folder in _folders(tree, machine + pattern):
            work.node_modules(folder)
    for pattern in _APPS_MACHINE:
        for folder in _folders(tree, machine + pattern):
            work.application(folder)
    for folder in _folders(tree, machine + _VISUAL_STUDIO):
        work.visual_studio(folder)
    for artifact in artifacts:
        work.launch(artifact)
    for root in roots:
        for folder in walk(tree, root, (), limits):
            work.folder(folder)
            if work.exhausted(root):
                break
    # What a launch leads to is listed once more with its server: the entry without one says less then.
    owned = {replace(subject, artifact="", owner="") for subject in work.subjects if subject.artifact}
    subjects = (subject for subject in work.subjects if subject not in owned)
    return Found(tuple(dict.fromkeys(subjects)), tuple(tree.diagnostics), work.files, tree.listed)


def _folders(tree: Tree, pattern: str) -> Iterator[str]:
    """Folders that exist and match, links among them."""
    before, star, _ = pattern.partition("*")
    if not star:
        if tree.is_folder(pattern):
            yield pattern
        return
    base = before.rpartition("/")[0]
    part, _, rest = pattern[len(base) + 1 :].partition("/")
    if not tree.is_folder(base):
        return
    for name in tree.names(base).folders:
        if fnmatch.fnmatchcase(name, part):
            if rest:
                yield from _folders(tree, f"{base}/{name}/{rest}")
            else:
                yield f"{base}/{name}"


@dataclass(slots=True)
class _Survey:
    tree: Tree
    wants: Wants
    platform: Platform
    deadline: float
    subjects: list[Subject] = field(default_factory=list)
    files: int = 0
    packages: int = 0
    _done: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Folders and files that were read, and which of `subjects` they gave."""

    def exhausted(self, where: str) -> bool:
        """Whether a budget of the whole survey is used up; says so once for each place."""
        if self.packages > MAX_PACKAGES or time.monotonic() > self.deadline:
            self.tree.note(where, "budget", "the search for installed packages stopped here; name fewer places")
            return True
        return False

    def _once(self, path: str, read: Callable[[], None]) -> None:
        if path not in self._done and not self.exhausted(path):
            start = len(self.subjects)
            self._done[path] = start, start
            read()
            self._done[path] = start, len(self.subjects)

    def _add(self, ecosystem: str, name: str, pin: Pin, source: Source, path: str) -> None:
        if self.wants(ecosystem, name):
            self.subjects.append(Subject(ecosystem, name, pin, source, path, platform=self.platform))

    def _read(self, path: str, limit: int = MAX_METADATA, *, quiet: bool = True) -> bytes | None:
        """The file's bytes; None with a diagnostic where it is there and cannot be read."""
        status = self.tree.status(path)
        if status is None:
            return None
        self.files += 1
        try:
            return files.read(path, limit)
        except files.Unreadable as error:
            if not quiet or error.reason != "not-a-file":
                self.tree.note(path, error.reason, error.message)
            return None

    def _text(self, path: str) -> str:
        data = self._read(path)
        return decode(data)[0] if data is not None else ""

    # -- one folder of a project ----------------------------------------------------------------------------------

    def folder(self, folder: str) -> None:
        """Everything of interest directly in a folder."""
        names = self.tree.names(folder)
        for name in names.files:
            if locks.reader(name) is not None and not (name == "go.sum" and "go.mod" in names.files):
                self.lock(f"{folder}/{name}")
        for name in names.folders:
            below = f"{folder}/{name}"
            if name == "node_modules":
                self.node_modules(below)
            elif name in _SITES:
                self.site_packages(below)
            elif name in _ENVIRONMENTS:
                self.environment(below)
            elif name == ".git":
                self.checkout(folder)
            elif name == ".devcontainer" and "devcontainer.json" in self.tree.names(below).files:
                self.lock(f"{below}/devcontainer.json")
            elif name.lower() in ("resources", "contents"):
                self.application(folder)
        if "pyvenv.cfg" in names.files:
            self.environment(folder)

    def lock(self, path: str) -> None:
        """One lock file, list of requirements, compose file or Dockerfile."""
        self._once(path, lambda: self._lock(path))

    def _lock(self, path: str) -> None:
        data = self._read(path, MAX_LOCK, quiet=False)
        if data is None:
            return
        name = path.rpartition("/")[2]
        found, problems = locks.read(name, decode(data)[0])
        for problem in problems:
            self.tree.note(path, problem.reason, problem.message)
        for row in found:
            source = Source.CONTAINER if row.ecosystem == "image" else Source.LOCK
            self._add(row.ecosystem, row.name, row.pin, source, path)

    # -- installed packages ---------------------------------------------------------------------------------------

    def environment(self, prefix: str) -> None:
        """A Python environment by its own folder."""
        for pattern in ("lib/python3*/site-packages", "lib/python3*/dist-packages", "Lib/site-packages"):
            for folder in _folders(self.tree, f"{prefix}/{pattern}"):
                self.site_packages(folder)

    def site_packages(self, folder: str) -> None:
        """Python packages by the metadata folders beside them."""
        self._once(folder, lambda: self._site_packages(folder))

    def _site_packages(self, folder: str) -> None:
        names = self.tree.names(folder)
        self._too_many(folder, names.total)
        for name in names.folders + names.files:
            self.packages += 1
            found = installed.distribution(name)
            if found is not None:
                self._add("PyPI", found[0], pins.exact(found[1]), Source.ENVIRONMENT, f"{folder}/{name}")

    def node_modules(self, folder: str) -> None:
        """npm packages, those below other packages too."""
        self._once(folder, lambda: self._node_modules(folder, 0))

    def _node_modules(self, folder: str, level: int) -> None:
        names = self.tree.names(folder)
        self._too_many(folder, names.total)
        for name in names.folders:
            if name in (".pnpm", ".store"):
                for below in self.tree.names(f"{folder}/{name}").folders:
                    if self.tree.is_folder(f"{folder}/{name}/{below}/node_modules"):
                        self._node_modules(f"{folder}/{name}/{below}/node_modules", level + 1)
            elif name.startswith("@"):
                scope = self.tree.names(f"{folder}/{name}")
                for inner in scope.folders:
                    self._node_package(f"{folder}/{name}/{inner}", f"{name}/{inner}", inner in scope.links, level)
            elif not name.startswith("."):
                self._node_package(f"{folder}/{name}", name, name in names.links, level)

    def _node_package(self, folder: str, name: str, link: bool, level: int) -> None:
        self.packages += 1
        if self.packages % 1_000 == 0 and self.exhausted(folder):
            return
        if self.wants("npm", name):
            path = f"{folder}/package.json"
            found = installed.package(self._text(path))
            if found is not None:
                self._add("npm", found[0], pins.exact(found[1]), Source.ENVIRONMENT, path)
        # What a link leads to is met where it really lies, or lies outside of this tree.
        if not link and level < MAX_NESTING and self.packages <= MAX_PACKAGES:
            below = f"{folder}/node_modules"
            if self.tree.is_folder(below):
                self._node_modules(below, level + 1)

    def _too_many(self, folder: str, total: int) -> None:
        if total > MAX_NAMES:
            self.tree.note(folder, "budget", f"holds more than {MAX_NAMES} names; only the first were looked at")

    # -- applications and clones ----------------------------------------------------------------------------------

    def application(self, folder: str) -> None:
        """An application by the folder it is installed in."""
        self._once(f"{folder}/.application", lambda: self._application(folder))

    def _application(self, folder: str) -> None:
        def known(name: str) -> bool:
            return self.wants("app", name)

        for below in ("resources/app", "Contents/Resources/app", "usr/share/cursor/resources/app"):
            place = f"{folder}/{below}"
            if not self.tree.is_folder(place):
                continue
            product, manifest = self._text(f"{place}/product.json"), self._text(f"{place}/package.json")
            found = installed.application(product, manifest, known)
            if found is not None:
                self._add("app", found[0], pins.exact(found[1]), Source.APPLICATION, folder)
                return
        data = self._read(f"{folder}/Contents/Info.plist")
        bundle = installed.bundle(data, known) if data is not None else None
        if bundle is not None:
            self._add("app", bundle[0], pins.exact(bundle[1]), Source.APPLICATION, folder)

    def visual_studio(self, folder: str) -> None:
        """One instance of Visual Studio by the installer's own record."""
        found = installed.visual_studio(self._text(f"{folder}/state.json"))
        if found is not None:
            self._add("app", found[0], pins.exact(found[1]), Source.APPLICATION, f"{folder}/state.json")

    def checkout(self, folder: str) -> None:
        """A clone of a GitHub repository: its tag where HEAD has one, else the version its own files state."""
        self._once(f"{folder}/.git", lambda: self._checkout(folder))

    def _checkout(self, folder: str) -> None:
        name = installed.origin(self._text(f"{folder}/.git/config"))
        if name is None or not self.wants("GitHub", name):
            return
        packed = self._text(f"{folder}/.git/packed-refs")
        commit = installed.head(
            self._text(f"{folder}/.git/HEAD"), packed, lambda ref: self._text(f"{folder}/.git/{ref}")
        )
        tag = installed.tag(commit, packed) or self._loose_tag(folder, commit)
        pin = pins.from_git(tag) if tag else pins.UNREADABLE
        if pin.kind is not pins.Kind.EXACT:
            versions = (installed.stated(file, self._text(f"{folder}/{file}")) for file in installed.VERSION_FILES)
            version = next((version for version in versions if version), "")
            pin = pins.from_git(version) if version else pins.Pin(pins.Kind.COMMIT, commit) if commit else pin
        self._add("GitHub", name, pin, Source.CHECKOUT, folder)

    def _loose_tag(self, folder: str, commit: str) -> str:
        place = f"{folder}/.git/refs/tags"
        if not commit or not self.tree.is_folder(place):
            return ""
        for name in self.tree.names(place).files[:1_000]:
            if self._text(f"{place}/{name}").strip() == commit and any(letter.isdigit() for letter in name):
                return name
        return ""

    # -- launches -------------------------------------------------------------------------------------------------

    def launch(self, artifact: Artifact) -> None:
        """Where a server's definition points: what lies there is what it would load, so it is the server's too."""
        if artifact.kind is not Kind.MCP_SERVER or artifact.launch is None:
            return
        for folder in places(artifact.launch):
            if not self.tree.is_folder(folder):
                continue
            reads = [folder, f"{folder}/node_modules"]
            self.environment(folder)
            self.folder(folder)
            for pattern in ("lib/python3*", "Lib", ".venv/lib/python3*", "venv/lib/python3*", ".venv/Lib", "venv/Lib"):
                for below in _folders(self.tree, f"{folder}/{pattern}"):
                    reads += [f"{below}/site-packages", f"{below}/dist-packages"]
            reads += [f"{folder}/{name}" for name in self.tree.names(folder).files]
            owner = f"server {artifact.name}" + (f" of {artifact.agent}" if artifact.agent else "")
            for path in reads:
                start, end = self._done.get(path, (0, 0))
                for subject in self.subjects[start:end]:
                    self.subjects.append(replace(subject, artifact=artifact.id, owner=owner))
