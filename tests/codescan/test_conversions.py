"""Conversions of Rust: which `from` stands behind `.into()`."""

import pytest

from tests.codescan.projects import Sources, kinds

TEXT = """
struct Request { command: String, title: String }
struct Other { name: String }
struct Server { program: String }
impl From<Request> for Server { fn from(value: Request) -> Self { Server { program: value.command } } }
impl From<Other> for Server { fn from(value: Other) -> Self { Server { program: value.name } } }
fn go() {
    let request = Request { command: %s, title: %s };
    %s
}
"""
ENV = 'std::env::var("A")'


@pytest.mark.parametrize(
    "body",
    [
        "let server: Server = request.into(); start(server.program);",
        "let server = Server::from(request); start(server.program);",
        "run(request.into()); } fn run(server: Server) { start(server.program);",
        "start(made(request).program); } fn made(request: Request) -> Server { request.into()",
    ],
)
def test_the_conversion_of_the_class_that_is_given(body: str) -> None:
    assert kinds(Sources({"a.rs": TEXT % (ENV, '"b"', body)}).slice("start", path="a.rs")) == ["env"]
    assert kinds(Sources({"a.rs": TEXT % ('"b"', ENV, body)}).slice("start", path="a.rs")) == []


def test_a_conversion_whose_class_takes_itself_on() -> None:
    rust = TEXT % (ENV, '"b"', "let server: Server = request.into(); server.run();") + (
        "impl Server { fn run(self) { start(self.program); } }\n"
    )
    found = kinds(Sources({"a.rs": rust}).slice("start", path="a.rs"))
    assert found == ["env", "param"]  # nobody calls the other conversion: whoever does decides its parameter
