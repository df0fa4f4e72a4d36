"""The state of one analysis: the facts noted so far, and the walk from a command to the commands inside it.

Belongs here: what every reader of a launcher needs. Must not be here: any launcher's grammar (`launch.grammar`).
A reader gets a `Scene` and a `Here` and hands inner commands back with `run`, `text` or `inline`. Every step is
counted, so that hostile nesting ends as `too-nested`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from spawngate.launch import environment, names, paths, shelltext
from spawngate.launch.addresses import address
from spawngate.launch.argv import is_python, program, word_set
from spawngate.launch.definition import Definition
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.package import package_of
from spawngate.launch.pins import pin_of
from spawngate.launch.surroundings import Surroundings

MAX_DEPTH = 16
"""Wrappers inside each other that are taken off."""
MAX_STEPS = 200
"""Commands that are looked at for one definition."""


@dataclass(frozen=True, slots=True)
class Here:
    """Where in a definition a command stands."""

    environment: environment.Environment
    variables: Mapping[str, str]
    """Variables that the definition gives to this command."""
    depth: int = 0
    main: bool = True
    """On the way from the definition's command to the server, not beside it."""
    contained: bool = False
    """Inside a container: paths and libraries are not the host's."""
    nested: bool = False
    """Inside another launcher, wrapper or shell."""
    in_shell: bool = False
    """A shell reads the command."""
    words: bool = False
    """The command came out of one word of text and was split already."""

    def inside(self, **changes: Any) -> "Here":
        """One level deeper."""
        return replace(self, depth=self.depth + 1, nested=True, **changes)


class Notes:
    """Facts on their way: flags, first texts and growing lists."""

    __slots__ = ("_lists", "_values")

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._lists: dict[str, dict[str, None]] = {}

    def mark(self, *facts: str) -> None:
        """Set flags."""
        for fact in facts:
            self._values[fact] = True

    def say(self, fact: str, text: str) -> None:
        """Set a text where none was noted yet."""
        if text and not self._values.get(fact):
            self._values[fact] = text

    def put(self, fact: str, value: object) -> None:
        """Set a value, whatever was noted."""
        self._values[fact] = value

    def add(self, fact: str, *items: str) -> None:
        """Append to a list what is not in it."""
        if items:
            self._lists.setdefault(fact, {}).update(dict.fromkeys(items))

    def drop(self, fact: str, item: str) -> None:
        """Take an item off a list."""
        self._lists.get(fact, {}).pop(item, None)

    def has(self, fact: str) -> bool:
        """Whether anything but nothing was noted."""
        return bool(self._values.get(fact)) or bool(self._lists.get(fact))

    def items(self, fact: str) -> tuple[str, ...]:
        """What is on a list so far."""
        return tuple(self._lists.get(fact, ()))

    def text(self, fact: str) -> str:
        """A text that was noted."""
        return str(self._values.get(fact, ""))

    def facts(self) -> LaunchFacts:
        """The finished record."""
        values: dict[str, Any] = {**self._values, **{name: tuple(items) for name, items in self._lists.items()}}
        return LaunchFacts(**values)


Reader = Callable[["Scene", str, tuple[str, ...], Here], None]
"""Reads `(scene, program name, arguments, here)` and notes facts."""


