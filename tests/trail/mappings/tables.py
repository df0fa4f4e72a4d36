"""Makes the tables that the mapping tests check against from the official schemas. Run by hand, not by tests.

    python -m tests.trail.mappings.tables ocsf SCHEMA.json > tests/trail/mappings/ocsf-1.8.0.json
    python -m tests.trail.mappings.tables ecs ecs_flat.yml > tests/trail/mappings/ecs-9.json

SCHEMA.json is what https://schema.ocsf.io/1.8.0/export/v2/schema gives; ecs_flat.yml is `generated/ecs/ecs_flat.yml` of
github.com/elastic/ecs at the tag of the version. Only what a check needs is kept: no description, no caption of what is
not used. Of OCSF: the seven classes and the objects that can be reached from them in `DEPTH` steps.
"""

import json
import sys
from typing import Any

import yaml

CLASSES = (
    "base_event",
    "process_activity",
    "detection_finding",
    "entity_management",
    "application_lifecycle",
    "api_activity",
    "application_error",
)
PROFILES = {"host", "security_control"}
OBJECTS = (
    "_none",
    "actor",
    "analytic",
    "api",
    "attack",
    "authorization",
    "device",
    "evidences",
    "finding_info",
    "managed_entity",
    "metadata",
    "network_endpoint",
    "object",
    "policy",
    "process",
    "product",
    "remediation",
    "request",
    "resource_details",
    "service",
    "session",
    "sub_technique",
    "technique",
    "user",
)
"""Objects that our documents use; one that is not here fails the check, so that it is put here."""


FIELD_SETS = [
    "@timestamp",
    "ecs",
    "error",
    "event",
    "file",
    "gen_ai",
    "host",
    "labels",
    "log",
    "message",
    "observer",
    "process",
    "related",
    "rule",
    "service",
    "tags",
    "url",
    "user",
]
"""Of ECS: fields that are deeper than these sets' own are not used."""


def attribute(given: dict[str, Any]) -> dict[str, Any]:
    """Type, requirement and enum of one attribute."""
    found: dict[str, Any] = {"type": given["type"], "requirement": given["requirement"]}
    if given.get("object_type"):
        found["object"] = given["object_type"]
    if given.get("is_array"):
        found["array"] = True
    if given.get("enum"):
        found["enum"] = {key: value["caption"] for key, value in sorted(given["enum"].items())}
    if given.get("sibling"):
        found["sibling"] = given["sibling"]
    if given.get("@deprecated"):
        found["deprecated"] = True
    return found


def described(given: dict[str, Any]) -> dict[str, Any]:
    """One class or object."""
    attributes = {
        name: attribute(value)
        for name, value in sorted(given["attributes"].items())
        if not value.get("profiles") or PROFILES & set(value["profiles"])
    }
    found: dict[str, Any] = {"attributes": attributes}
    if given.get("constraints"):
        found["constraints"] = given["constraints"]
    if given.get("uid") is not None:
        found["uid"] = given["uid"]
        found["caption"] = given["caption"]
        found["category"] = given["category"]
    return found


def ocsf(text: str) -> dict[str, Any]:
    """The table of OCSF."""
    schema = json.loads(text)
    types = {
        name: {key: given[key] for key in ("type", "regex", "range", "max_len") if key in given}
        for name, given in sorted(schema["dictionary"]["types"]["attributes"].items())
    }
    return {
        "version": schema["version"],
        "categories": {name: each["caption"] for name, each in sorted(schema["categories"]["attributes"].items())},
        "classes": {name: described(schema["classes"][name]) for name in CLASSES},
        "objects": {name: described(schema["objects"][name]) for name in OBJECTS if name in schema["objects"]},
        "types": types,
    }


def ecs(text: str) -> dict[str, Any]:
    """The table of ECS: type of every field, whether it is a list, and its allowed values."""
    fields = {}
    for name, given in sorted(yaml.safe_load(text).items()):
        if name.partition(".")[0] not in FIELD_SETS or (name.count(".") > 1 and not name.startswith("gen_ai.")):
            continue
        found: dict[str, Any] = {"type": given["type"]}
        if "array" in given.get("normalize", ()):
            found["array"] = True
        if given.get("allowed_values"):
            found["allowed"] = {each["name"]: each.get("expected_event_types") for each in given["allowed_values"]}
        fields[name] = found
    return {"fields": fields}


if __name__ == "__main__":
    which, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        table = {"ocsf": ocsf, "ecs": ecs}[which](file.read())
    json.dump(table, sys.stdout, separators=(",", ":"), sort_keys=True)
    sys.stdout.write("\n")
