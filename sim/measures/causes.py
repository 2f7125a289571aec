"""What the causes of unmet need are called."""

from __future__ import annotations

from typing import NamedTuple

from sim.words.language import Phrase


class CauseWords(NamedTuple):
    """The words for one cause."""

    short: Phrase
    """As short as the log has it."""
    name: Phrase
    """As sentences, titles and keys call it."""
    why: Phrase | None = None
    """Why units are missing, in a clause; None of a cause of which a promise covers them."""


CAUSES_SAID = {
    "in repair": CauseWords(Phrase("in repair"), Phrase("units in repair"), Phrase("repairs are under way")),
    "in transit": CauseWords(Phrase("in transit"), Phrase("the journey")),
    "lift": CauseWords(Phrase("lift"), Phrase("waiting for a lift")),
    "preparing": CauseWords(Phrase("preparing"), Phrase("preparing to leave")),
    "council": CauseWords(Phrase("council"), Phrase("the Council's vote")),
    "contributor": CauseWords(Phrase("contributor"), Phrase("the contributor's consent")),
    "host": CauseWords(Phrase("host"), Phrase("the host's agreement")),
    "refused": CauseWords(Phrase("refused"), Phrase("refusals"), Phrase("a refusal stands")),
    "kept": CauseWords(Phrase("kept"), Phrase("reserves held back"), Phrase("the others keep back what they have")),
    "ceiling": CauseWords(Phrase("ceiling"), Phrase("the agreement's ceiling"), Phrase("the agreement allows no more")),
    "not permitted": CauseWords(
        Phrase("not permitted"), Phrase("loans not permitted"), Phrase("those who have some may not lend")
    ),
    "no way there": CauseWords(
        Phrase("no way there"),
        Phrase("no way to bring them"),
        Phrase("no way of travelling covers the distance to those who have some"),
    ),
    "given up": CauseWords(Phrase("given up"), Phrase("patience at an end"), Phrase("it is not sought any more")),
    "nobody had any": CauseWords(
        Phrase("nobody had any"), Phrase("nobody having spare units"), Phrase("nobody has any to spare")
    ),
}
CAUSE_NAMES = {cause: words.name for cause, words in CAUSES_SAID.items()}
