"""A project's files: who mentions a name, and which file an import means."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower
from spawngate.codescan.project import Project, is_example, is_test
from spawngate.codescan.texts import tokens

FILES = {
    "src/pkg/__init__.py": b"",
    "src/pkg/a.py": b"def start():\n    pass\n",
    "src/pkg/sub/b.py": b"from ..a import start\nstart()\n",
    "other/pkg/a.py": b"",
    "web/src/index.ts": b"import { x } from './lib/mcp.js';\n",
    "web/src/lib/mcp.ts": b"export const x = 1;\n",
    "web/src/lib/index.tsx": b"",
    "java/com/acme/Hub.java": b"package com.acme; class Hub {}",
    "rust/src/lib.rs": b"",
    "rust/src/mcp/mod.rs": b"",
    "rust/src/mcp/client.rs": b"",
    "README.md": b"start",
}


def project() -> Project:
    return Project(FILES)


def imported(path: str, name: str) -> list[str]:
    found = project()
    module = found.module(path)
    assert module is not None
    return found.imported(module, name)


def test_only_sources_count_and_only_asked_files_are_lowered() -> None:
    lowered: list[str] = []

    def lowering(path: str, source: bytes) -> ir.Module:
        lowered.append(path)
        return lower(path, source)

    found = Project(FILES, lowering)
    assert "README.md" not in found.sources
    assert found.files_with("start") == ["src/pkg/a.py", "src/pkg/sub/b.py"]
    assert lowered == []
    assert [each.qualname for each in found.functions("start", "python")] == ["start"]
    assert lowered == ["src/pkg/a.py"]
    assert (found.lowered, len(list(found.lowered_modules()))) == (1, 1)
    assert [each.path for each in found.modules_with("start", "python")] == ["src/pkg/a.py", "src/pkg/sub/b.py"]
    assert lowered == ["src/pkg/a.py", "src/pkg/sub/b.py"]
    assert found.module("nothing.py") is None


def test_tokens_may_come_from_a_cache() -> None:
    found = Project(FILES, lower, lambda path, _source: frozenset([path]))
    assert found.files_with("src/pkg/a.py") == ["src/pkg/a.py"]
    assert tokens(b"a.b_1 $c 2d 'e' \xff") == {"a", "b_1", "$c", "2d", "e"}


def test_python_imports() -> None:
    assert imported("src/pkg/sub/b.py", "..a") == ["src/pkg/a.py"]
    assert imported("src/pkg/sub/b.py", "pkg.a") == ["src/pkg/a.py"]
    assert imported("src/pkg/sub/b.py", "..") == ["src/pkg/__init__.py"]
    assert imported("src/pkg/sub/b.py", ".....a") == []
    assert imported("src/pkg/sub/b.py", "os.path") == []


def test_javascript_imports() -> None:
    assert imported("web/src/index.ts", "./lib/mcp.js") == ["web/src/lib/mcp.ts"]
    assert imported("web/src/index.ts", "./lib") == ["web/src/lib/index.tsx"]
    assert imported("web/src/index.ts", "@/lib/mcp") == ["web/src/lib/mcp.ts"]
    assert imported("web/src/index.ts", "express") == []


def test_java_and_rust_imports() -> None:
    assert imported("java/com/acme/Hub.java", "com.acme.Hub") == ["java/com/acme/Hub.java"]
    assert imported("rust/src/mcp/client.rs", "crate::mcp") == ["rust/src/mcp/mod.rs"]
    assert imported("rust/src/mcp/client.rs", "super::super") == ["rust/src/lib.rs"]
    assert imported("rust/src/lib.rs", "mcp::client") == ["rust/src/mcp/client.rs"]


def test_text_of_a_line() -> None:
    found = project()
    assert found.text("src/pkg/a.py", 2) == "pass"
    assert found.text("src/pkg/a.py", 99) == ""
    long = Project({"a.py": b"x = '" + b"a" * 5000 + b"'"})
    assert len(long.text("a.py", 1)) == 200


def test_files_that_write_a_field_extend_a_class_or_import_a_name() -> None:
    found = Project(
        {
            "a.py": b"class A(B[C]):\n    pass\nx.field = 1\nNAME = 1\n",
            "b.py": b"class B: pass\nx.field == 1\nNAME\n",
            "c.py": b"y.field[0] += 1\nfrom a import NAME\nNAME\n",
            "e.py": b"from a import NAME\n",
            "d.ts": b"class D extends Other implements B {}\n",
        }
    )
    assert [each.path for each in found.writers("field", "python")] == ["a.py", "c.py"]
    assert [each.path for each in found.extenders("B", "python")] == ["a.py"]
    assert [each.path for each in found.extenders("B", "javascript")] == ["d.ts"]
    module = found.module("a.py")
    assert module is not None
    assert [each.path for each in found.importers(module, "NAME")] == ["a.py", "c.py"]


def test_examples_by_their_path() -> None:
    paths = ("examples/a.rs", "crates/x/samples/b.py", "src/demo/C.java", "src/example.py", "src/examples_of.py")
    assert [is_example(path) for path in paths] == [True, True, True, False, False]


def test_files_that_define_a_method_are_counted_by_their_text() -> None:
    files = {
        "a.ts": b"class A {\n    async init(x: string): Promise<void> {\n    }\n}\n",
        "b.ts": b"class B {\n  public static init<T>(x) {\n  }\n}\n  b.init(1);\n",
        "c.ts": b"a.init(1);\n  const b = init(2);\n",
        "d.py": b"class A:\n    def init(self): pass\n",
        "e.ts": b"// init" + b" " * 200_000 + b"\n" * 200_000,
    }
    project = Project(files)
    assert (project.definers("init", "javascript"), project.definers("run", "javascript")) == (1, 0)
    assert Project({"d.py": files["d.py"]}).definers("init", "python") == 1


def test_packages_of_java_are_no_tests_whatever_they_are_called() -> None:
    paths = ["src/main/java/a/spec/B.java", "core/src/main/java/a/test/B.java", "a/spec/B.java", "src/spec/mod.rs"]
    assert [is_test(path) for path in paths] == [False, False, False, False]
    paths = ["src/test/java/a/B.java", "tests/a/src/main/java/B.java", "a/test/B.java", "tests/a.rs", "spec/a.js"]
    assert [is_test(path) for path in paths] == [True, True, True, True, True]


def test_of_many_files_those_come_first_that_mention_the_class_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.codescan.project.MAX_CANDIDATES", 2)
    files = {f"src/a{number}.rs": b"fn f() { Other::new(); }" for number in range(5)}
    project = Project({**files, "src/z.rs": b"fn f() { Transport::new(); }"}, lower)
    assert [each.path for each in project.modules_with("new", "rust")] == ["src/a0.rs", "src/a1.rs"]
    assert [each.path for each in project.modules_with("new", "rust", "Transport")] == ["src/z.rs", "src/a0.rs"]
