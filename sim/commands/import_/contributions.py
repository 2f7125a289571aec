"""`intermission import contributions`: the UN's table of uniformed contributions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.import_ import OUT, deliver, imported, library_path


def _people(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, int]:
    """`infantry_company=260` as a resource and a number."""
    people: dict[str, int] = {}
    for each in given:
        resource, _equals, number = each.partition("=")
        if not resource or not number.isascii() or not number.isdigit():
            raise click.BadParameter(f"must be a resource and people, like infantry_company=260, not {each!r}")
        if resource in people:
            raise click.BadParameter(f"{resource!r} stands there twice")
        people[resource] = int(number)
    return people


@click.command("contributions")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option("--date", "on", required=True, metavar="DATE", help="A day (2010-10-31), or a month (2010-10).")
@click.option(
    "--missions",
    required=True,
    metavar="A,B,…",
    help="Acronyms as in the table; NEW=OLD imports OLD under the name NEW.",
)
@click.option(
    "--people",
    multiple=True,
    metavar="RESOURCE=N",
    callback=_people,
    show_default="infantry_company=260, formed_police_unit=140, military_observer=10",
    help="People that are one unit (repeatable).",
)
@OUT
@imported
def command(file: Path, *, on: str, missions: str, people: dict[str, int], **flags: Any) -> None:
    """What missions held, by the UN's table of contributions.

    FILE.csv is the table of uniformed personnel by contributor, mission, personnel type and month that the UN Peace and
    Security Data Hub publishes (psdata.un.org), as it is downloaded: the historical set, or the older one that has a
    column of troops. Troops become infantry companies, and so on; people who make no whole unit are told and left out.

    Also lists who has units in two or more missions: loans that one contributor's consent could cover.
    """
    from sim.importing.contributions import read_contributions

    path = library_path(file, flags, suffix=f"_{on}")
    found = read_contributions(file, on=on, missions=missions.split(","), people=people)
    deliver(found, path, flags)
