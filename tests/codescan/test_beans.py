"""Functions that Spring runs because they are beans."""

import pytest

from tests.codescan.projects import Sources, kinds

TEXT = """import java.util.function.*;
class Config {
  %s
  %s launches() { return event -> start(event.getCommand()); }
}
"""


@pytest.mark.parametrize(
    ("marks", "returns", "wanted"),
    [
        ("@Bean", "Consumer<Launch>", ["ipc"]),
        ("@Bean", "Function<Launch, String>", ["ipc"]),
        ('@Bean @Description("Adds a server")', "Function<Launch, String>", ["llm"]),
        ("@Bean", "CommandLineRunner", []),
        ("", "Consumer<Launch>", []),
    ],
)
def test_parameters_of_functions_that_are_beans(marks: str, returns: str, wanted: list[str]) -> None:
    assert kinds(Sources({"A.java": TEXT % (marks, returns)}).slice("start", path="A.java")) == wanted
