"""Names of stores: files, keys, tables, classes."""

from spawngate.codescan import ir
from spawngate.codescan.models.model import StoreKind
from spawngate.codescan.store_names import constant_text, is_own, named_by
from tests.codescan.projects import Sources, one


def name(text: str) -> str:
    """The name of the file that the argument of `use(..)` stands for."""
    sources = one(text)
    node, function = sources.call("use")
    return sources.stores.names.file(node.args[0].value, function)


def test_names_of_files() -> None:
    assert name("use('a/b/mcp.json')") == "mcp.json"
    assert name("P = 'a/mcp.json'\ndef f():\n    use(P)\n") == "mcp.json"
    assert name("from pathlib import Path\nuse(Path('a') / 'mcp.json')") == "mcp.json"
    assert name("import os\nuse(os.path.join(root, 'mcp.json'))") == "mcp.json"
    assert name("def where():\n    return 'x/mcp.json'\nuse(where())") == "mcp.json"
    assert name(
        "class A:\n    def __init__(self):\n        self.p = 'mcp.json'\n    def f(self):\n        use(self.p)\n"
    ) == ("mcp.json")
    assert name("use(path_of_config)") == "path_of_config"


def entity(text: str) -> object:
    """The name of the row that the argument of `use(..)` stands for."""
    sources = one(text)
    node, function = sources.call("use")
    return sources.stores.names.name_of(StoreKind.DB, node.args[0].value, function)


def test_names_of_rows() -> None:
    assert entity("use('Servers')") == "servers"
    assert entity("use('SELECT command FROM mcp_servers WHERE id = ?')") == "mcp_servers"
    assert entity("use(f'mcp:{id}')") == "mcp:*"
    assert entity("P = 'mcp'\nuse(f'{P}:{id}')") == "mcp:*"
    assert entity("use(f'{a}{b}')") == ""
    assert entity("use(db.collection('servers'))") == "servers"
    assert entity("use(servers)") == "servers"


def test_a_class_of_the_project_is_the_name_itself() -> None:
    sources = one("class Server: pass\nuse(Server.objects)")
    node, function = sources.call("use")
    assert sources.stores.names.entity(node.args[0].value, function) is sources.cls("Server")


def test_repositories_name_their_entity() -> None:
    text = (
        "package a;\nimport org.springframework.data.jpa.repository.JpaRepository;\n"
        "@jakarta.persistence.Entity class Server { String command; }\n"
        "interface Servers extends JpaRepository<Server, Long> {}\n"
        "class Hub { Servers servers; void f(Long id) { sink(servers.findById(id)); } }\n"
    )
    sources = Sources({"Hub.java": text})
    node, function = sources.call("findById", "Hub.java")
    named = named_by(None, node)
    assert sources.stores.names.entity(named[0], function) is sources.cls("Server", "Hub.java")


def test_texts_are_read_as_far_as_they_are_constant() -> None:
    sources = one("Q = 'SELECT 1'\nuse(Q)\nuse(text(Q))\nuse(f'a{b}c')\nuse(other)\n")
    texts = []
    for number in range(4):
        node, function = sources.call("use", number=number)
        texts.append(sources.stores.names.text(node.args[0].value, function))
    assert texts == ["SELECT 1", "SELECT 1", "axc", ""]
    node, _ = sources.call("use", number=2)
    assert isinstance(node.args[0].value, ir.Format)
    assert constant_text(node.args[0].value) == "axc"


def test_functions_of_the_own_project_are_no_stores_in_rust() -> None:
    text = "mod repository;\nfn f() { repository::load(1); db.load(1); }\n"
    sources = Sources({"src/main.rs": text, "src/repository.rs": "pub fn load(id: u32) {}\n"})
    calls = sources.module("src/main.rs").calls["load"]
    assert [is_own(sources.resolver, call, function) for call, function in calls] == [True, False]
