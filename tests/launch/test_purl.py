"""Specifiers of each ecosystem, to canonical purls."""

from collections.abc import Callable

import pytest

from spawngate.launch.purl import from_deno, from_go, from_image, from_npm, from_nuget, from_pypi, from_url, purl


def test_purl_spells_every_part() -> None:
    text = purl("npm", "@a/b c", "d+e", "1.0+x/y", {"z": "git+https://h/p@1", "a": "v w", "empty": ""}, "./s/../t u")
    assert text == "pkg:npm/%40a/b%20c/d%2Be@1.0%2Bx/y?a=v%20w&z=git%2Bhttps://h/p%401#s/t%20u"


@pytest.mark.parametrize(
    ("read", "specifier", "expected"),
    [
        (from_npm, "Foo", "pkg:npm/foo"),
        (from_npm, "@Scope/Foo@>=1 <2", "pkg:npm/%40scope/foo@%3E%3D1%20%3C2"),
        (
            from_npm,
            "foo@https://user:pw@h.example/x.tgz?sig=1",
            "pkg:generic/x.tgz?download_url=https://h.example/x.tgz",
        ),
        (from_npm, "foo@file:../x", None),
        (from_npm, "@scope", None),
        (from_npm, "@scope/", None),
        (from_npm, "a/b/c", None),
        (from_npm, "x.tgz", None),
        (from_npm, "C:\\x", None),
        (from_npm, "", None),
        (from_npm, "bitbucket:u/r", "pkg:generic/r?vcs_url=git%2Bhttps://bitbucket.org/u/r.git"),
        (from_npm, "git://github.com/u/r", "pkg:github/u/r"),
        (from_npm, "https://github.com/U/R#v1", "pkg:github/u/r@v1"),
        (
            from_npm,
            "https://github.com/u/r/archive/v1.tar.gz",
            "pkg:generic/v1.tar.gz?download_url=https://github.com/u/r/archive/v1.tar.gz",
        ),
        (from_pypi, "A.b_c", "pkg:pypi/a.b-c"),
        (from_pypi, "a===1.0", "pkg:pypi/a@1.0"),
        (from_pypi, "a ~= 1.0 ; python_version > '3'", "pkg:pypi/a@~%3D1.0"),
        (from_pypi, "a==1,!=2", "pkg:pypi/a@%3D%3D1%2C%21%3D2"),
        (from_pypi, "a b", None),
        (from_pypi, "x.py", None),
        (from_pypi, "svn+https://h.example/r", None),
        (from_url, "https://[::1", None),
        (from_url, "https://h.example:99999/x", None),
        (from_url, "file:///x", None),
        (from_url, "https://${HOST}/x", None),
        (from_url, "https://h.example/", None),
        (from_url, "ssh://git@h.example:2222/g/r.git", "pkg:generic/r?vcs_url=git%2Bssh://h.example:2222/g/r.git"),
        (from_url, "git+https://tok@github.com/u/r@[secret:token:0]", "pkg:github/u/r"),
        (from_image, "a/b:bad tag", None),
        (from_image, "A/b", None),
        (from_image, "a@sha256:12", None),
        (from_image, "host.example:5000/a", "pkg:docker/a?repository_url=host.example:5000"),
        (from_image, "index.docker.io/library/a:1", "pkg:docker/a@1"),
        (from_image, "", None),
        (from_go, "fmt", None),
        (from_go, "./x@v1", None),
        (from_go, "example.org/x.go", None),
        (from_deno, "npm:/@a/b@1/sub/path", "pkg:npm/%40a/b@1"),
        (from_deno, "npm:", None),
        (from_deno, "jsr:@a/b", "pkg:jsr/%40a/b"),
        (from_deno, "data:text/javascript,1", None),
    ],
)
def test_specifiers(read: Callable[[str], str | None], specifier: str, expected: str | None) -> None:
    assert read(specifier) == expected


def test_nuget() -> None:
    assert from_nuget("A.B-c", "1.0") == "pkg:nuget/A.B-c@1.0"
    assert from_nuget("A.B", None) == "pkg:nuget/A.B"
    assert from_nuget("./A", "1") is None
