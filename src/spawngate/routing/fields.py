"""Settings of a destination as fields that somebody fills in, and what was filled in as settings.

A field has one text. Lists have a line for each entry, mappings `name = value` on each line; what is deeper is JSON.
Must not be here: markup, and what settings mean (`routing.settings`, `routing.edit`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from spawngate.routing.destination import Destination
from spawngate.routing.edit import ON_THE_MACHINE
from spawngate.routing.settings import SHOWN, Settings, SettingsError, secret_fields, shown

Form = Literal["text", "number", "switch", "choice", "lines", "pairs", "json"]
COMMON = frozenset(Settings.__struct_fields__)
"""What every destination has."""


@dataclass(frozen=True, slots=True)
class Field:
    """One setting."""

    name: str
    form: Form
    value: str
    """As it is typed; for a switch `on` or nothing; for a secret nothing."""
    usual: str = ""
    """What it is where nothing is said."""
    required: bool = False
    choices: tuple[str, ...] = ()
    secret: bool = False
    is_set: bool = False
    """A secret that there is: leaving the field empty keeps it."""
    fixed: bool = False
    """Only said on the server's machine."""

    @property
    def common(self) -> bool:
        """Whether every destination has it."""
        return self.name in COMMON

    @property
    def many(self) -> bool:
        """Whether it takes lines."""
        return self.form in ("lines", "pairs", "json")


def fields(destination: Destination, settings: Settings | None = None) -> tuple[Field, ...]:
    """The fields of a type of destination: its own first, those that all have behind. `settings`: what is set."""
    kind = destination.settings
    hidden = secret_fields(kind)
    seen = {} if settings is None else shown(settings)
    hints = get_type_hints(kind)
    made = []
    for each in msgspec.structs.fields(kind):
        required = each.default is msgspec.NODEFAULT and each.default_factory is msgspec.NODEFAULT
        default = None if each.default is msgspec.NODEFAULT else each.default
        form, choices = _form(hints[each.name])
        secret = each.name in hidden
        value = seen.get(each.name, default)
        made.append(
            Field(
                name=each.name,
                form=form,
                value="" if secret else _text(form, value),
                usual=_text(form, default),
                required=required,
                choices=choices,
                secret=secret,
                is_set=secret and value == SHOWN,
                fixed=each.name in ON_THE_MACHINE,
            )
        )
    return tuple(sorted(made, key=lambda each: (each.common, not each.required)))


def filled(destination: Destination, settings: Settings | None, form: Mapping[str, str]) -> dict[str, Any]:
    """The settings that a form says, for `edit.edited`. Raises SettingsError for a text that is none of its kind.

    `form`: text by name; a secret that is to be taken away has `drop.NAME` too. A fixed one stays what it is.
    """
    found: dict[str, Any] = {}
    seen = {} if settings is None else shown(settings)
    for each in fields(destination, settings):
        text = form.get(each.name, "").strip()
        if each.fixed:
            if seen.get(each.name):
                found[each.name] = seen[each.name]
        elif each.form == "switch":
            found[each.name] = bool(text)
        elif text:
            found[each.name] = _value(each, text)
        elif each.secret:
            if each.is_set and not form.get(f"drop.{each.name}"):
                found[each.name] = SHOWN
        elif each.usual and each.form == "text" and each.name in form:
            found[each.name] = ""
    return found


def _form(hint: Any) -> tuple[Form, tuple[str, ...]]:
    origin = get_origin(hint)
    if origin is Literal:
        return "choice", tuple(map(str, get_args(hint)))
    if origin is tuple:
        return "lines", ()
    if origin is not None:
        return ("pairs" if get_args(hint)[1] is not Any else "json"), ()
    if hint is bool:
        return "switch", ()
    return ("number" if hint in (int, float) else "text"), ()


def _text(form: Form, value: Any) -> str:
    if form == "switch":
        return "on" if value else ""
    if not value:
        return ""
    if form == "lines":
        return "\n".join(map(str, value))
    if form == "pairs":
        return "\n".join(f"{name} = {one}" for name, one in value.items())
    if form == "json":
        return json.dumps(value, indent=2, ensure_ascii=False)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(field: Field, text: str) -> Any:
    if field.form == "number":
        try:
            return int(text) if text.lstrip("-").isdigit() else float(text)
        except ValueError:
            raise SettingsError(field.name, "is no number") from None
    if field.form == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if field.form == "pairs":
        return dict(_pair(field.name, line) for line in text.splitlines() if line.strip())
    if field.form == "json":
        try:
            return msgspec.json.decode(text, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
            raise SettingsError(field.name, "is no object in JSON") from None
    return text


def _pair(name: str, line: str) -> tuple[str, str]:
    key, mark, value = line.partition("=")
    if not mark or not key.strip():
        raise SettingsError(name, "has a line that is not `name = value`")
    return key.strip(), value.strip()
