"""Where a project's own packages and aliases lie."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.packages import Packages, first, says_names

CORE = {
    "name": "@acme/core",
    "main": "dist/index.js",
    "exports": {".": {"import": "./dist/index.js"}, "./x": "./dist/x.js"},
}


def packages(**files: object) -> Packages:
    return Packages(
        {path.replace("__", "/") + ".json": json.dumps(document).encode() for path, document in files.items()}
    )


def lies(found: Packages, module: str, *sources: str, importer: str = "apps/web/src/a.ts") -> str:
    return first(found.places(importer, module), set(sources))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("@acme/core", "packages/core/src/index.ts"),
        ("@acme/core", "packages/core/index.js"),
        ("@acme/core", "packages/core/lib/index.ts"),
        ("@acme/core", "packages/core/dist/index.js"),
        ("@acme/core/x", "packages/core/src/x.ts"),
        ("@acme/core/deep/y", "packages/core/src/deep/y.ts"),
        ("@acme/core/z", "packages/core/z/index.ts"),
    ],
)
def test_packages_of_the_project(module: str, source: str) -> None:
    assert lies(packages(packages__core__package=CORE), module, source) == source


@pytest.mark.parametrize("module", ["@other/core", "core", "@acme/cores", "@acme"])
def test_packages_of_others(module: str) -> None:
    assert lies(packages(packages__core__package=CORE), module, "packages/core/src/index.ts") == ""


def test_aliases_hold_below_their_folder_only() -> None:
    settings = {"compilerOptions": {"baseUrl": "./src", "paths": {"#lib/*": ["lib/*"], "app": ["main.ts"]}}}
    found = packages(apps__web__tsconfig=settings)
    assert lies(found, "#lib/db", "apps/web/src/lib/db.ts") == "apps/web/src/lib/db.ts"
    assert lies(found, "app", "apps/web/src/main.ts") == "apps/web/src/main.ts"
    assert lies(found, "#lib/db", "apps/web/src/lib/db.ts", importer="apps/other/a.ts") == ""


def test_imports_and_patterns_of_exports() -> None:
    found = packages(package={"name": "a", "imports": {"#db": "./src/db.js"}, "exports": {"./*": "./dist/*.js"}})
    assert lies(found, "#db", "src/db.ts", importer="src/x.ts") == "src/db.ts"
    assert lies(found, "a/tools/run", "src/tools/run.ts") == "src/tools/run.ts"


def test_settings_with_comments() -> None:
    text = b'\xef\xbb\xbf{ // c\n "compilerOptions": { /* x */ "paths": {"@/*": ["./src/*",],}, "x": "//no" } }'
    assert lies(Packages({"tsconfig.json": text}), "@/a", "src/a.ts", importer="src/b.ts") == "src/a.ts"


def test_files_that_say_names() -> None:
    assert [
        each for each in ("package.json", "a/tsconfig.base.json", "jsconfig.json", "x.json") if says_names(each)
    ] == [
        "package.json",
        "a/tsconfig.base.json",
        "jsconfig.json",
    ]


@pytest.mark.parametrize("text", [b"/*" * 100_000, b'"' * 200_001, b"{" * 200_000, b"," * 200_000, b"\xff\x00", b"[1]"])
def test_hostile_text_says_nothing_and_takes_no_time(text: bytes) -> None:
    start = time.process_time()
    assert list(Packages({"package.json": text, "tsconfig.json": text}).places("a.ts", "b")) == []
    assert time.process_time() - start < 2


@given(
    st.dictionaries(
        st.sampled_from(["name", "main", "exports", "imports", "module", "compilerOptions"]),
        st.recursive(
            st.none() | st.text(max_size=8) | st.integers(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from([".", "./*", "paths", "a/*", "baseUrl", "import"]), inner, max_size=3)
            ),
            max_leaves=8,
        ),
    ),
    st.text(max_size=10),
)
def test_any_document_is_answered(document: dict[str, object], module: str) -> None:
    text = json.dumps(document).encode()
    found = Packages({"p/package.json": text, "p/tsconfig.json": text})
    assert first(found.places("p/a.ts", module), {"p/src/a.ts"}) in ("", "p/src/a.ts")
