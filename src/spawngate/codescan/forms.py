"""Forms, serializers and views of Django and its REST framework: what they bind, store and show without a line of code.

Belongs here: `Serializer(data=x).validated_data`, forms that a view hands to its methods, model serializers of views
that create and update rows by themselves, `get_object()` of such views. Not here: handlers and requests (`models`),
rows in general (`stores`).
Sources: the manuals of Django 5 (forms) and Django REST framework 3.16 (serializers, generic views, viewsets).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, owner_of
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import Path
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

VALIDATED = frozenset(["validated_data", "cleaned_data", "initial_data", "data"])
_FORMS = ("rest_framework.serializers.", "django.forms.", "rest_framework_dataclasses.")
_CLOSED_FIELDS = frozenset(
    ["ChoiceField", "MultipleChoiceField", "IntegerField", "BooleanField", "FloatField", "DecimalField", "UUIDField"]
)


def bound(search: Search, node: ir.Call, cls: ClassInfo, path: Path, state: State) -> bool:
    """`Serializer(data=x).validated_data`, `Form(x).cleaned_data`: what was bound, as far as the class declares it."""
    names = search.resolver.class_names(cls)[1:]
    if not any(each.startswith(_FORMS) for each in names):
        return False
    given = [argument.value for argument in node.args if argument.name == "data"]
    if not given and any(each.startswith("django.forms.") for each in names):
        given = [argument.value for argument in node.args[:1] if not argument.name]
    if not given:
        return False
    if _closes(search, cls, path):
        return True
    for expression in given:
        what = f"checked by {cls.name}"
        search.ask(expression, state.function, path, state.frame, state, 0, what, "argument", node.line)
    return True


def _closes(search: Search, cls: ClassInfo, path: Path) -> bool:
    """The class declares the field that a path begins with as one of constants or numbers."""
    for each in (cls, *search.resolver.bases(cls)):
        declared = each.fields.get(str(path[0])) if path else None
        made = declared.value if declared is not None else None
        if isinstance(made, ir.Call) and last_name(made.callee) in _CLOSED_FIELDS:
            return True
    return False


_HANDED = frozenset(["form_valid", "form_invalid", "perform_create", "perform_update"])
"""Methods of generic views that get the bound form or serializer from the view itself."""


def handed(search: Search, function: FunctionInfo, index: int, path: Path, state: State) -> bool:
    """`form_valid(self, form)`, `perform_create(self, serializer)`: what the request bound, as far as the view's form
    declares it. False for anything else."""
    owner = owner_of(function)
    if function.name not in _HANDED or index != 1 or owner is None or not path or path[0] not in VALIDATED:
        return False
    if not any(name.startswith(_VIEWS) for name in search.resolver.class_names(owner)):
        return False
    for view in (owner, *search.resolver.bases(owner)):
        for word in ("form_class", "serializer_class"):
            named = view.fields.get(word)
            if named is None or named.value is None:
                continue
            for form in search.resolver.chain(named.value, view.module.top):
                if isinstance(form, ClassInfo) and _closes(search, form, path[1:]):
                    return True
    what = f"form of an HTTP request, which {owner.name} hands to {function.name}()"
    search.source(SourceKind.HTTP, "python.django.view-request", what, state, function.node.line)
    return True


_SHOWS = frozenset(["get_object", "get_queryset", "filter_queryset", "paginate_queryset"])
_VIEWS = ("rest_framework.viewsets.", "rest_framework.generics.", "django.views.generic.")
_WRITING = ("ModelViewSet", "CreateAPIView", "UpdateAPIView", "ListCreateAPIView", "RetrieveUpdateAPIView")
_WRITING_ALSO = ("RetrieveUpdateDestroyAPIView", "CreateModelMixin", "UpdateModelMixin", "CreateView", "UpdateView")


def viewed(search: Search, node: ir.Call, state: State) -> bool:
    """`self.get_object()` of a generic view: a row of its `queryset`. False for anything else."""
    callee = node.callee
    if not isinstance(callee, ir.Attribute) or callee.name not in _SHOWS or last_name(callee.base) != "self":
        return False
    owner = owner_of(state.function)
    if owner is None or not any(name.startswith(_VIEWS) for name in search.resolver.class_names(owner)):
        return False
    search.ask(search.field_of(owner, "queryset"), owner.module.top, state.path, None, state, 1)
    return True


def stored(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """Views write a row's field by themselves, through a model serializer or form that lists it."""
    found = False
    for word in ("ModelSerializer", "ModelForm"):
        for module in search.project.extenders(word, cls.module.language):
            for serializer in [each for same in module.classes.values() for each in same]:
                if not any(base.name.rpartition(".")[2] == word for base in serializer.bases):
                    continue
                view = _view_of(search, serializer) if _lists(search, serializer, cls, name) else None
                if view is not None:
                    found = True
                    what = f"body of an HTTP request: field `{name}` of {serializer.name}, which {view.name} stores"
                    id_ = "python.django.view-request"
                    search.ask_source(SourceKind.HTTP, id_, what, state, view.module.top, view.node.line)
    return found


def _lists(search: Search, serializer: ClassInfo, cls: ClassInfo, name: str) -> bool:
    """Its `Meta` names the class and the field, and no field of its own closes it or keeps it from being written."""
    declared = serializer.fields.get(name)
    if declared is not None and isinstance(declared.value, ir.Call):
        flags = {argument.name for argument in declared.value.args}
        if last_name(declared.value.callee) in _CLOSED_FIELDS or "read_only" in flags:
            return False
    for meta in serializer.module.classes.get("Meta", ()):
        if meta.parent is not serializer:
            continue
        model, fields = (meta.fields.get(each) for each in ("model", "fields"))
        if model is None or model.value is None or cls not in search.resolver.chain(model.value, serializer.module.top):
            return False
        kept = meta.fields.get("read_only_fields")
        if kept is not None and name in _texts(kept.value):
            return False
        return fields is None or fields.value is None or bool({name, "__all__"} & _texts(fields.value))
    return False


def _texts(node: ir.Expression | None) -> set[str]:
    items = node.items if isinstance(node, ir.Sequence) else (node,)
    return {str(each.value) for each in items if isinstance(each, ir.Literal)}


def _view_of(search: Search, serializer: ClassInfo) -> ClassInfo | None:
    for module in search.project.modules_with(serializer.name, serializer.module.language):
        for view in [each for same in module.classes.values() for each in same]:
            used = [view.fields.get(each) for each in ("serializer_class", "form_class")]
            named = [each.value for each in used if each is not None and each.value is not None]
            if not any(serializer in search.resolver.chain(each, module.top) for each in named):
                continue
            ends = {name.rpartition(".")[2] for name in search.resolver.class_names(view)}
            if ends & {*_WRITING, *_WRITING_ALSO}:
                return view
    return None
