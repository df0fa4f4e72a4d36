"""Signs that Python calls digits and `int` does not read (superscripts, circled figures) stand for no number."""

import pytest

from spawngate.command.parse import read
from spawngate.model.call import Dialect

SIGNS = ["²", "①", "𝟘", "٣", "-080", "0²", "9" * 5000]
TEXTS: dict[Dialect, list[str]] = {
    "posix": [
        "echo ${{{0}}} ${0}", "ls {0}>f {0}<&{0} >&{0}", "shift {0}", "a[{0}]=1; echo ${{a[{0}]}}",
        "x=abc; echo ${{x:{0}:{0}}}",
        "printf '%{0}d' {0}", "head -{0} f", "seq {0}", "sed {0}p f", "echo $(({0}+{0}#1))", "kill -{0} 1",
        "echo {{{0}..{0}}}", "python3 -c 'print(\"{{{0}}}\".format(1))'", "docker run -p {0}:{0} x", "exec {0}>&-",
        "cut -c{0}-{0} f", "tar --strip-components={0} -xf a", "patch -p{0} <f",
    ],
    "powershell": [
        "[char]{0}", "'{{{0}}}' -f 'a'", "'a' * {0}", "{0} + {0}", "$a[{0}]", "ls {0}>f", "-join ([char[]]({0},{0}))",
        "iex ([char]{0} + [char]{0})", "{0}", "curl -H {0}", "'abc'.Substring({0},{0})",
    ],
    "cmd": [
        "echo %{0} %~{0}", "ls {0}>f", "for /L %i in ({0},{0},{0}) do x", "echo %a:~{0},{0}%", "shift /{0}",
        "exit /b {0}",
    ],
}  # fmt: skip


@pytest.mark.parametrize("dialect", TEXTS)
@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign[:4])
def test_figures_that_are_no_numbers(dialect: Dialect, sign: str) -> None:
    for text in TEXTS[dialect]:
        command = text.format(sign)
        assert read(command, dialect) == read(command, dialect), text
