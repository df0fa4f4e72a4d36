"""Disguises: ways to run a command so that its text no longer starts with it.

Belongs here: the type, and how a disguise and payloads make a family. The disguises are data in the modules beside
this one. Must not be here: a disguise that does not run what it carries: `experiments` runs each that can be run here
around a harmless canary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.commands.case import Family
from bench.commands.payloads import BENIGN, HOSTILE
from bench.commands.template import Chain, Payload, dress, words_needed

ATTACKS_PER_DISGUISE = 14
TWINS_PER_DISGUISE = 8


@dataclass(frozen=True, slots=True)
class Disguise:
    """One way to hide a command, in several spellings."""

    name: str
    variants: tuple[Chain, ...]
    suspicious: tuple[Chain, ...] = ()
    """Further spellings that hide on purpose: they carry attacks only, for stopping them is right whatever they carry."""
    pack: str = "wrapper"
    """`wrapper` where people use it for honest work too, `obfuscation` where hardly anybody does."""
    wrapper: str = ""
    """Its name in the issue's list of wrappers."""
    around_harmless: bool = True
    """Whether the same disguise around a harmless command should pass. False for what asks for suspicion by itself."""
    twins: tuple[str, ...] = ()
    """Further look-alikes that run nothing bad."""
    needs: tuple[str, ...] = ()
    """Programs that have to be there to prove it."""
    elsewhere: bool = False
    """Runs on another host, in a container, or as a service: cannot be proven by a file here."""
    terminal: bool = False
    """Needs a terminal to run at all."""
    note: str = ""

    @property
    def spellings(self) -> tuple[Chain, ...]:
        """All of them."""
        return (*self.variants, *self.suspicious)

    def payloads(self, chains: Sequence[Chain], pool: Sequence[Payload], count: int) -> list[tuple[Chain, Payload]]:
        """`count` pairs: every one of `chains` as often as any other, with payloads that it can carry."""
        pairs = []
        offset = sum(self.name.encode())
        for step in range(count):
            chain = chains[step % len(chains)]
            fitting = [payload for payload in pool if len(payload.words) >= words_needed(chain)]
            # A prime stride, so that neighbouring disguises do not all carry the same first payloads.
            pairs.append((chain, fitting[(offset + step * 7) % len(fitting)]))
        return pairs

    def family(self) -> Family:
        """Its cases: hostile payloads as attacks; harmless ones and look-alikes as twins."""
        count = max(ATTACKS_PER_DISGUISE, len(self.spellings))
        attacks = tuple(dress(chain, payload) for chain, payload in self.payloads(self.spellings, HOSTILE, count))
        harmless: tuple[str, ...] = ()
        if self.around_harmless:
            count = max(TWINS_PER_DISGUISE, len(self.variants))
            harmless = tuple(dress(chain, payload) for chain, payload in self.payloads(self.variants, BENIGN, count))
        return Family(
            f"disguise-{self.name}", self.pack, attacks, (*harmless, *self.twins), note=self.note, wrapper=self.wrapper
        )
