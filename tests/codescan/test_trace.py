"""Ways as hops."""

from spawngate.codescan.finding import Hop
from spawngate.codescan.sinks import find
from spawngate.codescan.trace import MAX_HOPS, states_of, trace_of
from tests.codescan.projects import Sources, one

TEXT = """from fastapi import FastAPI
from mcp import StdioServerParameters
app = FastAPI()
@app.post("/x")
def handler(bad: str):
    value = bad
    start(value)
def start(command):
    return StdioServerParameters(command=command)
"""


def hops(sources: Sources) -> tuple[Hop, ...]:
    sink = next(iter(find(sources.resolver, sources.knowledge["python"])))
    question = sink.questions[0]
    search = sources.search()
    search.ask(question.expression, sink.function, question.path, None, None)
    found = search.run().found[0]
    assert states_of(found)[-1].before is None
    return trace_of(found, sink, ("command",), sources.project.text)


def test_every_hop_says_where_and_what() -> None:
    assert [(hop.line, hop.step, hop.function, hop.text) for hop in hops(one(TEXT))] == [
        (5, "source", "handler", "def handler(bad: str):"),
        (6, "assign", "handler", "value = bad"),
        (7, "argument", "handler", "start(value)"),
        (9, "sink", "start", "return StdioServerParameters(command=command)"),
    ]


def test_a_long_way_keeps_both_ends() -> None:
    body = "".join(f"    v{number} = v{number - 1}\n" for number in range(1, 100))
    text = TEXT.replace("    value = bad\n", f"    v0 = bad\n{body}    value = v99\n")
    found = hops(one(text))
    assert len(found) == MAX_HOPS
    assert (found[0].step, found[-1].step) == ("source", "sink")
