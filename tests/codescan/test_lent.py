"""Statics of Rust that a function lends."""

import pytest

from tests.codescan.projects import Sources, kinds

STATIC = """use std::{collections::HashMap, sync::{OnceLock, RwLock}};
fn table() -> &'static RwLock<HashMap<String, String>> {
    static TABLE: OnceLock<RwLock<HashMap<String, String>>> = OnceLock::new();
    TABLE.get_or_init(|| RwLock::new(HashMap::new()))
}
fn read(key: &str) { start(table().read().unwrap().get(key).cloned()); }
"""


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        ('table().write().unwrap().insert("a".into(), std::env::var("A"));', ["env"]),
        ('let mut held = table().write().unwrap(); held.insert("a".into(), std::env::var("A"));', ["env"]),
        ('table().write().unwrap().insert(std::env::var("A"), "b".into());', []),
        ('other().write().unwrap().insert("a".into(), std::env::var("A"));', []),
    ],
)
def test_what_callers_put_into_it_is_found(write: str, expected: list[str]) -> None:
    rust = STATIC + f"fn put() {{ {write} }}\nfn other() -> &'static RwLock<HashMap<String, String>> {{ make() }}\n"
    assert kinds(Sources({"a.rs": rust}).slice("start", path="a.rs")) == expected
