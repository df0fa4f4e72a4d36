"""Object literals: which functions a call on an interface, a parameter or a factory's result reaches."""

from tests.codescan.projects import Sources

INTERFACE = (
    "export interface Repo { save(row: Row): Promise<void>; all(): Row[] }\nexport type Row = { command: string };\n"
)


def reached(files: dict[str, str], call: str, path: str) -> list[str]:
    sources = Sources(files)
    node, function = sources.call(call, path)
    return [repr(each.target) for each in sources.calls.reached(node, function)]


def test_an_object_of_a_written_type() -> None:
    files = {
        "types.ts": INTERFACE,
        "repo.ts": "import { Repo } from './types';\nexport const r: Repo = { async save(row) {}, all: () => [] };",
        "app.ts": "import type { Repo } from './types';\nexport function add(r: Repo) { r.save({ command: 'x' }); }",
    }
    assert reached(files, "save", "app.ts") == ["<repo.ts:save>"]


def test_what_a_function_of_a_written_type_returns() -> None:
    files = {
        "types.ts": INTERFACE,
        "repo.ts": (
            "import type { Repo } from './types';\n"
            "export async function make(): Promise<Repo> { const made = { save(row) {}, all() { return [] } };"
            " return made; }"
        ),
        "app.ts": "import { Repo } from './types';\nclass A { constructor(private r: Repo) {} go() { this.r.all() } }",
    }
    assert reached(files, "all", "app.ts") == ["<repo.ts:make.all>"]


def test_another_interface_of_the_same_name_is_another() -> None:
    files = {
        "types.ts": INTERFACE,
        "repo.ts": "interface Repo { save(x: number): void }\nexport const repo: Repo = { save(x) {} };",
        "app.ts": "import type { Repo } from './types';\nexport function add(r: Repo) { r.save({ command: 'x' }); }",
    }
    assert reached(files, "save", "app.ts") == []


def test_a_table_that_a_parameter_is_given() -> None:
    files = {
        "impl.ts": "export const impl = { servers: { create: async (input) => input } };",
        "router.ts": "export const makeRouter = (impl) => ({ create: (input) => impl.create(input) });",
        "app.ts": (
            "import { impl } from './impl';\nimport { makeRouter } from './router';\n"
            "export const router = makeRouter(impl.servers);"
        ),
    }
    assert reached(files, "create", "router.ts") == ["<impl.ts:create>"]


def test_the_result_of_a_factory() -> None:
    files = {
        "store.js": "exports.makeStore = () => { return { put(row) { return row; } }; };",
        "app.js": "const { makeStore } = require('./store');\nconst store = makeStore();\nstore.put({});",
    }
    assert reached(files, "put", "app.js") == ["<store.js:makeStore.put>"]


def test_a_loop_of_variables_ends() -> None:
    code = "function f(a) { let b = a; while (a.next) { b = a; a = b; } return b.go(1); }\nf(f);"
    assert reached({"a.js": code}, "go", "a.js") == []
