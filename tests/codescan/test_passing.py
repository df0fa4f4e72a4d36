"""Channels of Rust: the receiving end gives what the sending ends were given."""

import pytest

from tests.codescan.projects import Sources, kinds

SENT = """use tokio::sync::mpsc;
struct Launch { program: String }
struct Other { program: String }
fn go() {
    let (tx, rx) = mpsc::%s;
    run(rx);
    serve(tx);
}
fn run(mut rx: mpsc::Receiver<Launch>) { let got = rx.recv().await; start(got.program); }
fn serve(out: mpsc::Sender<Launch>) { out.send(Launch { program: %s }); }
fn noise(q: mpsc::Sender<Other>) { q.send(Other { program: %s }); q.send(Other { program: %s }); q.send(make()); }
"""
ENV = 'std::env::var("A")'


@pytest.mark.parametrize("made", ["channel(4)", "channel::<Launch>(4)", "unbounded_channel()"])
def test_by_the_type_of_what_goes_through(made: str) -> None:
    assert kinds(Sources({"a.rs": SENT % (made, ENV, '"b"', '"b"')}).slice("start", path="a.rs")) == ["env"]
    assert kinds(Sources({"a.rs": SENT % (made, '"b"', ENV, ENV)}).slice("start", path="a.rs")) == []


def test_what_a_closure_changes_in_place() -> None:
    rust = (
        "use tokio::sync::watch;\n#[derive(Default)] struct Live { program: String, level: String }\n"
        "fn go() { let (tx, rx) = watch::channel(Live::default());\n"
        '  tx.send_modify(|live| { live.program = std::env::var("A"); live.level = make(); });\n'
        "  let now = rx.borrow_and_update(); start(now.program); }\n"
    )
    found = Sources({"a.rs": rust}).slice("start", path="a.rs")
    assert (kinds(found), [what for what, _ in found.unresolved]) == (["env"], [])


def test_of_many_sends_of_which_nothing_is_known_none_is_taken() -> None:
    rust = "fn f() { let (_, x) = hub::channel(); start(x.recv()); }\n" + "".join(
        f'fn g{number}(a: A) {{ a.send(std::env::var("A")); }}\n' for number in range(3)
    )
    found = Sources({"a.rs": rust}).slice("start", path="a.rs")
    assert (kinds(found), [what for what, _ in found.unresolved]) == ([], ["what is sent through a channel"])
