"""Models from YAML: whole records, and the line of whatever is wrong."""

from pathlib import Path

import pytest

from spawngate.codescan.finding import GuardStrength, SourceKind
from spawngate.codescan.models.document import ModelError
from spawngate.codescan.models.load import parse_library, shipped
from spawngate.codescan.models.model import (
    Access,
    Condition,
    EntityModel,
    Flow,
    Form,
    GuardModel,
    Handler,
    Language,
    LibraryModel,
    ParamPick,
    PluginModel,
    PropagatorModel,
    RegistrationModel,
    Root,
    SanitizerModel,
    Selector,
    SinkKind,
    SinkModel,
    Slot,
    SlotModel,
    SourceModel,
    StoreKind,
    StoreModel,
    Target,
    TypeModel,
)

HEAD = "library: acme\ntitle: Acme\nlanguage: python\n"
WHOLE = """\
library: acme
title: Acme's client
language: python
packages: [acme, acme-mcp]
imports: [acme]
mcp: true
read: acme 1.0 (PyPI)
why: It runs.
fix: Do not.
references: CVE-2026-30623
aliases:
  acme.Run: acme.core.Run
sinks:
  - id: run
    call: [acme.core.Run, {member: start, on: acme.core.Runner, where: {arg(shell): true}}]
    slots:
      command: arg(0, command)
      args: {at: "arg(1:)", form: word}
      env: [arg(env), arg(environment)]
    shell: true
    unless_type: acme.Http
sources:
  - id: route
    kind: http
    what: request
    handler: {decorators: [{member: post, on: acme.App}], registered: acme.add, at: arg(1)}
    params: [{index: 0, paths: [.body, whole]}, {marks: Body, not_types: [Request]}]
propagators:
  - {id: parse, call: acme.parse, flows: arg(0) -> result}
types:
  - {call: acme.make, result: acme.App, callback: arg(0), index: 1}
sanitizers:
  - {id: int, call: acme.int, slots: args}
guards:
  - {id: admin, strength: auth, marks: acme.Security, names: "require_.*", what: an admin}
stores:
  - id: rows
    kind: db
    entities: {bases: acme.Model}
    reads: {call: acme.get, entity: arg(0), keys: "arg(1:)"}
    writes: {call: acme.put, value: arg(1)}
plugins:
  - {id: part, handler: {bases: acme.Part, methods: run}}
registrations:
  - {id: file, files: mcp.json, shared_files: settings.json, keys: mcp, containers: servers, columns: command}
"""


def test_every_kind() -> None:
    why, fix, references = "It runs.", "Do not.", ("CVE-2026-30623",)
    assert parse_library("acme.yaml", WHOLE) == LibraryModel(
        name="acme",
        title="Acme's client",
        language=Language.PYTHON,
        packages=("acme", "acme-mcp"),
        imports=("acme",),
        mcp=True,
        sources_read=("acme 1.0 (PyPI)",),
        sinks=(
            SinkModel(
                id="python.acme.run",
                kind=SinkKind.LAUNCH,
                targets=(
                    Target(names=("acme.core.Run",)),
                    Target(
                        members=("start",),
                        on=("acme.core.Runner",),
                        where=(Condition(Selector(Root.ARG, keyword="shell"), literals=("true",)),),
                    ),
                ),
                slots=(
                    SlotModel(Slot.COMMAND, Selector(Root.ARG, 0, "command"), Form.WORD),
                    SlotModel(Slot.ARGS, Selector(Root.ARG, 1, rest=True), Form.WORD),
                    SlotModel(Slot.ENV, Selector(Root.ARG, keyword="env"), Form.MAP),
                    SlotModel(Slot.ENV, Selector(Root.ARG, keyword="environment"), Form.MAP),
                ),
                why=why,
                fix=fix,
                references=references,
                shell=True,
                unless_type=("acme.Http",),
            ),
        ),
        sources=(
            SourceModel(
                id="python.acme.route",
                kind=SourceKind.HTTP,
                handler=Handler(
                    decorators=(Target(members=("post",), on=("acme.App",)),),
                    registered=(Target(names=("acme.add",)),),
                    at=(Selector(Root.ARG, 1),),
                ),
                params=(
                    ParamPick(index=0, paths=(("body",), ())),
                    ParamPick(marks=("Body",), not_types=("Request",)),
                ),
                what="request",
            ),
        ),
        propagators=(
            PropagatorModel(
                "python.acme.parse",
                (Target(names=("acme.parse",)),),
                (Flow(Selector(Root.ARG, 0), Selector(Root.RESULT)),),
            ),
        ),
        types=(TypeModel((Target(names=("acme.make",)),), "acme.App", Selector(Root.ARG, 0), 1),),
        sanitizers=(SanitizerModel("python.acme.int", (Target(names=("acme.int",)),), (Slot.ARGS,)),),
        guards=(
            GuardModel(
                "python.acme.admin",
                GuardStrength.AUTH,
                marks=(Target(names=("acme.Security",)),),
                names=("require_.*",),
                what="an admin",
            ),
        ),
        stores=(
            StoreModel(
                "python.acme.rows",
                StoreKind.DB,
                (EntityModel(bases=("acme.Model",)),),
                (
                    Access(
                        (Target(names=("acme.get",)),),
                        entity=Selector(Root.ARG, 0),
                        keys=(Selector(Root.ARG, 1, rest=True),),
                    ),
                ),
                (Access((Target(names=("acme.put",)),), value=Selector(Root.ARG, 1)),),
            ),
        ),
        plugins=(PluginModel("python.acme.part", Handler(bases=("acme.Part",), methods=("run",))),),
        registrations=(
            RegistrationModel(
                "python.acme.file",
                ("mcp.json",),
                ("settings.json",),
                ("mcp",),
                ("servers",),
                ("command",),
                why,
                fix,
                references,
            ),
        ),
        aliases={"acme.Run": "acme.core.Run"},
    )