class Scene:
    """One analysis."""

    __slots__ = ("_find", "_opaque", "_steps", "_utility", "definition", "notes", "surroundings")

    def __init__(
        self, definition: Definition, surroundings: Surroundings, find: Callable[[str], Reader | None]
    ) -> None:
        self.definition = definition
        self.surroundings = surroundings
        self.notes = Notes()
        self._find = find
        self._steps = 0
        self._utility = False
        self._opaque = False

    # -- the walk

    def run(self, command: str, args: Sequence[str], here: Here) -> None:
        """Note what `command args` runs."""
        self._steps += 1
        if here.depth > MAX_DEPTH or self._steps > MAX_STEPS:
            self.notes.add("unknown", "too-nested")
            self.arrive(program(command), command, args, here)
            return
        text = command.strip().strip("\"'") if command else ""
        if not args and not here.words and _is_line(text):
            # Some clients split a command that holds its arguments; so does this.
            split = shelltext.split(text, "cmd" if self.definition.platform == "windows" else "posix")
            if split.commands and len(split.commands[0].words) > 1:
                if not split.plain:
                    self.notes.mark("shell")
                    self._opaque = True
                    self.notes.say("shell_text", text)
                words = split.commands[0].words
                self.run(words[0], words[1:], replace(here, words=True))
                for other in split.commands[1:]:
                    self.run(other.words[0], other.words[1:], here.inside(main=False, words=True))
                return
        name = program(text)
        if here.nested and not here.contained:
            self._named(text, name, nested=True)
        elif not here.contained:
            self._named(text, name, nested=False)
        if name:
            self.notes.add("programs", name)
        self.acts(here, () if here.contained else ("any", self.definition.platform))
        reader = self._find(name) or (self._find("python") if is_python(name) else None)
        if reader is None and not name.isascii():
            twin = names.skeleton(name)
            reader = self._find(twin)
            name = twin if reader is not None else name
        if reader is not None:
            reader(self, name, tuple(args), here)
        else:
            self.unknown(name, text, args, here)

    def _named(self, text: str, name: str, *, nested: bool) -> None:
        notes = self.notes
        if "://" in text:
            return  # an address in the place of a command: no file is run
        way = paths.program_path(text)
        if way == "relative":
            notes.add("relative_paths", text)
        elif way == "network":
            notes.add("network_paths", text)
        if way in ("relative", "network", "absolute", "home", "variable"):
            where = paths.place(text)
            if where in ("temporary", "downloads"):
                notes.add("writable_places", text)
            if (way in ("relative", "network") or where in ("temporary", "downloads")) and (
                name in names.PROGRAMS or is_python(name)
            ):
                notes.say("lookalike_of", name)
        elif nested:
            odd = names.odd_characters(text, ())
            notes.add("odd_characters", *odd)
        if not (name in names.PROGRAMS or is_python(name)):
            notes.say("lookalike_of", names.lookalike_program(name))

    def knows(self, command: str) -> bool:
        """Whether the grammar of a program is known."""
        name = program(command)
        return self._find(name) is not None or is_python(name)

    def run_name(self, command: str, here: Here) -> None:
        """A program of which only the name is known."""
        self.notes.add("programs", program(command))
        if not here.contained:
            self._named(command, program(command), nested=True)

    def opaque(self) -> None:
        """A shell interprets what cannot be seen or is more than one plain command."""
        self._opaque = True

    def wrap(self, name: str) -> None:
        """A wrapper was taken off."""
        self.notes.add("wrappers", name)

    def arrive(self, name: str, command: str, args: Sequence[str], here: Here) -> None:
        """`command` is what is left when all wrappers are off."""
        if here.main and not self.notes.has("inner_program"):
            self.notes.put("inner_program", name)
            self.notes.put("inner_argv", (command, *args))

    def launcher(self, label: str, name: str, args: Sequence[str], here: Here) -> None:
        """The grammar of a launcher or interpreter applies."""
        self.arrive(name, name, args, here)
        self.notes.say("launcher", label)

    def server(self, args: Sequence[str], here: Here) -> None:
        """These arguments are the server's own."""
        if here.main:
            self.notes.put("server_args", tuple(args))

    def unknown(self, name: str, command: str, args: Sequence[str], here: Here) -> None:
        """A program without a reader: nothing is known of its options."""
        self.arrive(name, command, args, here)
        self.server(args, here)
        notes = self.notes
        if name in UTILITIES:
            if here.main or name not in PREPARATIONS:
                self.utility(here)
        elif not here.contained:
            notes.add("unknown", "unknown-program")
        if here.main and not here.contained:
            notes.say("source", "binary")
            if re.search(r"[\\/]", command):
                self.script(command, here)

    def utility(self, here: Here) -> None:
        """A built-in or common tool, no server."""
        if here.main or here.in_shell:
            self._utility = True

    # -- what readers note

    def acts(self, here: Here, runtimes: Iterable[str]) -> None:
        """Variables that act on a program of these kinds."""
        found = here.environment.effects(runtimes)
        if found.loads:
            self.notes.add("env_loads_code", *found.loads)
            self.notes.add(
                "env_code_places", *(environment.place_of_value(here.variables.get(name, "")) for name in found.loads)
            )
        self.notes.add("env_redirects", *found.redirects)
        if found.path:
            self.notes.mark("env_path")

    def with_variables(self, here: Here, assignments: Iterable[str], *, clear: bool = False) -> Here:
        """`here` with further `NAME=value` words in force."""
        added = dict(word.split("=", 1) for word in assignments if "=" in word)
        if not added and not clear:
            return here
        variables = added if clear else {**here.variables, **added}
        self.notes.add("env_names", *added)
        self.notes.add("env_secrets", *(name for name in added if environment.names_secret(name)))
        return replace(
            here,
            variables=variables,
            environment=environment.Environment(variables, self.definition.platform),
        )

    def text(self, text: str, here: Here, dialect: str = "posix", by: str = "sh") -> None:
        """A shell interprets `text`."""
        notes = self.notes
        notes.mark("shell")
        notes.say("shell_text", text)
        self._steps += 1
        if here.depth > MAX_DEPTH or self._steps > MAX_STEPS:
            self._opaque = True
            notes.add("unknown", "too-nested")
            return
        found = shelltext.split(text, dialect)
        commands = [self._command(simple) for simple in found.commands]
        if found.plain and commands[0][1]:
            assignments, words = commands[0]
            inner = self.with_variables(here.inside(words=True, in_shell=True), assignments)
            self.run(words[0], words[1:], inner)
            return
        self._opaque = True
        self.arrive(by, by, (text,), here)
        if found.opaque:
            notes.add("unknown", "opaque-shell")
        self._pipes(found, [words for _, words in commands])
        beside = here.inside(main=False, words=True, in_shell=True)
        for assignments, words in commands:
            if words and words[0] != "$()":
                self.run(words[0], words[1:], self.with_variables(beside, assignments))
        for nested in found.nested[:16]:
            self.text(nested, beside, dialect, by)

    def _command(self, simple: shelltext.Simple) -> tuple[tuple[str, ...], tuple[str, ...]]:
        at = 0
        words = simple.words
        while at < len(words) and _ASSIGNMENT.match(words[at]):
            at += 1
        return words[:at], words[at:]

    def _pipes(self, found: shelltext.Text, commands: Sequence[tuple[str, ...]]) -> None:
        """Downloads and decoded text that are run."""
        notes = self.notes
        fetched = decoded = False
        piped_fetch = piped_decode = False
        for simple, words in zip(found.commands, commands, strict=True):
            name = _innermost(words)
            if simple.before not in ("|", "|&"):
                piped_fetch = piped_decode = False
            runs = paths.is_interpreter_name(name)
            if runs and piped_fetch:
                notes.mark("downloads_and_runs")
            if runs and piped_decode:
                notes.mark("encoded_code", "inline_code")
            if fetched and (runs or name == "chmod" or "/" in (words[0] if words else "")) and name not in DOWNLOADERS:
                notes.mark("downloads_and_runs")
            if decoded and (runs or name == "chmod"):
                notes.mark("encoded_code", "inline_code")
            if name in DOWNLOADERS:
                fetched = piped_fetch = True
            if _decodes(name, words):
                decoded = piped_decode = True
            if simple.substituted and (runs or words[:1] == ("$()",) or words[:1] == ("exec",)):
                if any(_DOWNLOAD_WORD.search(text) for text in found.nested):
                    notes.mark("downloads_and_runs")
                if any(_DECODE_WORD.search(text) for text in found.nested):
                    notes.mark("encoded_code", "inline_code")

    def inline(self, language: str, code: str, here: Here) -> None:
        """An interpreter is handed code."""
        notes = self.notes
        notes.mark("inline_code")
        notes.say("inline_language", language)
        if here.main:
            notes.say("source", "inline")
        if re.match(r"\s*data:[^,]*;\s*base64", code, re.IGNORECASE) or _ENCODED.search(code[:20_000]):
            notes.mark("encoded_code")
        text = code[:20_000]
        if _REMOTE_IMPORT.search(text) or (_FETCHES.search(text) and _RUNS.search(text)):
            notes.mark("downloads_and_runs")

    def loads(self, option: str, value: str, here: Here, language: str = "javascript") -> None:
        """An option loads code besides the server."""
        self.notes.add("loads_code", f"{option} {value}".strip())
        if re.match(r"\s*data:", value, re.IGNORECASE):
            self.inline(language, value, here)
        elif re.match(r"\s*https?://", value, re.IGNORECASE):
            self.notes.mark("downloads_and_runs")
        elif value and paths.looks_like_script(value) and not here.contained:
            self._place(value.rpartition("=")[2])

    def script(self, path: str, here: Here) -> None:
        """A local file is run."""
        if here.contained or not path:
            return
        self._place(path)
        if here.main:
            self.notes.say("script", path)
            if not self.notes.text("script_place"):
                self.notes.put("script_place", paths.place(path))

    def _place(self, path: str) -> None:
        if paths.is_network(path):
            self.notes.add("network_paths", path)
        elif paths.is_relative(path):
            self.notes.add("relative_paths", path)
        if paths.place(path) in ("temporary", "downloads"):
            self.notes.add("writable_places", path)

    def package(self, command: str, args: Sequence[str], here: Here) -> str:
        """The package that a launcher names, noted as the main one or as one that rides along."""
        purl = package_of(command, args) or ""
        self.purl(purl, here)
        return purl

    def purl(self, purl: str, here: Here) -> None:
        """Note a package."""
        notes = self.notes
        if not purl:
            return
        if notes.has("package") and notes.text("package") != purl:
            notes.add("extra_packages", purl)
            return
        found = pin_of(purl)
        notes.put("package", purl)
        notes.put("package_name", found.name)
        notes.put("package_ecosystem", found.ecosystem)
        notes.put("package_version", found.version)
        notes.put("pin", found.pin)
        if not notes.has("source") or here.main:
            notes.put("source", found.source)
        if found.ecosystem in ("npm", "pypi") and found.source == "registry":
            notes.say("lookalike_of", names.lookalike_package(found.name))

    def address(self, text: str) -> bool:
        """Note an address; false where `text` is none."""
        found = address(text)
        if found is None:
            return False
        notes = self.notes
        notes.say("url", found.url)
        notes.say("scheme", found.scheme)
        notes.say("host", found.host)
        for fact in ("plain_http", "raw_ip", "loopback", "tunnel"):
            if getattr(found, fact):
                notes.mark(fact)
        notes.say("lookalike_of", found.lookalike_of)
        return True

    def unknown_options(self, options: Sequence[str]) -> None:
        """Options that no grammar knows."""
        if options:
            self.notes.add("unknown_options", *options)
            self.notes.add("unknown", "unknown-options")

    def finish(self) -> None:
        """Facts that depend on the whole walk."""
        self.notes.drop("extra_packages", self.notes.text("package"))
        if self._utility:
            self.notes.mark("utility")
        if self.notes.has("shell") and not self._opaque and not self._utility:
            self.notes.mark("shell_plain")


