"""Of which class results of calls are."""

from tests.codescan.projects import Sources, one, used


def test_a_container_that_is_given_a_class_gives_its_object() -> None:
    sources = Sources(
        {
            "store.ts": "export class Store {}\n",
            "app.ts": 'import { Store } from "./store";\nuse(Container.inject(Store));\nuse(other(Store));\n',
        }
    )
    assert [used(sources, number, "app.ts") for number in range(2)] == [["Store"], []]


def test_a_method_that_returns_itself_gives_its_object() -> None:
    sources = one(
        "class Base:\n    def named(self) -> 'Base':\n        return self\n"
        "class Builder(Base):\n    def env(self):\n        return self\n"
        "def f():\n    use(Builder().env())\n    use(Builder().named())\n    use(missing())\n"
    )
    assert [used(sources, number) for number in range(3)] == [["Builder"], ["Builder"], []]


def test_what_a_map_keeps_is_of_the_class_that_is_put_into_it() -> None:
    text = "class One {}\nconst open = new Map();\nopen.set(1, new One());\nuse(open.get(1));\nuse(open.size);\n"
    sources = Sources({"app.ts": text})
    assert [used(sources, number, "app.ts") for number in range(2)] == [["One"], []]