SINK = HEAD + "sinks:\n  - id: run\n    why: w\n    fix: f\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("title: x\n", 1, "the key 'library' is missing"),
        (HEAD + "colour: red\n", 4, "'colour' is no key here"),
        (HEAD.replace("python", "cobol"), 3, "is 'cobol' and must be one of"),
        (HEAD.replace("acme", "Acme!"), 1, "library: is a name"),
        (HEAD + "mcp: perhaps\n", 4, "mcp: must be true or false"),
        (HEAD + "references: CVE-1\n", 4, "is no CVE"),
        (SINK + "    slots: {command: arg(0)}\n", 5, "the key 'call' is missing"),
        (SINK + "    call: a.b\n", 5, "the key 'slots' is missing"),
        (SINK + "    call: a.b\n    slots: {motor: arg(0)}\n", 9, "is no slot"),
        (SINK + "    call: a.b\n    slots: {command: 'arg[0]'}\n", 9, "begins with none"),
        (SINK + "    call: a.b*\n    slots: {command: arg(0)}\n", 8, "may hold no"),
        (SINK + "    call: {member: run}\n    slots: {command: arg(0)}\n", 8, "says nothing about its object"),
        (SINK + "    call: {on: a.B}\n    slots: {command: arg(0)}\n", 8, "give either names or member"),
        (SINK + "    call: {names: a.b, on: a.B}\n    slots: {command: arg(0)}\n", 8, "go with member"),
        (SINK + "    call: {names: a.b, where: {arg(0): {}}}\n    slots: {}\n", 8, "give one of literal"),
        (
            SINK + "    call: {names: a.b, where: {arg(0): {pattern: '['}}}\n    slots: {}\n",
            8,
            "is no regular expression",
        ),
        (HEAD + "sources:\n  - {id: s, kind: http, what: w}\n", 5, "give calls, reads or a handler"),
        (HEAD + "sources:\n  - {id: s, kind: smoke, what: w, calls: a.b}\n", 5, "is 'smoke'"),
        (HEAD + "propagators:\n  - {id: p, call: a.b, flows: arg(0)}\n", 5, "is no flow"),
        (HEAD + "guards:\n  - {id: g, strength: weak, what: w, names: '('}\n", 5, "is no regular expression"),
        (HEAD + "plugins:\n  - {id: g, handler: {methods: run}}\n", 5, "give decorators"),
        (HEAD + "sanitizers:\n" + "  - {id: s, call: a.b}\n" * 2, 1, "two models are called"),
        ("[]", 1, "must be a mapping"),
    ],
)
def test_refused(text: str, line: int, problem: str) -> None:
    with pytest.raises(ModelError, match=problem) as caught:
        parse_library("acme.yaml", text)
    assert caught.value.line == line


def test_shipped_models_are_read_once_for_some_languages() -> None:
    rust = shipped(frozenset([Language.RUST]))
    assert {library.language for library in rust.libraries} == {Language.RUST}
    assert shipped(frozenset([Language.RUST])) is rust
    assert {library.language for library in shipped().libraries} == set(Language)


def test_every_language_has_its_sdk() -> None:
    found = {
        (library.language.value, library.name)
        for library in shipped().libraries
        if library.name in ("mcp", "rmcp") and library.mcp and library.sinks
    }
    assert found == {("python", "mcp"), ("javascript", "mcp"), ("java", "mcp"), ("rust", "rmcp")}


def test_ids_are_unique_and_say_where_they_come_from() -> None:
    libraries = shipped().libraries
    ids = [sink.id for library in libraries for sink in library.sinks]
    ids += [source.id for library in libraries for source in library.sources]
    ids += [propagator.id for library in libraries for propagator in library.propagators]
    assert len(ids) == len(set(ids))
    for library in libraries:
        prefix = f"{library.language}.{library.name}."
        assert all(sink.id.startswith(prefix) for sink in library.sinks)
        assert all(source.id.startswith(prefix) for source in library.sources)


def test_agents_configuration_is_a_place_of_registration() -> None:
    for language in Language:
        files = {
            file
            for library in shipped(frozenset([language])).libraries
            for model in library.registrations
            for file in model.files
        }
        assert {"mcp.json", "claude_desktop_config.json", ".mcp.json"} <= files


def test_a_library_that_launches_servers_says_so() -> None:
    silent = [
        f"{library.language}/{library.name}"
        for library in shipped().libraries
        if not library.mcp and any(sink.kind is SinkKind.LAUNCH for sink in library.sinks)
    ]
    assert silent == []


def test_the_example_of_the_manual_is_read() -> None:
    page = (Path(__file__).parents[3] / "docs" / "code-scan-models.md").read_text()
    library = parse_library("manual.yaml", page.split("```yaml\n")[1].split("```")[0])
    assert [sink.id for sink in library.sinks] == ["python.acme-launcher.launch", "python.acme-launcher.from-settings"]
    for words in (Form, Slot, SourceKind, StoreKind, GuardStrength):
        for word in words:
            assert f"`{word}`" in page or word in ("param", *SourceKind), word
