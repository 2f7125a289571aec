"""What stands over the parts of a report, on the screen and on paper, in the language spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.words.language import phrase

if TYPE_CHECKING:
    from sim.briefing.outline import Briefing


def headings(briefing: Briefing) -> dict[str, str]:
    """Name in the templates -> heading."""
    return {
        "kind": phrase("Briefing"),
        "in_short": phrase("In short"),
        "compared": phrase("What was compared: {facts}.", facts=briefing.facts),
        "charts": phrase("Annex: the charts behind the answer"),
        "numbers": phrase("The numbers behind this chart"),
        "drawn": phrase("What is drawn, with the ends of its intervals where there are any"),
        "sure": phrase("What can be told apart, and what not"),
        "paired": phrase("By unmet need, over {n:,} paired replications", n=briefing.comparison.replications),
        "annex": phrase("Annex: {finding}", finding=briefing.annex.headline),
        "counts": phrase("Notes on sources in the scenario, by how sure they are"),
        "part": phrase("Part of the scenario"),
        "recorded": phrase("What was recorded"),
        "assumed": phrase("What was assumed"),
        "what_numbers": phrase("Numbers"),
        "how_sure": phrase("How sure"),
        "source": phrase("Source"),
        "again": phrase("How to make it again"),
        "what": phrase("What"),
        "value": phrase("Value"),
    }
