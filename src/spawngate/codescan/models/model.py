"""What the code scan knows about libraries: sinks, sources, propagators, sanitizers, guards, stores, plugins.

Belongs here: the records that `load` reads from YAML and the engine asks, and `Models`, their look-ups by language.
Must not be here: reading of YAML (`load`), and comparing a model with a piece of code (`match`).

**Names** are qualified after imports are resolved, in one spelling per language:

* Python: `mcp.client.stdio.StdioServerParameters`, methods `pkg.Class.method`; a builtin is `builtins.int`.
* JavaScript and TypeScript: `specifier#export.member`, without `node:` before and `.js`, `.mjs`, `.cjs` or `/index`
  behind the specifier: `@modelcontextprotocol/sdk/client/stdio#StdioClientTransport`, `execa#default`. A CommonJS or
  `* as` module object is the specifier with nothing behind `#`; a global has an empty specifier: `#fetch`,
  `#process.env`.
* Java: `io.modelcontextprotocol.client.transport.ServerParameters.builder`; a constructor is the class, nested classes
  stand behind a dot.
* Rust: `rmcp::transport::TokioChildProcess::new`.

A name in a model may hold `*` for any text, though not in its last part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from spawngate.codescan.finding import GuardStrength, SourceKind


class Language(StrEnum):
    """A language of the scan. `javascript` is TypeScript as well: they share their libraries."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"
    JAVA = "java"
    RUST = "rust"


class Slot(StrEnum):
    """What of a launch an argument decides."""

    COMMAND = "command"
    """The program."""
    ARGS = "args"
    """The list of arguments behind the program, or (with `Form.WORD`) one or several of them."""
    ENV = "env"
    CWD = "cwd"
    DEFINITION = "definition"
    """A whole server definition with fields like `command` and `args`, or a mapping of names to definitions."""


class Form(StrEnum):
    """How the value of a slot is to be read."""

    WORD = "word"
    """The value itself: argv0, one argument, a folder."""
    LIST = "list"
    """Its elements are the words."""
    ARGV = "argv"
    """Element 0 is the command, the others are args. A plain text in its place is the command."""
    LINE = "line"
    """One text that is split into words, or handed to a shell."""
    POLY = "poly"
    """One text that is a URL **or** a command; a URL that is constant up to its host is harmless."""
    MAP = "map"
    """Names to values; the values count, and the names too when they are not constant."""
    DEFINITION = "definition"
    """An object with `command`, `args`, `env`, `cwd`."""
    DEFINITIONS = "definitions"
    """A mapping (or list) of definitions."""
    CONFIG = "config"
    """An object whose `mcpServers` (or `servers`) is a mapping of definitions."""
    PATH = "path"
    """Path of a file that holds definitions; the file is the store that is read."""
    BUILDER = "builder"
    """An object that was built up: `command`, `args`, `env`, `cwd` are what propagators wrote into those fields."""


class SinkKind(StrEnum):
    """How a sink relates to a launch."""

    LAUNCH = "launch"
    """Builds the definition of an MCP server, or starts one."""
    PROCESS = "process"
    """Starts any process. A sink only near MCP (`Models.near`)."""


class StoreKind(StrEnum):
    """What a store is."""

    DB = "db"
    SETTINGS = "settings"
    FILE = "file"
    CACHE = "cache"
    OPTIONS = "options"
    """Objects that a library fills from the command line."""
    CONFIGURATION = "configuration"
    """Objects that a framework fills from its files of configuration."""


class Root(StrEnum):
    """Where a selector begins."""

    ARG = "arg"
    RECEIVER = "receiver"
    RESULT = "result"
    KEYWORDS = "keywords"
    """All keyword arguments as one mapping."""


@dataclass(frozen=True, slots=True)
class Rest:
    """In a path: all elements from `start` on."""

    start: int


Step = str | int | Rest
"""A step of a path: a field or key by name, `*` for any one, an element by number, or all elements from one on."""
Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Selector:
    """A part of a call: `arg(0, command).env`, `arg(1:)`, `receiver.args[*]`, `result`."""

    root: Root
    index: int | None = None
    """Position among the arguments, from 0; negative counts from the end. None: only by keyword."""
    keyword: str = ""
    """Name by which the argument may be given as well."""
    rest: bool = False
    """All positional arguments from `index` on; the path applies to each."""
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold for a part of a call. An argument that is absent satisfies only `absent`."""

    at: Selector
    literals: tuple[str, ...] = ()
    """It is one of these constants (written as in JSON: `true`, `stdio`)."""
    pattern: str = ""
    """It is a constant text in which this regular expression is found."""
    shape: str = ""
    """It is a `function`, `text`, `number`, `list`, `object` or `call` as written."""
    absent: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Which call, construction or read. One of `names` and `members` is given."""

    names: tuple[str, ...] = ()
    """Qualified names of a function, class or constant."""
    members: tuple[str, ...] = ()
    """Names of methods or attributes of an object."""
    on: tuple[str, ...] = ()
    """Qualified classes of that object (and their subclasses). Empty: of any, see `hints`."""
    hints: tuple[str, ...] = ()
    """Where the object's class is unknown: the file must import one of these modules (prefixes of qualified names)."""
    receivers: tuple[str, ...] = ()
    """Where the class is unknown: the last name of the receiver as written must be one of these, in any case of
    letters. With neither `hints` nor `receivers` an object of unknown class does not match."""
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotModel:
    """One thing that an argument decides."""

    slot: Slot
    at: Selector
    form: Form = Form.WORD


