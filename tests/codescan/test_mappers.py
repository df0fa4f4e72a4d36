"""Rows that a function maps: their columns, by name and by place."""

import pytest

from tests.codescan.projects import Sources, kinds

DAO = """import org.springframework.jdbc.core.*;
class Dao {
  private JdbcTemplate jdbc;
  static final RowMapper<Row> ROWS = (rs, n) -> new Row(rs.getString(%s), rs.getString("note"));
  void add(String program, String note) {
    jdbc.update("INSERT INTO server (program, note) VALUES (?, ?)", %s);
  }
  Row one() { return jdbc.queryForObject("SELECT program, note FROM server", ROWS); }
}
record Row(String program, String note) {}
class Use { void f(Dao dao) { start(dao.one().program()); } }
"""
WEB = """import org.springframework.web.bind.annotation.*;
class Web { Dao dao; @PostMapping("/a") void add(@RequestParam String given) { dao.add(%s); } }
"""


@pytest.mark.parametrize("column", ['"program"', "1"])
@pytest.mark.parametrize(("given", "expected"), [('given, "x"', ["http"]), ('"x", given', [])])
def test_a_mapper_reads_the_column_that_it_names(column: str, given: str, expected: list[str]) -> None:
    sources = Sources({"Dao.java": DAO % (column, "program, note"), "Web.java": WEB % given})
    assert kinds(sources.slice("start", path="Dao.java")) == expected


def test_properties_are_columns_in_another_spelling() -> None:
    java = (
        "import org.springframework.jdbc.core.*;\nclass Dao {\n  private JdbcTemplate jdbc;\n"
        '  void add(String a, String b) { jdbc.update("INSERT INTO s (exec_path, note) VALUES (?, ?)", a, b); }\n'
        '  Row one() { return jdbc.queryForObject("SELECT * FROM s", new BeanPropertyRowMapper<>(Row.class)); }\n'
        '  void f() { start(one().execPath); add(System.getenv("A"), "b"); }\n}\n'
        "class Row { public String execPath; public String note; }\n"
    )
    assert kinds(Sources({"Dao.java": java}).slice("start", path="Dao.java")) == ["env"]


def test_a_closure_of_rusqlite_counts_columns_from_zero() -> None:
    rust = """use rusqlite::{params, Connection};
fn add(c: &Connection, program: &str, note: &str) {
    c.execute("INSERT INTO s (program, note) VALUES (?1, ?2)", params![program, note]).unwrap();
}
fn all(c: &Connection) -> Vec<String> {
    let mut found = c.prepare("SELECT note, program FROM s").unwrap();
    found.query_map([], |row| row.get(%d)).unwrap().collect()
}
fn f(c: &Connection) { add(c, &std::env::var("A").unwrap(), "b"); for each in all(c) { start(each); } }
"""
    assert kinds(Sources({"a.rs": rust % 1}).slice("start", path="a.rs")) == ["env"]
    assert kinds(Sources({"a.rs": rust % 0}).slice("start", path="a.rs")) == []
