"""`python -m bench commands`: how many attacks a decision stops, and how much everyday work it disturbs.

A labelled corpus, written without the product's rules in sight: families of attacks with their harmless look-alikes
(`packs`), the same attacks in disguises (`disguises`), everyday commands (`everyday`, and `harvest` for those of real
projects). `experiments` proves that the disguises really run what they carry.
Must not be here: anything that imports the product. It is asked over its command line, like by any other program.
"""

from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str]) -> int:
    """The benchmark, or what the first word names: `experiments`, `harvest`. Exit codes as in their modules."""
    if arguments and arguments[0] == "experiments":
        from bench.commands.experiments import main as prove

        return prove(arguments[1:])
    if arguments and arguments[0] == "harvest":
        from bench.commands.harvest import main as harvest

        return harvest(arguments[1:])
    from bench.commands.run import main as run

    return run(arguments)
