"""Parts and firmness of package URLs."""

import pytest

from spawngate.launch.pins import Pin, pin_of


@pytest.mark.parametrize(
    ("purl", "pin"),
    [
        ("pkg:npm/%40a/b@1.2.3", Pin("npm", "@a/b", "1.2.3", "exact", "registry", "")),
        ("pkg:npm/b@1.2.3-rc.1", Pin("npm", "b", "1.2.3-rc.1", "exact", "registry", "")),
        ("pkg:npm/b@1", Pin("npm", "b", "1", "range", "registry", "")),
        ("pkg:npm/b@%5E1.2", Pin("npm", "b", "^1.2", "range", "registry", "")),
        ("pkg:npm/b@latest", Pin("npm", "b", "latest", "latest", "registry", "")),
        ("pkg:npm/b@next", Pin("npm", "b", "next", "tag", "registry", "")),
        ("pkg:npm/b", Pin("npm", "b", "", "unversioned", "registry", "")),
        ("pkg:npm/b@*", Pin("npm", "b", "*", "unversioned", "registry", "")),
        ("pkg:pypi/b@2025.4.7", Pin("pypi", "b", "2025.4.7", "exact", "registry", "")),
        ("pkg:pypi/b@1.0rc1", Pin("pypi", "b", "1.0rc1", "exact", "registry", "")),
        ("pkg:pypi/b@%3E%3D1%2C%3C2", Pin("pypi", "b", ">=1,<2", "range", "registry", "")),
        ("pkg:docker/a/b@1.0", Pin("oci", "a/b", "1.0", "tag", "container", "")),
        ("pkg:docker/b@latest", Pin("oci", "b", "latest", "latest", "container", "")),
        ("pkg:docker/b", Pin("oci", "b", "", "unversioned", "container", "")),
        (
            "pkg:docker/b@sha256:ab?repository_url=ghcr.io",
            Pin("oci", "b", "sha256:ab", "digest", "container", "ghcr.io"),
        ),
        ("pkg:github/o/r@main", Pin("github", "o/r", "main", "branch", "git", "github.com")),
        ("pkg:github/o/r@v1.2", Pin("github", "o/r", "v1.2", "tag", "git", "github.com")),
        ("pkg:github/o/r@" + "a1" * 20, Pin("github", "o/r", "a1" * 20, "commit", "git", "github.com")),
        ("pkg:github/o/r", Pin("github", "o/r", "", "unversioned", "git", "github.com")),
        (
            "pkg:generic/r?vcs_url=git%2Bhttps://git.example.com/o/r.git%40main",
            Pin("", "r", "main", "branch", "git", "git.example.com"),
        ),
        (
            "pkg:generic/x.tgz?download_url=https://f.example.com/x.tgz",
            Pin("", "x.tgz", "", "unversioned", "url", "f.example.com"),
        ),
        ("pkg:golang/example.com/m@v1.2.3", Pin("golang", "example.com/m", "v1.2.3", "exact", "registry", "")),
        ("pkg:golang/example.com/m@latest", Pin("golang", "example.com/m", "latest", "latest", "registry", "")),
        ("pkg:golang/example.com/m@main", Pin("golang", "example.com/m", "main", "branch", "registry", "")),
        ("pkg:golang/example.com/m@v1", Pin("golang", "example.com/m", "v1", "range", "registry", "")),
        ("pkg:nuget/A.B@1.%2A", Pin("nuget", "A.B", "1.*", "range", "registry", "")),
        ("pkg:nuget/A.B@1.0.0-beta", Pin("nuget", "A.B", "1.0.0-beta", "exact", "registry", "")),
        ("pkg:jsr/%40a/b@1.0.0", Pin("jsr", "@a/b", "1.0.0", "exact", "registry", "")),
    ],
)
def test_pin_of(purl: str, pin: Pin) -> None:
    assert pin_of(purl) == pin
