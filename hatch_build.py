"""Build of the native programs in native/, by whatever C compiler is there, for wheels and for the checkout.

A machine without a compiler gets a pure wheel and the Python hook client: no failure here ends an installation.
`python hatch_build.py` builds for the checkout and says what came of it.
Must not be here: anything that runs after the installation.
"""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a program, without the build's own environment
    BuildHookInterface = object  # type: ignore[assignment,misc]  # only `main` runs then

PROGRAMS = {
    "spawngate-hook": ("spawngate-hook.c", "conf.c", "core.c", "sha256.c"),
    "spawngate-launch": ("spawngate-launch.c", "below.c", "conf.c", "core.c", "launchconf.c"),
    "spawngate-confine": ("spawngate-confine.c", "core.c", "egress.c", "jail.c", "walls.c"),
}
"""Native programs and the files in native/ that each is made of."""
PLACE = "src/spawngate/_native"
COMPILE = ("-std=c11", "-O2", "-Wall", "-Wextra", "-fstack-protector-strong", "-fno-strict-aliasing", "-s")
HARDEN = ("-Wl,-z,relro,-z,now,-z,noexecstack",)
BARE = (
    "bare.c",
    "-U_FORTIFY_SOURCE",  # its checks are functions of the C library
    "-ffreestanding",
    "-fno-builtin",
    "-mstack-protector-guard=global",
    "-fvisibility=hidden",
    "-fPIE",
    "-static-pie",
    "-nostdlib",
    "-nostartfiles",
    *HARDEN,
)
FORTIFY = ("-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2")
LINKS = (
    BARE,
    (*FORTIFY, "-fPIE", "-static-pie", *HARDEN),
    (*FORTIFY, "-static", *HARDEN),
    (*FORTIFY, "-fPIE", "-pie", *HARDEN),
    FORTIFY,
)
"""Ways to compile and link, best first; a word that ends in .c is one more source. A static program cannot be led
astray by LD_PRELOAD. The first has a start of its own and no C library (Linux on x86-64); the next two have a static
one; the fourth is for systems without static libraries, the last for linkers that know none of these words (macOS:
programs are hardened by default)."""
SECONDS = 120


def compilers() -> list[list[str]]:
    """Words that begin a call of a C compiler: $CC where it is set and nothing else, or what is on PATH.

    musl-gcc comes first: its static programs are a tenth of the size and start in a fraction of the time.
    """
    if named := shlex.split(os.environ.get("CC", "")):
        found = shutil.which(named[0])
        return [[found, *named[1:]]] if found else []
    return [[found] for name in ("musl-gcc", "cc", "gcc", "clang") if (found := shutil.which(name))]


def build(root: Path, say: Any = lambda text: None, links: tuple[tuple[str, ...], ...] = LINKS) -> list[Path]:
    """Compile every program into PLACE. The paths of those that could be made."""
    place = root / PLACE
    made: list[Path] = []
    try:
        place.mkdir(parents=True, exist_ok=True)
        known = compilers()
        if not known:
            say("no C compiler: the hook client and the launcher in Python will be used")
        for name, sources in PROGRAMS.items():
            if known and (how := _compile(known, links, root / "native", sources, place / name, say)) is not None:
                say(f"{name}: built with {' '.join(how)}")
                made.append(place / name)
            else:
                (place / name).unlink(missing_ok=True)  # one of an older state of the sources is worse than none
    except OSError as error:
        say(f"native programs were not built ({error.strerror}): the hook client in Python will be used")
        return []
    return made


def _compile(
    known: list[list[str]],
    links: tuple[tuple[str, ...], ...],
    folder: Path,
    sources: tuple[str, ...],
    target: Path,
    say: Any,
) -> list[str] | None:
    """The compiler and link options that gave a program which runs here, put at `target`; None where none did."""
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        trial = Path(temporary) / target.name
        last = ""
        for link in links:
            for cc in known:
                files = [str(folder / name) for name in (*sources, *link) if name.endswith(".c")]
                options = [word for word in link if not word.endswith(".c")]
                words = [*cc, *COMPILE, *files, *options, "-o", str(trial)]
                try:
                    done = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  our own words
                    if done.returncode == 0 and _runs(trial):
                        os.replace(trial, target)
                        return [*cc, *link]
                    last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2] or "it does not run here"
                except (OSError, subprocess.TimeoutExpired) as error:
                    last = type(error).__name__
        say(f"{target.name} could not be compiled: {last}")
    return None


def _runs(program: Path) -> bool:
    done = subprocess.run([program, "--version"], capture_output=True, timeout=10, check=False)  # noqa: S603  our own program
    return done.returncode == 0


class NativePrograms(BuildHookInterface):  # type: ignore[misc,type-arg,unused-ignore]  # hatchling ships no types
    """Compiles before the wheel is packed. An editable installation finds the programs in the checkout."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """hatchling calls this with version `standard` or `editable`."""
        if self.target_name != "wheel" or os.environ.get("SPAWNGATE_PURE"):
            return
        made = build(Path(self.root), self.app.display_info)
        if made and version == "standard":
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
            for path in made:
                build_data["force_include"][str(path)] = f"spawngate/_native/{path.name}"


if __name__ == "__main__":
    build(Path(__file__).resolve().parent, lambda text: sys.stdout.write(f"{text}\n"))