@dataclass(frozen=True, slots=True)
class SinkModel:
    """A place whose arguments decide what process starts. Reported at this call, and not followed into it."""

    id: str
    """`<language>.<library>.<name>`."""
    kind: SinkKind
    targets: tuple[Target, ...]
    slots: tuple[SlotModel, ...]
    why: str
    """Why it matters: one or two sentences."""
    fix: str
    """How to fix it with this library: one or two sentences."""
    references: tuple[str, ...] = ()
    """CVE, GHSA and CWE ids of the same shape, the nearest first."""
    shell: bool = False
    """The text or the words reach a shell."""
    unless_type: tuple[str, ...] = ()
    """Classes of the first slot's value that make it no launch (parameters of an HTTP transport)."""


@dataclass(frozen=True, slots=True)
class RegistrationModel:
    """What a place looks like in which servers are registered, to be started later: the second class of sinks."""

    id: str
    files: tuple[str, ...]
    """Globs of file names or ends of paths that hold server definitions (any case of letters)."""
    shared_files: tuple[str, ...]
    """Globs of files that hold them under one of `keys` only, among other settings."""
    keys: tuple[str, ...]
    """Keys under which a document holds definitions."""
    containers: tuple[str, ...]
    """Names of attributes or variables that map names to definitions."""
    columns: tuple[str, ...]
    """Fields of an entity that make its rows definitions, with a name of the class or table that says MCP or server."""
    why: str
    fix: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParamPick:
    """Which parameters of a handler come from outside. Empty fields do not narrow."""

    index: int | None = None
    rest: bool = False
    """All from `index` on."""
    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """Classes of the parameter's declared type, qualified or their last part; type arguments are looked through."""
    marks: tuple[str, ...] = ()
    """Annotations, decorators or default calls on the parameter (`@RequestBody`, `Body(...)`)."""
    unmarked: bool = False
    """Only parameters without any annotation."""
    untyped: bool = False
    """Only parameters of closures whose type is not written: the compiler takes it from the closure's body."""
    not_types: tuple[str, ...] = ()
    not_marks: tuple[str, ...] = ()
    not_names: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ((),)
    """The parts of the parameter that are tainted; `()` is the whole."""


@dataclass(frozen=True, slots=True)
class Handler:
    """How a function becomes something that is called from outside. Any one of the ways suffices."""

    decorators: tuple[Target, ...] = ()
    """Decorators, annotations or attributes on the function (names, or members of an object: `@app.post(...)`)."""
    class_decorators: tuple[Target, ...] = ()
    """Such marks on the class; then `methods` or method marks pick its functions."""
    bases: tuple[str, ...] = ()
    """Qualified base classes; then `methods` picks their functions."""
    methods: tuple[str, ...] = ()
    """Names of methods; empty with `bases`: every public method."""
    registered: tuple[Target, ...] = ()
    """Calls that are given the function."""
    at: tuple[Selector, ...] = ()
    """Where in such a call the function stands."""
    files: tuple[str, ...] = ()
    """Globs of paths whose exported functions with names in `exports` are handlers (empty: all exported)."""
    exports: tuple[str, ...] = ()
    directive: str = ""
    """Text that must stand as a directive in the file or function (`use server`)."""
    functions: tuple[str, ...] = ()
    """Names of functions at the top of a file that a platform calls by their name (`lambda_handler`)."""
    takes: tuple[str, ...] = ()
    """Names of the first parameters, without `_`, or of their types: by them alone, or together with `functions`."""
    returns: bool = False
    """The function has no body here, because a library implements it; what it returns is the source."""
    beside: tuple[str, ...] = ()
    """Keys that stand beside the function in its object literal, each with its alternatives (`inputSchema|parameters`):
    all must. `functions` restricts the function's own key."""
    under: tuple[str, ...] = ()
    """Keys of an object literal whose object holds the function (`Mutation: {add(..) {..}}`); `default` is the file's
    default export. `functions` restricts the function's own key."""


@dataclass(frozen=True, slots=True)
class SourceModel:
    """Where outside data enters: results of calls, reads of attributes, or parameters of handlers."""

    id: str
    kind: SourceKind
    calls: tuple[Target, ...] = ()
    reads: tuple[Target, ...] = ()
    """Names or attributes whose reading is the source."""
    taints: tuple[Selector, ...] = (Selector(Root.RESULT),)
    """What of a call is tainted; an argument is an out-parameter."""
    handler: Handler | None = None
    params: tuple[ParamPick, ...] = ()
    """Which parameters of the handler; several picks add up."""
    what: str = ""
    """How to call it in a trace: `body of an HTTP request`."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Data goes from one part of a call to another."""

    source: Selector
    to: Selector


