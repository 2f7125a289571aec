"""What the shipped scenarios answer: the table in the README, and the remark at the head of each file.

`python docs/answers.py` makes both again.

Every scenario is run with its own seed and as often as it says itself, so that the same code gives the same table, and
`intermission run` the same answer. It takes a quarter of an hour; names of scenarios as arguments make only their rows,
and keep the others.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

import sim
from sim.comparison.answer import Answer

README = Path(__file__).parents[1] / "README.md"
SCENARIOS = Path(__file__).parents[1] / "scenarios"
FOUND = "Found"
"""How the remark begins."""
_REMARK = re.compile(rf"^# {FOUND}\b.*\n(?:#.*\n)*", re.MULTILINE)
BEGIN, END = "<!-- answers: python docs/answers.py -->\n", "<!-- end of answers -->\n"
HEAD = "| scenario | what it answers | does that survive its doubts? |\n| --- | --- | --- |\n"


def answered(name: str, workers: int | None = 1) -> Answer:
    """What a scenario answers, run as it says itself."""
    return sim.answer(sim.compare(sim.run(sim.load(file(name)), workers=workers, keep_loans=0)))


def file(name: str) -> Path:
    """The file of a scenario."""
    return SCENARIOS / f"{name}.yaml"


def row(name: str, found: Answer) -> str:
    """A scenario's row in the table."""
    cells = [f"[{name}](scenarios/{name}.yaml)", f"*{found.question}* {found.sentences[0]}", survives(found)]
    return "| " + " | ".join(cell.replace("|", "/").replace("\u00a0", " ") for cell in cells) + " |\n"


def remark(found: Answer) -> str:
    """The remark at the head of a scenario's file, in lines of it."""
    run = found.comparison
    worlds = f", {run.sets:,} worlds of its doubts" if run.scenario.doubts else ""
    told = f"{FOUND} by the model ({run.replications:,} replications{worlds}): {found.text}"
    return textwrap.fill(told, 130, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False) + "\n"


def survives(found: Answer) -> str:
    """Whether the answer holds in nine worlds of ten, which are draws of what nobody knows."""
    first = found.first
    if first is None or not first.difference.significant:
        return "there is no answer"
    if first.worlds is None:
        return "it has none"
    leads = found.worlds_first
    holds = first.worlds.holds if leads is None else min(leads, first.worlds.holds)
    of = f"in {holds:,} of {first.worlds.count:,} worlds"
    return f"yes: {of}" if 10 * holds >= 9 * first.worlds.count else f"**no**: only {of}"


def names() -> list[str]:
    """The scenarios that are asked something."""
    return sorted(path.stem for path in SCENARIOS.glob("*.yaml") if "\nquestion:" in path.read_text(encoding="utf-8"))


def rows(text: str) -> dict[str, str]:
    """The table's rows by scenario."""
    table = text.partition(BEGIN)[2].partition(END)[0]
    return {found[1]: found[0] for found in re.finditer(r"^\| \[(\w+)\].*\n", table, re.MULTILINE)}


def main(only: list[str]) -> None:
    """Write the rows and remarks of these scenarios, or of all."""
    for name in only or names():
        found = answered(name)
        text = README.read_text(encoding="utf-8")
        told = rows(text) | {name: row(name, found)}
        table = "".join(told[each] for each in names() if each in told)
        before, after = text.partition(BEGIN)[0], text.partition(END)[2]
        README.write_text(before + BEGIN + HEAD + table + END + after, encoding="utf-8")
        scenario = file(name).read_text(encoding="utf-8")
        file(name).write_text(_REMARK.sub(lambda _: remark(found), scenario, count=1), encoding="utf-8")  # noqa: B023
        sys.stdout.write(told[name])
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
