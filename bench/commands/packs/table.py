"""Every family of the corpus. A written table, so that a module that is forgotten shows."""

from bench.commands.case import Case, Family, unique
from bench.commands.disguises.table import DISGUISES
from bench.commands.packs import (
    agent_config,
    calls,
    credentials,
    destructive,
    download,
    exfiltration,
    mcp_launch,
    mentions,
    persistence,
    privilege,
    self_protection,
    supply_chain,
    windows,
)

FAMILIES: tuple[Family, ...] = (
    *destructive.FAMILIES,
    *exfiltration.FAMILIES,
    *credentials.FAMILIES,
    *persistence.FAMILIES,
    *privilege.FAMILIES,
    *download.FAMILIES,
    *supply_chain.FAMILIES,
    *agent_config.FAMILIES,
    *self_protection.FAMILIES,
    *mcp_launch.FAMILIES,
    *mentions.FAMILIES,
    *windows.FAMILIES,
    *calls.FAMILIES,
    *(disguise.family() for disguise in DISGUISES),
)


def cases() -> list[Case]:
    """The labelled corpus without everyday commands, in a fixed order, every case once."""
    return unique(case for family in FAMILIES for case in family.cases())
