"""Objects that a framework fills from the command line or the configuration."""

from spawngate.codescan.finding import SourceKind
from tests.codescan.projects import Sources


def _told(sources: Sources, call: str, path: str) -> list[tuple[str, str]]:
    return [(each.kind.value, each.what) for each in sources.slice(call, path=path).found]


def test_an_option_of_a_subcommand_is_of_the_command_line() -> None:
    rust = (
        "use clap::{Args, Subcommand};\n#[derive(Subcommand)]\nenum Action { Add(Add) }\n"
        "#[derive(Args)]\nstruct Add { program: String }\nimpl Add { fn run(self) { start(self.program) } }\n"
    )
    assert _told(Sources({"a.rs": rust}), "start", "a.rs") == [
        (SourceKind.CLI.value, "option of the command line: `program` of Add")
    ]


def test_a_class_within_a_configuration_is_filled_with_it() -> None:
    java = (
        "import org.springframework.boot.context.properties.ConfigurationProperties;\nimport java.util.Map;\n"
        '@ConfigurationProperties("a")\nclass Settings { Map<String, Entry> servers;\n'
        "  static class Entry { private String cmd; public void setCmd(String cmd) { this.cmd = cmd; }\n"
        "    public String getCmd() { return cmd; } } }\n"
        "class Use { void f(Settings.Entry entry) { start(entry.getCmd()); } }\n"
    )
    told = _told(Sources({"A.java": java}), "start", "A.java")
    assert ("file", "value of the configuration: `cmd` of Settings.Entry") in told
    assert {kind for kind, _ in told} == {"file", "param"}


def test_a_class_that_nothing_marks_is_not_filled() -> None:
    rust = (
        "use own::Args;\n#[derive(Args)]\nstruct Add { program: String }\n"
        "impl Add { fn run(self) { start(self.program) } }\n"
    )
    assert _told(Sources({"a.rs": rust}), "start", "a.rs") == []
