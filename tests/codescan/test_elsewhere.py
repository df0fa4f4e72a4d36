"""Collections that are fields, filled from outside of their class."""

import pytest

from tests.codescan.projects import Sources, kinds

RUST = """use std::collections::HashMap;
#[derive(serde::Deserialize, Default)]
struct Config { servers: HashMap<String, Server>, others: HashMap<String, Server> }
#[derive(serde::Deserialize)] struct Server { program: String }
fn load() -> Config { make() }
impl Config { fn go(&self, name: &str) { start(self.servers.get(name).program); } }
fn f(server: Server) { let mut config: Config = load(); %s; config.go("a"); }
fn g() { f(Server { program: std::env::var("A") }); }
"""


@pytest.mark.parametrize(
    ("put", "expected"),
    [
        ('config.servers.insert("a".into(), server)', ["env"]),
        ('config.others.insert("a".into(), server)', []),
        ('other.servers.insert("a".into(), server)', []),
    ],
)
def test_an_entry_is_what_the_map_of_that_class_holds(put: str, expected: list[str]) -> None:
    assert kinds(Sources({"a.rs": RUST % put}).slice("start", path="a.rs")) == expected


@pytest.mark.parametrize(("holder", "expected"), [("config", ["env"]), ("other", [])])
def test_a_getter_lends_the_collection(holder: str, expected: list[str]) -> None:
    java = (
        "import java.util.*;\nclass Config { private Map<String, String> programs = new HashMap<>();\n"
        '  public Map<String, String> getPrograms() { return programs; } void go() { start(programs.get("a")); } }\n'
        "class Other { private Map<String, String> programs;\n"
        "  public Map<String, String> getPrograms() { return programs; } }\n"
        "class Use { void f(Config config, Other other) {\n"
        f'  {holder}.getPrograms().put("a", System.getenv("A")); }} }}\n'
    )
    assert kinds(Sources({"A.java": java}).slice("start", path="A.java")) == expected
