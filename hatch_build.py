"""Build of the native programs in native/, by whatever C compiler is there, for wheels and for the checkout.

A machine without a compiler gets a pure wheel and the Python hook client: no failure here ends an installation.
`python hatch_build.py` builds for the checkout and says what came of it.
Must not be here: anything that runs after the installation.
"""

import os
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
    BuildHookInterface = object  # type: ignore[assignment,misc]

PROGRAMS = {"spawngate-hook": ("spawngate-hook.c", "conf.c", "core.c", "sha256.c")}
"""Native programs and the files in native/ that each is made of."""
PLACE = "src/spawngate/_native"
COMPILE = (
    "-std=c11",
    "-O2",
    "-Wall",
    "-Wextra",
    "-fstack-protector-strong",
    "-U_FORTIFY_SOURCE",
    "-D_FORTIFY_SOURCE=2",
    "-fno-strict-aliasing",
    "-s",
)
LINKS = (
    ("-fPIE", "-static-pie", "-Wl,-z,relro,-z,now,-z,noexecstack"),
    ("-static", "-Wl,-z,relro,-z,now,-z,noexecstack"),
    ("-fPIE", "-pie", "-Wl,-z,relro,-z,now,-z,noexecstack"),
    (),
)
"""Ways to link, best first. A static program cannot be led astray by LD_PRELOAD; the third is for systems without
static libraries, the last for linkers that know none of these words (macOS: programs are hardened by default)."""
SECONDS = 120


def compiler() -> str | None:
    """The C compiler: $CC where it names a program, else cc, gcc, clang."""
    named = os.environ.get("CC", "").split()
    for name in (*named[:1], "cc", "gcc", "clang"):
        if found := shutil.which(name):
            return found
    return None


def build(root: Path, say: Any = lambda text: None) -> list[Path]:
    """Compile every program into PLACE. The paths of all, or an empty list where one could not be made."""
    place = root / PLACE
    made: list[Path] = []
    try:
        place.mkdir(parents=True, exist_ok=True)
        cc = compiler()
        if cc is None:
            say("no C compiler: the hook client in Python will be used")
        for name, sources in PROGRAMS.items():
            if cc is not None and (how := _compile(cc, root / "native", sources, place / name, say)) is not None:
                say(f"{name}: built with {' '.join((cc, *how))}")
                made.append(place / name)
            else:
                (place / name).unlink(missing_ok=True)  # one of an older state of the sources is worse than none
    except OSError as error:
        say(f"native programs were not built ({error.strerror}): the hook client in Python will be used")
        return []
    return made if len(made) == len(PROGRAMS) else []


def _compile(cc: str, folder: Path, sources: tuple[str, ...], target: Path, say: Any) -> tuple[str, ...] | None:
    """The link options that gave a program which runs here, put at `target`; None where none did."""
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        trial = Path(temporary) / target.name
        last = ""
        for link in LINKS:
            words = [cc, *COMPILE, *(str(folder / name) for name in sources), *link, "-o", str(trial)]
            try:
                done = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  our own words
                if done.returncode == 0:
                    runs = subprocess.run([trial, "--version"], capture_output=True, timeout=10, check=False)  # noqa: S603  our own program
                    if runs.returncode == 0:
                        os.replace(trial, target)
                        return link
                last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            except (OSError, subprocess.TimeoutExpired) as error:
                last = type(error).__name__
        say(f"{target.name} could not be compiled: {last}")
    return None


class NativePrograms(BuildHookInterface):  # type: ignore[misc,type-arg,unused-ignore]
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
