"""What names stand for."""

from spawngate.codescan.meanings import Value
from tests.codescan.projects import PACKAGE, Sources, one


def test_names_are_followed_through_re_exports() -> None:
    sources = Sources(PACKAGE)
    top = sources.module().top
    assert [repr(each) for each in sources.resolver.meaning("Public", top)] == ["<class pkg/real.py:Server>"]
    package = sources.module("pkg/__init__.py")
    assert sources.resolver.member(package, "LIMIT") == [Value(sources.module("pkg/real.py"), "LIMIT")]
    assert sources.resolver.member(package, "missing") == []


def test_scopes_of_variables() -> None:
    sources = one("x = 1\ndef f(a):\n    def g(b):\n        return a, b, x\n    return g\n")
    inner, outer = sources.function("g"), sources.function("f")
    scope = sources.resolver.scope_of
    assert (scope("b", inner), scope("a", inner), scope("nothing", inner)) == (inner, outer, None)
    assert scope("x", inner) is sources.module().top


def test_rust_finds_what_a_module_within_a_file_hands_on() -> None:
    sources = Sources(
        {
            "src/mcp/mod.rs": "mod stdio;\npub mod prelude { pub use super::stdio::connect as start; }\n",
            "src/mcp/stdio.rs": "pub fn connect() {}\n",
            "src/web.rs": "use crate::mcp::prelude::*;\nfn f() { start(); }\n",
        }
    )
    call, function = sources.call("start", "src/web.rs")
    assert sources.resolver.chain(call.callee, function) == [sources.function("connect", "src/mcp/stdio.rs")]
