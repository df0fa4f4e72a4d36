"""What libraries are given and give back: by the class of the object, and by a constant key."""

import pytest

from tests.codescan.projects import Sources, kinds

BUS = """package a;
import com.acme.bus.Bus;
class Launch { String program; Launch(String program) { this.program = program; } }
class Other { String program; Other(String program) { this.program = program; } }
class Sender {
  void go(Bus bus) { bus.%s(new Launch(System.getenv("A"))); }
  void other(Bus bus) { bus.post(new Other(make())); }
}
class Receiver { @Subscribe void on(%s event) { start(event.program); } }
"""


def ways(text: str) -> list[str]:
    """The words of the steps on which objects come out of a library."""
    out: list[str] = []
    for each in Sources({"A.java": text}).slice("start", path="A.java").found:
        here = each.state
        while here.before is not None:
            out.extend([here.what] if " is given" in here.what else [])
            here = here.before
    return out


def found(files: dict[str, str], path: str, call: str = "start") -> list[str]:
    return kinds(Sources(files).slice(call, path=path))


@pytest.mark.parametrize("verb", ["post", "publishEvent", "convertAndSend", "put"])
def test_objects_of_a_class_that_somebody_sends(verb: str) -> None:
    assert found({"A.java": BUS % (verb, "Launch")}, "A.java") == ["env"]


def test_neither_other_classes_nor_calls_that_send_nothing() -> None:
    assert ways(BUS % ("post", "Launch")) == ["a Launch that post() is given"]
    assert ways(BUS % ("toString", "Launch")) == []


def test_an_object_that_is_given_in_many_places_says_nothing() -> None:
    sends = "\n".join(f'class S{n} {{ void go(Bus bus) {{ bus.post(new Launch("{n}")); }} }}' for n in range(8))
    assert ways(BUS % ("post", "Launch") + sends) == []


SESSION = """use tower_sessions::Session;
const DRAFT: &str = "draft";
async fn save(session: Session) { session.insert(DRAFT, std::env::var("A")).await; }
async fn other(session: Session) { session.insert("title", make()).await; }
async fn finish(session: Session) { start(session.get(%s).await.unwrap()); }
"""


@pytest.mark.parametrize(
    ("key", "wanted"), [("DRAFT", ["env"]), ('"draft"', ["env"]), ('"title"', []), ("key", ["param"])]
)
def test_what_is_kept_under_a_constant_key(key: str, wanted: list[str]) -> None:
    assert found({"a.rs": SESSION % key}, "a.rs") == wanted


def test_collections_are_no_stores_of_libraries() -> None:
    rust = (SESSION % "DRAFT").replace("tower_sessions::Session", "std::collections::HashMap as Session")
    assert found({"a.rs": rust}, "a.rs") == ["param"]


def test_what_a_cast_says_that_is_found() -> None:
    java = (
        "import jakarta.servlet.http.HttpSession;\nrecord Draft(String program) {}\nclass A {\n"
        '  void save(HttpSession s) { s.setAttribute("d", new Draft(System.getenv("A"))); }\n'
        "  void go(HttpSession s, String key) { Draft d = (Draft) s.getAttribute(key); start(d.program()); }\n}\n"
    )
    assert found({"A.java": java}, "A.java") == ["env"]


def test_what_a_function_gets_that_a_library_is_handed() -> None:
    rust = (
        "use apalis::prelude::*;\nstruct Job { program: String }\n"
        'async fn add(storage: Storage<Job>) { storage.push(Job { program: std::env::var("A") }).await; }\n'
        "async fn work(job: Job) { start(job.program); }\nfn main() { Worker::new().build_fn(work); }\n"
    )
    assert found({"a.rs": rust}, "a.rs") == ["env"]
