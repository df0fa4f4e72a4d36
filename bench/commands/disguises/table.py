"""Every disguise. A written table, so that a module that is forgotten shows."""

from bench.commands.disguises import Disguise, encodings, interpreters, nested, shells, spelling, tools, wrappers

DISGUISES: tuple[Disguise, ...] = (
    *shells.DISGUISES,
    *wrappers.DISGUISES,
    *interpreters.DISGUISES,
    *tools.DISGUISES,
    *spelling.DISGUISES,
    *encodings.DISGUISES,
    *nested.DISGUISES,
)
