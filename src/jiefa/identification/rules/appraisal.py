"""Whether the votes of an appraisal carry."""

from __future__ import annotations

from collections.abc import Mapping

from jiefa.kernel.errors import JiefaError


class VotesDoNotCarry(JiefaError):
    code = "identification.votes"
    zh = "“{title}”：赞成票没有超过反对票，或票数多于到会人数，评议未通过。请如实填写票数，或作“不同意”的决定。"
    en = "{title!r}: votes for do not outnumber those against, or there are more votes than people. State the votes as they were, or refuse."


def votes_carry(facts: Mapping[str, object]) -> bool:
    """Whether more voted for than against, and no more voted than were present. True where no votes are stated: the step
    that asks for them refuses by itself."""
    present, votes_for, votes_against = (facts.get(name) for name in ("present", "votes_for", "votes_against"))
    if not (isinstance(present, int) and isinstance(votes_for, int) and isinstance(votes_against, int)):
        return True
    return votes_for > votes_against and votes_for + votes_against <= present
