"""What programs of `command.tools.interpreters` do, by their arguments."""

import pytest

from spawngate.command.tools.interpreters import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("python3 -m pip install reqeusts", ("package-install", "package-lookalike", "package-unpinned")),
    ("bash a.sh", ()),
    ("bash", ("interactive-shell", "runs-input")),
    ("python3 a.py", ()),
    ("python3 -m http.server", ("listen", "listen-all")),
    ("python3 -m http.server --bind 127.0.0.1", ("listen",)),
    ("python3 -c 'print(1)'", ("inline-code",)),
    ("python3 -m json.tool a.json", ()),
    ("node a.js", ()),
    ("node -e 'console.log(1)'", ("inline-code",)),
    ("node --inspect=0.0.0.0:9229 a.js", ("listen", "listen-all")),
    ("node --require /tmp/x.js a.js", ("loads-code", "runs-opaque")),
    ("perl -e 'print 1'", ("inline-code",)),
    ("perl -pi -e s/a/b/ ~/.bashrc", ("inline-code",)),
    ("ruby a.rb", ()),
    ("php -S 0.0.0.0:80", ("listen", "listen-all")),
    ("source /tmp/a.sh", ()),
    ("java -jar a.jar", ()),
    ("java -javaagent:a.jar B", ("loads-code",)),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in (
            (),
            ("-",),
            ("--",),
            ("-x", "-x"),
            ("=", ":", "@"),
            ("a", "b:c", "http://["),
            ("-" * 9, "$x", "*"),
        ):
            assert isinstance(tried(program, words), tuple)