@dataclass(frozen=True, slots=True)
class PropagatorModel:
    """What a library call does with data. The flows are all there are: what is not listed (a key) does not flow."""

    id: str
    targets: tuple[Target, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class TypeModel:
    """The class of what a call returns, or of what a callback's parameter is."""

    targets: tuple[Target, ...]
    result: str
    """Qualified class."""
    callback: Selector | None = None
    """The argument that is a function; then `result` is the class of its parameter `index`."""
    index: int = 0


@dataclass(frozen=True, slots=True)
class SanitizerModel:
    """A call whose result carries nothing of its input that could choose a program."""

    id: str
    targets: tuple[Target, ...]
    slots: tuple[Slot, ...]
    """Slots for which the flow ends; empty: for all."""


@dataclass(frozen=True, slots=True)
class GuardModel:
    """A check that narrows who can reach a sink or with what."""

    id: str
    strength: GuardStrength
    calls: tuple[Target, ...] = ()
    """Calls whose result is a condition, or which raise themselves."""
    decorators: tuple[Target, ...] = ()
    """Marks on the handler."""
    marks: tuple[Target, ...] = ()
    """Defaults of parameters: `Depends(require_admin)` names the function in its first argument."""
    names: tuple[str, ...] = ()
    """Regular expressions for last names of the project's own functions that do the same."""
    what: str = ""


@dataclass(frozen=True, slots=True)
class EntityModel:
    """How a class whose rows, documents or values are stored is recognised."""

    bases: tuple[str, ...] = ()
    decorators: tuple[Target, ...] = ()
    calls: tuple[Target, ...] = ()
    """Calls that define an entity (`mongoose.model("Server", schema)`); its name is the first argument."""


@dataclass(frozen=True, slots=True)
class Access:
    """A read from or a write to a store."""

    targets: tuple[Target, ...]
    entity: Selector | None = None
    """What names the entity, file or cache; None: the receiver's type or name."""
    value: Selector = Selector(Root.RESULT)
    """What is read or written."""
    keys: tuple[Selector, ...] = ()
    """What only selects. It does not flow into what is read."""


@dataclass(frozen=True, slots=True)
class StoreModel:
    """A store: what is read from it is what was written to it anywhere."""

    id: str
    kind: StoreKind
    entities: tuple[EntityModel, ...] = ()
    reads: tuple[Access, ...] = ()
    writes: tuple[Access, ...] = ()


@dataclass(frozen=True, slots=True)
class PluginModel:
    """A function that a registry calls by name: its parameters are of the kind `plugin`."""

    id: str
    handler: Handler
    params: tuple[ParamPick, ...] = (ParamPick(),)
    fields: tuple[Target, ...] = ()
    """Declarations in the class body whose values a user sets (`StrInput(name="command")`)."""


@dataclass(frozen=True, slots=True)
class LibraryModel:
    """One library: how it is named in manifests and imports, and everything modelled of it."""

    name: str
    title: str
    language: Language
    packages: tuple[str, ...]
    """Names in the language's registry (`group:artifact` for Java). A trailing `*` stands for any end."""
    imports: tuple[str, ...]
    """Prefixes of qualified names that its import begins with."""
    mcp: bool
    """Its presence makes a project one that may launch MCP servers, and raw process APIs in its files sinks."""
    sources_read: tuple[str, ...]
    """Where the facts were read: package, version and file, or a document."""
    sinks: tuple[SinkModel, ...] = ()
    sources: tuple[SourceModel, ...] = ()
    propagators: tuple[PropagatorModel, ...] = ()
    types: tuple[TypeModel, ...] = ()
    sanitizers: tuple[SanitizerModel, ...] = ()
    guards: tuple[GuardModel, ...] = ()
    stores: tuple[StoreModel, ...] = ()
    plugins: tuple[PluginModel, ...] = ()
    registrations: tuple[RegistrationModel, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Another qualified name of the same thing (re-exports): from the name that code uses to the one models use."""


@dataclass(frozen=True, slots=True)
class Models:
    """All libraries, by language."""

    libraries: tuple[LibraryModel, ...]

    def of(self, language: Language) -> tuple[LibraryModel, ...]:
        """Libraries of a language, in order."""
        return tuple(library for library in self.libraries if library.language == language)

    def near(self, language: Language) -> tuple[str, ...]:
        """Prefixes of imports that make a file one near MCP, sorted."""
        return tuple(sorted({name for library in self.of(language) if library.mcp for name in library.imports}))

    def packages(self, language: Language) -> Mapping[str, LibraryModel]:
        """Registry names of the libraries that launch MCP servers."""
        return {name: library for library in self.of(language) if library.mcp for name in library.packages}

    def joined(self, others: Iterable[LibraryModel]) -> "Models":
        """These and others; one of the same language and name stands in place of ours."""
        added = tuple(others)
        replaced = {(library.language, library.name) for library in added}
        kept = tuple(each for each in self.libraries if (each.language, each.name) not in replaced)
        return Models(kept + added)
