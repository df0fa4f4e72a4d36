"""Lock files of Rust, Go and Java."""

from spawngate.advisories.locks import Locked, read
from spawngate.advisories.pins import UNREADABLE, exact, from_git

SDK = Locked("Go", "github.com/modelcontextprotocol/go-sdk", exact("v1.2.0"))
CORE = Locked("Maven", "io.modelcontextprotocol.sdk:mcp-core", exact("0.18.1"))


def test_cargo() -> None:
    text = (
        '[[package]]\nname = "rmcp"\nversion = "0.1.5"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n'
        '[[package]]\nname = "own"\nversion = "0.1.0"\n'
        '[[package]]\nname = "g"\nversion = "0.1.0"\nsource = "git+https://github.com/o/r?tag=v0.2.0#abc"\n'
    )
    expected = (Locked("crates.io", "rmcp", exact("0.1.5")), Locked("GitHub", "o/r", from_git("v0.2.0")))
    assert read("Cargo.lock", text) == (expected, ())


def test_go_mod_with_replacements() -> None:
    text = (
        "module example.com/own\n\ngo 1.23\n\nrequire (\n\tgithub.com/modelcontextprotocol/go-sdk v1.2.0 // indirect\n"
        "\texample.com/a v1.0.0\n\texample.com/local v1.0.0\n)\n\nrequire example.com/b v0.1.0\n\n"
        "replace example.com/a => example.com/fork v1.0.1\nreplace example.com/local => ../local\n"
    )
    fork, b = Locked("Go", "example.com/fork", exact("v1.0.1")), Locked("Go", "example.com/b", exact("v0.1.0"))
    assert read("go.mod", text) == ((SDK, fork, b), ())


def test_go_sum_holds_what_was_downloaded() -> None:
    text = (
        "github.com/modelcontextprotocol/go-sdk v1.2.0 h1:abc=\n"
        "github.com/modelcontextprotocol/go-sdk v1.2.0/go.mod h1:def=\n"
        "example.com/old v0.1.0/go.mod h1:ghi=\nnonsense\n"
    )
    packages, problems = read("go.sum", text)
    assert packages == (SDK,)
    assert [problem.reason for problem in problems] == ["malformed"]


def test_gradle() -> None:
    text = "# comment\nio.modelcontextprotocol.sdk:mcp-core:0.18.1=compileClasspath,runtimeClasspath\nempty=\n"
    assert read("gradle.lockfile", text) == ((CORE,), ())


POM = """<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0"><version>3.0.0</version>
<properties><mcp.version>0.18.1</mcp.version></properties>
<dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>managed</artifactId>
<version>1.0</version></dependency></dependencies></dependencyManagement>
<dependencies>
<dependency><groupId>io.modelcontextprotocol.sdk</groupId><artifactId>mcp-core</artifactId>
<version>${mcp.version}</version></dependency>
<dependency><groupId>g</groupId><artifactId>managed</artifactId></dependency>
<dependency><groupId>g</groupId><artifactId>own</artifactId><version>${project.version}</version></dependency>
<dependency><groupId>g</groupId><artifactId>elsewhere</artifactId></dependency>
</dependencies></project>"""


def test_pom() -> None:
    managed = Locked("Maven", "g:managed", exact("1.0"))
    own, elsewhere = Locked("Maven", "g:own", exact("3.0.0")), Locked("Maven", "g:elsewhere", UNREADABLE)
    assert read("pom.xml", POM) == ((managed, CORE, own, elsewhere), ())


def test_a_pom_with_entities_is_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><project>&b;</project>'
    packages, problems = read("pom.xml", bomb)
    assert packages == ()
    assert [problem.reason for problem in problems] == ["malformed"]
    assert [problem.reason for problem in read("pom.xml", "<project><a>")[1]] == ["malformed"]
