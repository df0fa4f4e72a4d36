"""Records joined, indexed and found."""

from typing import Any

from spawngate.advisories.database import Database, shipped, shipped_archived, shipped_records, with_imported


def osv(identifier: str, modified: str = "2026-01-01T00:00:00Z", name: str = "x", **more: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "modified": modified,
        "affected": [{"package": {"ecosystem": "npm", "name": name}}],
        **more,
    }


def test_everything_that_ships_is_read() -> None:
    assert len(shipped_records()) == len(shipped()) == len(list(shipped())) == 96
    assert len(shipped_archived()) == 13
    assert sum(advisory.malicious for advisory in shipped()) == 8


def test_of_two_records_the_later_one_counts() -> None:
    old, new = osv("A-1", summary="old"), osv("A-1", "2026-02-01T00:00:00Z", summary="new")
    for order in ((old, new), (new, old)):
        assert [one.summary for one in Database([(record, True) for record in order])] == ["new"]
    same = Database([(osv("A-1", summary="first"), False), (osv("A-1", summary="second"), True)])
    assert [(one.summary, one.imported) for one in same] == [("first", False)]


def test_imported_records_can_replace_shipped_ones() -> None:
    newer = osv("CVE-2025-6514", "2027-01-01T00:00:00Z", "mcp-remote", summary="newer")
    found = with_imported([newer]).get("CVE-2025-6514")
    assert found is not None
    assert (found.summary, found.imported) == ("newer", True)


def test_withdrawn_records_match_nothing() -> None:
    database = Database([(osv("A-1", withdrawn="2026-03-01T00:00:00Z"), True)])
    assert database.find(("npm", "x")) == ()
    assert database.get("a-1") is not None


def test_get_by_alias() -> None:
    found = shipped().get("ghsa-v4p8-mg3p-g94g")
    assert found is not None
    assert found.id == "CVE-2026-42271"
    assert shipped().get("CVE-1999-0001") is None


def test_keys_of_other_names() -> None:
    database = shipped()
    litellm = ("PyPI", "litellm")
    assert database.keys(litellm) == ((litellm, True),)
    assert database.keys(("image", "ghcr.io/berriai/litellm"))[1] == (litellm, True)
    assert database.keys(("image", "corp.example/berriai/litellm"))[1] == (litellm, False)
    assert database.keys(("command", "litellm")) == ((litellm, False),)
    assert database.keys(("command", "cursor/cursor")) == ((("app", "cursor"), True),)
    assert database.keys(("Go", "github.com/modelcontextprotocol/go-sdk/mcp"))[1] == (
        ("Go", "github.com/modelcontextprotocol/go-sdk"),
        True,
    )


def test_wants() -> None:
    database = shipped()
    wanted = [
        ("PyPI", "LiteLLM"),
        ("npm", "@modelcontextprotocol/server-slack"),
        ("image", "arc53/docsgpt"),
        ("app", "Cursor"),
    ]
    assert [database.wants(*one) for one in wanted] == [True] * 4
    assert database.wants("GitHub", "who/oura-mcp-server")
    assert not database.wants("npm", "left-pad")


def test_a_record_that_cannot_be_read_is_left_out() -> None:
    broken: dict[str, Any] = {
        "id": "A-2",
        "modified": "never",
        "affected": [{"package": {"ecosystem": "npm", "name": "x"}}],
    }
    database = Database([(osv("A-1"), True), (broken, True)])
    assert [one.id for one in database] == ["A-1"]
    assert [one.id for one, _ in database.find(("npm", "x"))] == ["A-1"]


def test_every_alias_leads_to_a_package_that_is_known() -> None:
    database = shipped()
    lost = [
        (alias, target)
        for alias, target in database._aliases.items()
        if not database.find(target) and database.archived(target) is None
    ]
    assert lost == []