_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_LINE = re.compile(r"\S\s+\S")
_PATH_WITH_BLANK = re.compile(r"(?:[A-Za-z]:|\\\\|/|~|\.{0,2}[\\/])\S*+\s.*[\\/]")


def _is_line(text: str) -> bool:
    return _LINE.search(text) is not None and _PATH_WITH_BLANK.match(text[:512]) is None


UTILITIES = word_set(
    """
    echo printf cat tac head tail tee touch ls dir type id whoami who w hostname uname pwd cd env printenv set
    export unset alias true false test [ [[ sleep date cal rm del erase rmdir rd mkdir md cp copy xcopy robocopy mv
    move ren ln chmod chown chgrp chattr ps kill killall pkill top df du free mount umount ip ifconfig ipconfig
    netstat ss ping dig nslookup host traceroute arp route curl wget nc ncat netcat socat telnet ftp tftp scp sftp
    base64 base32 xxd od hexdump strings md5sum sha1sum sha256sum openssl gpg grep egrep fgrep rg sort uniq wc cut
    tr rev paste join diff comm nl fold less more passwd useradd usermod crontab at systemctl service launchctl reg
    regedit schtasks sc net netsh wmic tasklist taskkill certutil bitsadmin mshta rundll32 regsvr32 start open
    xdg-open notepad calc calc.exe msg say sync dd mkfifo mknod history source . eval : exit read trap ulimit umask
    wait jobs readonly local return shift write-output write-host get-content set-content get-childitem
    invoke-webrequest invoke-restmethod iwr irm start-process gc sal
    """
)
"""Shell built-ins and common system tools: none of them is a server."""

