"""What methods and functions that every program uses do with the parts of a value, in all four languages.

Belongs here: containers, texts, options, promises, copies: by the last name of the call, when no model and no
definition of the project answers. Not here: libraries (`models`).
"""

from __future__ import annotations

from dataclasses import dataclass

from spawngate.codescan import ir
from spawngate.codescan.flow import ANY, KEYS, Path, key_of
from spawngate.codescan.walk import last_name

_same_words = """
copy clone cloned copied deepcopy unwrap expect unwrap_or unwrap_or_else unwrap_or_default to_owned to_string
to_str as_str as_ref as_mut as_deref as_bytes into into_iter iter iter_mut stream parallelStream collect toList
toArray to_vec filter sorted slice reverse reversed distinct limit skip peek values valueSet build finish
model_dump dict to_dict asdict toJSON toObject to_json toString valueOf strip trim lstrip rstrip lower upper
toLowerCase toUpperCase to_lowercase to_uppercase trimStart trimEnd removeprefix removesuffix replace replaceAll
replaceFirst orElse orElseGet orElseThrow or_else ok ok_or ok_or_else map_err context with_context intern encode
decode freeze unmodifiableList unmodifiableMap tolist result join_next await_ lock borrow borrow_mut read_lock
getOrElse flat toSorted scalars scalar_one_or_none scalar_one scalar one one_or_none all fetchall fetchone
selectAll executeTakeFirst executeTakeFirstOrThrow returningAll
mappings unique filter_by where order_by offset options prefetch_related select_related exec lean populate sort
boxed as_array as_object as_array_mut get_mut take cast dropna findFirst findAny first next result_or block
blockOptional get_or_insert_with or_default or_insert or_insert_with chain with_capacity to_path_buf display
model_copy
getAsString asText textValue getAsJsonObject getAsJsonArray asString asJsonObject asJsonArray asJsonPrimitive
as_slice to_ascii_lowercase to_ascii_uppercase trim_matches into_inner into_boxed_str into_string as_path
recv try_recv blocking_recv recv_timeout recv_async borrow_and_update
"""
SAME = frozenset(_same_words.split())
"""The result has the parts of the receiver."""
_text_words = """
split rsplit splitlines split_whitespace splitn lines chars substring substr charAt format sprintf repeat
padStart padEnd concat json text bytes read getBytes formatted strip_prefix strip_suffix split_once match
matchAll group groups partition rpartition expandtabs ljust rjust zfill title capitalize swapcase center
translate isoformat hex
"""
TEXT = frozenset(_text_words.split())
"""The result is made of the receiver and the arguments, without their parts."""
_stop_words = """
len length size count isinstance issubclass hasattr callable bool int float any all id hash hashCode startswith
endswith startsWith endsWith starts_with ends_with includes contains containsKey contains_key has isEmpty
is_empty is_some is_none is_ok is_err equals equalsIgnoreCase indexOf find_index parseInt parseFloat Number
Boolean abs round sum isdigit isalnum exists test matches is_match compareTo cmp eq ne ord isalpha isidentifier
is_file is_dir isInstance
getInt getInteger getLong getBool getBoolean getDouble getFloat asInt asLong asDouble asBoolean intValue longValue
booleanValue getAsInt getAsLong getAsDouble getAsBoolean optInt optLong optBoolean as_i64 as_u64 as_f64 as_bool
"""
STOPS = frozenset(_stop_words.split())
"""The result carries nothing that could choose a program."""
_get_words = """
get pop setdefault getOrDefault getProperty getOrElse get_item getString getJSONObject getJSONArray getValue at
remove
getStr getObject getJsonObject getJsonArray optString optJSONObject optJSONArray try_get
"""
GETS = frozenset(_get_words.split())
"""Read one part: the first argument is a key, the second a default."""
MAPPINGS = frozenset(["map", "flatMap", "filter_map", "flat_map", "mapToObj", "map_values"])
"""The result's elements are what the function in the arguments returns."""
_chain_words = """
andThen asyncAndThen asyncMap
then and_then map_ok let or_else unwrap_or_else thenApply thenCompose thenApplyAsync thenComposeAsync supplyAsync
fromCallable fromSupplier
"""
CHAINS = frozenset(_chain_words.split())
"""The result is what the function in the arguments returns."""
_FILLING = frozenset(["get_or_init", "get_or_try_init", "computeIfAbsent", "or_insert_with", "get_or_insert_with"])
"""The result is what is there, or what the function in the arguments returns."""
_TAKING = frozenset(
    ["take", "peek", "poll", "pollFirst", "pollLast", "takeFirst", "takeLast", "peekFirst", "peekLast", "removeFirst"]
)
"""Give an element of a queue of Java."""
ADDERS = frozenset(
    ["append", "add", "push", "insert", "extend", "addAll", "unshift", "push_back", "appendleft", "arg", "args"]
)
"""The arguments become elements of the receiver."""
UPDATERS = frozenset(["update", "putAll", "assign", "merge", "extend_from_slice"])
"""The parts of the argument become parts of the receiver."""
PUTTERS = frozenset(
    ["put", "set", "setdefault", "insert", "putIfAbsent", "setItem", "__setitem__", "replace", "setProperty"]
)
"""The second argument becomes the part of the receiver that the first names."""
QUEUERS = frozenset(["put", "put_nowait", "send", "offer", "enqueue", "lpush", "rpush", "appendleft", "set"])
"""The one argument becomes an element of the receiver."""
_UPSERTERS = frozenset(["upsert", "insert_one", "send_nowait", "add_document", "persist"])
"""The first argument becomes an element of the receiver; others say where."""
_ENTRIES = frozenset(["items", "entries", "entrySet", "iteritems", "enumerate_items"])
_KEYS = frozenset(["keys", "keySet", "into_keys"])
_copy_words = """
ok okAsync right just
dict list tuple set sorted reversed copy deepcopy frozenset iter aiter str repr next anext vars OrderedDict
structuredClone Some Ok Box Arc String Array Object Promise from of asList listOf resolve ofNullable new copyOf
defaultdict MappingProxyType SimpleNamespace Map HashMap ArrayList LinkedHashMap HashSet Vec List Set
"""
_COPIES = frozenset(_copy_words.split())
_format_words = """
JSON json yaml toml tomllib orjson ujson serde_json JSONObject JSONUtil tomlkit tomli tomli_w rtoml json5 simplejson
rapidjson hjson commentjson demjson3 msgpack cbor2 bson pickle dill cloudpickle jsonpickle marshal plistlib pyjson5
"""
_FORMATS = frozenset(_format_words.split())
"""Modules and objects whose functions turn data into a text, and a text into data."""
_COLLECTIONS = frozenset(
    ["Vec", "HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "IndexMap", "DashMap", "FxHashMap", "String"]
)
_SEQUENCES = frozenset(["List", "Set", "Arrays", "Stream", "Array", "ImmutableList", "ImmutableSet", "Lists"])
_EMPTY = _COLLECTIONS | {"Arc", "Mutex", "RwLock", "Rc", "RefCell", "Box"}
"""`T::new()` of these holds nothing yet, or what it is given."""

Answer = tuple[ir.Expression, Path]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a part of a call's result is made of."""

    answers: tuple[Answer, ...]
    returns_of: tuple[tuple[ir.Expression, Path], ...] = ()
    """Functions among the arguments whose result it is, with the path to ask of that."""


def builtin(call: ir.Call, path: Path) -> Parts | None:
    """What `path` of the call's result is made of; None for a call that is not one of these."""
    callee = call.callee
    name = last_name(callee)
    if name in _FILTERS and isinstance(callee, ir.Attribute) and _is_query(callee.base):
        return Parts(((callee.base, path),))
    if name in _SHAPERS and isinstance(callee, ir.Attribute):
        return Parts(((callee.base, path),))
    counted = name == "size" and not call.args  # `list.size()` of Java; elsewhere the name may mean anything
    if name in STOPS and (counted or not (name in ("all", "any", "hash", "size") and isinstance(callee, ir.Attribute))):
        return Parts(())
    plain = [argument.value for argument in call.args if not argument.name and not argument.spread]
    if name in _REPLACERS and len(plain) == 1 and any(argument.name or argument.spread for argument in call.args):
        return _replaced(plain[0], call, path)
    if isinstance(callee, ir.Attribute):
        static = _static(callee, name, plain, call, path)
        if static is not None:
            return static
        return _method(callee.base, name, plain, call, path)
    if isinstance(callee, ir.Name):
        return _function(name, plain, call, path)
    return None


_shape_words = """
iterator aiterator select_related prefetch_related order_by distinct select_for_update yield_per execution_options
"""
_SHAPERS = frozenset(_shape_words.split())
"""Of a query: how its rows are brought, and never what is in them."""
_filter_words = """
eq neq gt gte lt lte in is not or match order limit range single maybeSingle throwOnError filter contains returns
overrideTypes
"""
_FILTERS = frozenset(_filter_words.split())
"""Of a query of Supabase or PostgREST: which rows, and never what is in them."""


def _is_query(node: ir.Expression) -> bool:
    for _ in range(12):
        if not isinstance(node, ir.Call) or not isinstance(node.callee, ir.Attribute):
            return False
        if node.callee.name == "from" and isinstance(node.args[0].value if node.args else None, ir.Literal):
            return True
        node = node.callee.base
    return False


_REPLACERS = frozenset(["replace", "evolve"])
"""`dataclasses.replace(x, field=v)`, `attrs.evolve`: a copy with other fields."""


def _replaced(base: ir.Expression, call: ir.Call, path: Path) -> Parts:
    wanted = path[0] if path else ANY
    named = tuple((each.value, path[1:]) for each in call.args if each.name and wanted in (ANY, each.name))
    spread = tuple((each.value, path) for each in call.args if each.spread == "**")
    if wanted != ANY and named:
        return Parts(named)
    return Parts(((base, path), *named, *spread))


def _tail(path: Path) -> Path:
    return path[1:]


def _pairs(base: ir.Expression, path: Path) -> Parts:
    """A sequence of (key, value)."""
    if len(path) >= 2 and path[1] in (0, "key"):
        return Parts(((base, (KEYS,)),))
    if len(path) >= 2 and path[1] in (1, "value", ANY):
        return Parts(((base, (ANY, *path[2:])),))
    return Parts(((base, (ANY,)),)) if path else Parts(((base, ()),))


def _method(base: ir.Expression, name: str, plain: list[ir.Expression], call: ir.Call, path: Path) -> Parts | None:
    if name == "execute" and not call.args:  # of a query's builder
        return Parts(((base, path),))
    if name in GETS:
        key = key_of(plain[0]) if plain else ANY
        default = tuple((each, path) for each in plain[1:2])
        if not plain and name != "pop":
            if path and isinstance(path[0], int):  # of a queue: `a, b = queue.get()`
                return Parts(((base, (ANY, *path)),))
            return Parts(((base, path), (base, (ANY, *path))))
        return Parts(((base, (key, *path)), *default))
    if name in _TAKING and not (name in ("take", "peek") and plain):  # of a queue; `take(n)` is of a sequence
        return Parts(((base, (ANY, *path)),))
    if name == "load_full" and not plain:  # of a cell that is swapped
        return Parts(((base, path),))
    if name == "value" and not plain:  # of an entry that a map lends
        return Parts(((base, path),))
    if name == "flatten" and not plain:  # of Rust: an option of an option, or a sequence of sequences
        return Parts(((base, path), (base, (ANY, *path))))
    if name in ("split_first", "split_last") and path and path[0] in (0, 1):  # of Rust: one element, and the others
        alone = path[0] == 0
        ahead: Path = (0 if name == "split_first" else ANY,)
        return Parts(((base, (*ahead, *path[1:])),) if alone else ((base, (ANY, *path[2:])),))
    if name in _ENTRIES:
        return _pairs(base, path)
    if name in _KEYS:
        return Parts(((base, (KEYS,)),))
    if name in ("getKey", "getValue") and not plain:
        return Parts(((base, (0 if name == "getKey" else 1, *path)),))
    if name in ("safeParse", "safeParseAsync") and plain:  # zod: {success, data}
        return Parts(((plain[0], path[1:]),)) if path[:1] in ((), ("data",), (ANY,)) else Parts(())
    if name in MAPPINGS and plain:
        return Parts((), tuple((each, path[1:]) for each in plain[:1]))
    if name in _FILLING and plain:
        kept: Path = (key_of(plain[0]), *path) if len(plain) > 1 else path
        return Parts(((base, kept),), ((plain[-1], path),))
    if name in CHAINS and plain:
        return Parts(((base, path),) if name.endswith("else") else (), tuple((each, path) for each in plain[:1]))
    if name == "reduce" and plain:
        return Parts(tuple((each, path) for each in plain[1:2]), ((plain[0], path),))
    if name in ("find", "findLast"):
        return Parts(((base, (ANY, *path)),))
    if name == "join":
        return Parts(((base, ()), *((each, ()) for each in plain)))
    if name in ("execute", "exec", "scalars", "scalar") and len(plain) == 1:
        return Parts(((plain[0], path),))
    if name == "concat" or name in UPDATERS:
        return Parts(((base, path), *((each, path) for each in plain)))
    if name in SAME:
        taken = (
            plain[:1]
            if name in ("encode", "decode") and not isinstance(plain[0] if plain else None, ir.Literal)
            else ()
        )
        return Parts(
            (
                (base, path),
                *((each, path) for each in taken),
                *((each, ()) for each in plain if name in ("replace", "replaceAll", "unwrap_or")),
            )
        )
    if name in ("read", "write") and not call.args:  # of a lock, which lends the thing itself
        return Parts(((base, path),))
    if name in TEXT:
        return Parts(((base, ()), *((argument.value, ()) for argument in call.args)))
    if name in ADDERS or name in PUTTERS:
        return Parts(((base, path), *((each, ()) for each in plain)))
    return None


def _static(callee: ir.Attribute, name: str, plain: list[ir.Expression], call: ir.Call, path: Path) -> Parts | None:
    """`Object.entries(x)`, `JSON.parse(x)`, `Map.of(k, v)`, `copy.deepcopy(x)`."""
    base = last_name(callee.base)
    if name in ("new", "with_capacity", "default") and base in _EMPTY and not call.new:  # of Rust
        return Parts(tuple((each, path) for each in plain[:1] if base not in _COLLECTIONS))
    if base == "Object" and plain:
        if name == "entries":
            return _pairs(plain[0], path)
        if name == "keys":
            return Parts(((plain[0], (KEYS,)),))
        if name == "fromEntries":
            return Parts(((plain[0], (ANY, 1, *_tail(path))),))
        if name in ("values", "freeze", "create", "seal"):
            return Parts(((plain[0], path),))
        if name == "assign":
            return Parts(tuple((each, path) for each in reversed(plain)))
    if base in _FORMATS:
        return Parts(tuple((each, path) for each in plain[:1]))
    if (base in ("Map", "ImmutableMap") and name == "of") or name == "ofEntries":
        return Parts(tuple((each, _tail(path)) for each in plain[1::2]))
    if name == "of" and not plain and base in _SEQUENCES:
        return Parts(())
    if (base in _SEQUENCES and name in ("of", "asList", "stream", "newArrayList")) and plain:
        if len(plain) == 1 and name != "of":
            return Parts(((plain[0], path),))
        return Parts(tuple((each, _tail(path)) for each in plain))
    if base == "Promise" and name == "all" and plain:
        return Parts(((plain[0], path),))
    if base in (
        "copy",
        "Array",
        "Optional",
        "Promise",
        "Objects",
        "String",
        "Arc",
        "Box",
        "Rc",
        "Vec",
        "Cow",
        "PathBuf",
    ):
        return Parts(tuple((each, path) for each in plain[:2])) if plain else None
    if base == "asyncio" and name in ("wait_for", "shield", "create_task", "ensure_future") and plain:
        return Parts(((plain[0], path),))
    return None


def _function(name: str, plain: list[ir.Expression], call: ir.Call, path: Path) -> Parts | None:
    if name == "getattr" and len(plain) >= 2:
        return Parts(((plain[0], (key_of(plain[1]), *path)), *((each, path) for each in plain[2:3])))
    if name == "enumerate" and plain:
        return Parts(()) if path[1:2] == (0,) else Parts(((plain[0], (ANY, *path[2:])),))
    if name == "zip":
        step = path[1] if len(path) > 1 else ANY
        chosen = plain[step : step + 1] if isinstance(step, int) else plain
        return Parts(tuple((each, (ANY, *path[2:])) for each in chosen))
    if name == "map" and len(plain) >= 2:
        return Parts((), ((plain[0], _tail(path)),))
    if name == "filter" and len(plain) >= 2:
        return Parts(((plain[1], path),))
    if name == "cast" and len(plain) == 2:
        return Parts(((plain[1], path),))
    if name in ("next", "anext") and plain:
        return Parts(((plain[0], (ANY, *path)), *((each, path) for each in plain[1:])))
    if name in ("str", "repr", "String") and plain:
        return Parts(tuple((each, ()) for each in plain[:1]))
    if name in ("format!", "concat!"):
        return Parts(tuple((argument.value, ()) for argument in call.args))
    if name == "vec!":
        return Parts(tuple((argument.value, _tail(path)) for argument in call.args))
    if name in _COPIES:
        if call.new and not plain and not call.args:
            return Parts(())
        named = [argument for argument in call.args if argument.name]
        answers: list[Answer] = [(each, path) for each in plain]
        for argument in call.args:
            if argument.spread == "**":
                answers.append((argument.value, path))
            elif argument.spread == "*":
                answers.append((argument.value, ()))
        if name in ("dict", "OrderedDict", "SimpleNamespace"):
            wanted = path[0] if path else ANY
            answers.extend((each.value, _tail(path)) for each in named if wanted in (ANY, each.name))
            if any(each.name == wanted for each in named):
                answers = [(each.value, _tail(path)) for each in named if each.name == wanted]
        return Parts(tuple(answers))
    return None


def stored(call: ir.Call, path: Path) -> tuple[Answer, ...] | None:
    """What a method that changes its receiver puts at `path` of it; None for a method that changes nothing."""
    name = last_name(call.callee)
    plain = [argument.value for argument in call.args if not argument.spread and not argument.name]
    spread = [argument.value for argument in call.args if argument.spread]
    wanted = path[0] if path else ANY
    inner = _tail(path)
    if name in ("store", "swap") and len(plain) == 1 and not spread:  # of a cell: the whole is another
        return ((plain[0], path),)
    if name in ("push_str", "insert_str", "write_str") and plain:  # of a text, which has no parts
        return ((plain[-1], ()),)
    if name in PUTTERS and len(plain) == 2:
        key = key_of(plain[0])
        if wanted == KEYS:
            return ((plain[0], ()),)
        return ((plain[1], inner),) if ANY in (key, wanted) or key == wanted else ()
    if name in ("or_insert", "or_insert_with") and len(plain) == 1:  # of `map.entry(key)`
        return ((plain[0], inner),)
    if name in QUEUERS and len(plain) == 1:
        return ((plain[0], inner),)
    if name in _UPSERTERS and plain:
        return ((plain[0], inner),)
    if name in UPDATERS and call.args:
        return tuple((each, path) for each in (*plain, *spread)) + tuple(
            (argument.value, inner) for argument in call.args if argument.name and wanted in (ANY, argument.name)
        )
    if name in ("extend", "addAll", "args"):
        return tuple((each, (ANY, *inner)) for each in (*plain, *spread))
    if name in ADDERS or (name == "next" and len(call.args) == 1):  # `subject.next(x)`
        return tuple((each, inner) for each in plain[-1:]) + tuple((each, (ANY, *inner)) for each in spread)
    return None
