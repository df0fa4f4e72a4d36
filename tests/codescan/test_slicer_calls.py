"""Slices through the results of calls."""

from tests.codescan.projects import kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"


def sources(text: str) -> list[str]:
    return kinds(one(HANDLER + text).slice("sink"))


def test_a_result_comes_back_to_its_own_call() -> None:
    text = "def handler(bad: str):\n    clean(bad)\n    sink(clean('x'))\ndef clean(t):\n    return t\n"
    assert sources(text) == []
    assert sources(text.replace("clean('x')", "clean(bad)")) == ["http"]


def test_look_ups_by_key_do_not_carry_the_key() -> None:
    text = "def handler(bad: str, db=1):\n    import acme\n    sink(acme.store.get_server(bad))\n"
    assert sources(text) == []
    assert sources(text.replace("get_server", "make_server")) == ["http"]


def test_accessors_that_belong_together() -> None:
    text = (
        "def handler(bad: str):\n    store.save_config('me', bad)\n"
        "class Store:\n"
        "    def save_config(self, user, data):\n        acme.put(data)\n"
        "    def load_config(self, user):\n        return acme.fetch(user)\n"
        "store = Store()\n"
        "def start():\n    sink(store.load_config('me'))\n"
    )
    assert sources(text) == ["http"]
    assert sources(text.replace("'me', bad", "bad, 'me'")) == []


def test_generators_give_elements() -> None:
    text = (
        "def handler(bad: str):\n    for x in many(bad):\n        sink(x)\ndef many(y):\n    yield 'a'\n    yield y\n"
    )
    assert sources(text) == ["http"]
