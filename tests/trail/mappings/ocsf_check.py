"""Checks a document against the table of OCSF 1.8 that `tables.py` makes from the official schema.

Stricter than the schema in three ways: an attribute that is not named is a fault, a deprecated one is, and a caption
must be the one of its number.
"""

import json
import re
from pathlib import Path
from typing import Any

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "ocsf-1.8.0.json").read_text(encoding="utf-8"))
CLASSES = {given["uid"]: name for name, given in TABLE["classes"].items()}
_INTEGERS = {"integer_t": 31, "long_t": 63, "timestamp_t": 63, "port_t": 31}


def faults(document: dict[str, Any]) -> list[str]:
    """What is wrong with a document, by path."""
    name = CLASSES.get(document.get("class_uid", -1))
    if name is None:
        return ["class_uid: no such class"]
    given = TABLE["classes"][name]
    found = _check(document, given, "")
    if document.get("class_name") != given["caption"]:
        found.append("class_name: not the caption")
    category = TABLE["categories"].get(given["category"], "Uncategorized")
    if document.get("category_name") != category:
        found.append(f"category_name: not {category}")
    if document.get("type_uid") != document["class_uid"] * 100 + document.get("activity_id", -1):
        found.append("type_uid: not class_uid * 100 + activity_id")
    known = set(document.get("metadata", {}).get("profiles", ()))
    if {"action_id", "disposition_id"} & document.keys() and "security_control" not in known:
        found.append("metadata.profiles: security_control is not named")
    if "device" in document and "host" not in known and name not in ("process_activity", "detection_finding"):
        found.append("metadata.profiles: host is not named")
    return found


def _check(value: Any, given: dict[str, Any], path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: no object"]
    attributes = given["attributes"]
    found = []
    for name, attribute in attributes.items():
        if attribute["requirement"] == "required" and name not in value:
            found.append(f"{path}{name}: required")
    for kind, names in given.get("constraints", {}).items():
        present = sum(name in value for name in names)
        if (kind == "at_least_one" and not present) or (kind == "just_one" and present != 1):
            found.append(f"{path}: {kind} of {', '.join(names)}")
    for name, item in value.items():
        at = f"{path}{name}"
        attribute = attributes.get(name)
        if attribute is None:
            found.append(f"{at}: not in the schema")
            continue
        if attribute.get("deprecated"):
            found.append(f"{at}: deprecated")
        if attribute.get("array") and not isinstance(item, list):
            found.append(f"{at}: no list")
            continue
        for each in item if attribute.get("array") else [item]:
            found += _value(each, attribute, at)
        found += _sibling(value, item, attribute, at)
    return found


def _sibling(value: dict[str, Any], item: Any, attribute: dict[str, Any], at: str) -> list[str]:
    sibling, enum = attribute.get("sibling"), attribute.get("enum")
    if not sibling or not enum or sibling not in value or isinstance(item, list):
        return []
    if item == 99 or value[sibling] == enum.get(str(item)):
        return []
    return [f"{at}: {item} is not {value[sibling]!r}"]


def _value(item: Any, attribute: dict[str, Any], at: str) -> list[str]:
    kind = attribute["type"]
    if kind == "object_t":
        if attribute["object"] == "object":
            return [] if isinstance(item, dict) else [f"{at}: no object"]
        given = TABLE["objects"].get(attribute["object"])
        return [f"{at}: {attribute['object']} is not in the table"] if given is None else _check(item, given, f"{at}.")
    if kind == "json_t":
        return []
    if "enum" in attribute and str(item) not in attribute["enum"]:
        return [f"{at}: {item!r} is not one of the enum"]
    if kind == "boolean_t":
        return [] if isinstance(item, bool) else [f"{at}: no boolean"]
    if kind in _INTEGERS:
        fits = isinstance(item, int) and not isinstance(item, bool) and abs(item) < 1 << _INTEGERS[kind]
        return [] if fits else [f"{at}: no integer"]
    if not isinstance(item, str):
        return [f"{at}: no text"]
    if not item:
        return [f"{at}: empty"]
    pattern = TABLE["types"][kind].get("regex")
    longest = TABLE["types"][kind].get("max_len", 1 << 30)
    if pattern and not re.fullmatch(pattern, item):
        return [f"{at}: {item!r} is not as {kind} must be"]
    return [] if len(item) <= longest else [f"{at}: too long"]
