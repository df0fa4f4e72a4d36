"""State that Rust's frameworks hand to every handler."""

import pytest

from tests.codescan.projects import Sources, kinds

TEXT = """use axum::extract::State;
type Shared = Arc<RwLock<HashMap<String, Launch>>>;
type Others = Arc<RwLock<HashMap<String, Launch>>>;
struct Launch { program: String, note: String }
async fn put(State(shared): State<Shared>) { %s }
async fn noise(State(others): State<Others>) { others.write().await.insert(name, Launch { program: make() }); }
async fn go(State(shared): State<Shared>, name: String) {
    let found = shared.read().await.get(&name).cloned().ok_or(Missing)?;
    start(found.%s);
}
"""
GIVEN = 'Launch { program: std::env::var("A"), note: "n" }'


@pytest.mark.parametrize(
    "put",
    [f"shared.write().await.insert(name, {GIVEN});", f"let mut map = shared.write().await; map.insert(name, {GIVEN});"],
)
def test_what_one_handler_puts_in_another_finds(put: str) -> None:
    assert kinds(Sources({"a.rs": TEXT % (put, "program")}).slice("start", path="a.rs")) == ["env"]
    assert kinds(Sources({"a.rs": TEXT % (put, "note")}).slice("start", path="a.rs")) == []


def test_another_state_is_another_thing() -> None:
    rust = TEXT % (f"shared.write().await.insert(name, {GIVEN});", "program")
    other = rust.replace("put(State(shared): State<Shared>)", "put(State(shared): State<Others>)")
    assert kinds(Sources({"a.rs": other}).slice("start", path="a.rs")) == ["param"]
