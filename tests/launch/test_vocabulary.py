"""The vocabulary of facts."""

import ast
import dataclasses
import inspect
from itertools import pairwise

from spawngate.launch import facts
from spawngate.launch.facts import LaunchFacts


def test_every_fact_is_text_flag_or_list_and_neutral_by_default() -> None:
    neutral: tuple[object, ...] = ("", "none", "unknown", False, ())
    assert [field.name for field in dataclasses.fields(LaunchFacts) if field.default not in neutral] == []


def test_newer_facts_are_explained() -> None:
    body = ast.parse(inspect.getsource(facts)).body[-1]
    assert isinstance(body, ast.ClassDef)
    lines = [node for node in body.body if not isinstance(node, ast.FunctionDef)]
    names = [node.target.id for node in lines if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]
    assert names == [field.name for field in dataclasses.fields(LaunchFacts)]
    explained = {
        node.target.id
        for node, after in pairwise(lines)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(after, ast.Expr)
    }
    assert set(names[names.index("utility") :]) <= explained