PREPARATIONS = word_set("cd export set unset source . umask ulimit : true exec pushd popd alias eval shift trap wait")
"""Built-ins that prepare what a longer line starts."""

DOWNLOADERS = word_set(
    """
    curl wget aria2c fetch http https xh lynx lwp-request lwp-download iwr irm invoke-webrequest invoke-restmethod
    certutil bitsadmin start-bitstransfer wget2 axel
    """
)
_DOWNLOAD_WORD = re.compile(
    r"(?:^|[\s/\"'(|;&])(?:curl|wget|aria2c|iwr|irm|invoke-webrequest|invoke-restmethod|certutil|lynx|xh)(?:\.exe)?\s"
    r"|downloadstring|downloadfile|downloaddata|net\.webclient",
    re.IGNORECASE,
)
_DECODE_WORD = re.compile(
    r"base(?:64|32)\s+(?:-\w*d|--d|-D)|openssl\s+(?:enc\s+-d|base64\s+-d)|xxd\s+-\w*r|frombase64string|atob\(|gunzip|uudecode",
    re.IGNORECASE,
)
_ENCODED = re.compile(
    r"b64decode|base64\.decode|frombase64string|unpack\(?['\"]m|decode_base64|base64_decode|atob\(|['\"]base64['\"]"
    r"|fromhex\(|codecs\.decode|['\"]hex['\"]\s*\)|String\.fromCharCode|['\"]rot[-_]?13['\"]|zlib\.decompress",
    re.IGNORECASE,
)
_FETCHES = re.compile(
    r"urlopen|requests\.get|httpx\.get|fetch\(|https?\.get|downloadstring|downloadfile|\b(?:curl|wget|iwr|irm)\s"
    r"|invoke-webrequest|invoke-restmethod|LWP::Simple|open-uri|file_get_contents\(['\"]https?",
    re.IGNORECASE,
)
_RUNS = re.compile(
    r"\b(?:exec|eval|system|popen|iex|invoke-expression|spawn|load\w*)\b|new\s+Function|execSync|\|\s*(?:ba|da|z|k)?sh\b",
    re.IGNORECASE,
)
_REMOTE_IMPORT = re.compile(r"import\s*+(?:\(\s*+)?['\"]https?:|from\s+['\"]https?:", re.IGNORECASE)


def _innermost(words: Sequence[str]) -> str:
    """Program of a simple command behind the commonest wrappers."""
    at = 0
    while at < len(words):
        name = program(words[at])
        if name not in ("sudo", "env", "exec", "command", "nohup", "nice", "builtin", "doas", "time"):
            return name
        at += 1
        while at < len(words) and (words[at].startswith("-") or _ASSIGNMENT.match(words[at])):
            at += 1
    return ""


def _decodes(name: str, words: Sequence[str]) -> bool:
    if name in ("base64", "base32", "openssl", "xxd", "gbase64"):
        return any(re.fullmatch(r"-\w*[dDr]\w*|--d\w*", word) for word in words[1:])
    return name in ("gunzip", "uudecode", "gpg", "zcat", "uncompress")
