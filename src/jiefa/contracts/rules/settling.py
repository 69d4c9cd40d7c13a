"""What a lump-sum contract comes to: heads that really left, times the price of one, against what was paid. Integers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jiefa.policy import Policy


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a contract is settled; percentages are whole. See ``parameters/contracts.yaml``."""

    paid_up_to_percent: int
    returned_counted_off: bool
    claw_back_percent: int
    explain_from_percent: int

    @classmethod
    def of(cls, policy: Policy) -> Terms:
        """Those in force on the day of ``policy``. Raises ``NotInForce``."""
        return cls(
            int(policy.number("contracts.paid_up_to_percent")),
            policy.flag("contracts.returned_counted_off"),
            int(policy.number("contracts.claw_back_percent")),
            int(policy.number("contracts.explain_from_percent")),
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """``verified``: heads that left (less those that fell back); ``paid_heads``: of these, those that the contract pays for.

    Fen: ``due`` for them, ``paid`` so far, ``claw_back`` to be returned, ``owed`` still to be paid. Never both of the last two.
    """

    verified: int
    paid_heads: int
    due_fen: int
    paid_fen: int
    claw_back_fen: int
    owed_fen: int
    deviation: int
    """Verified less contracted heads."""
    needs_reason: bool


def settle(*, contracted: int, unit_price_fen: int, exited: int, returned: int, paid_fen: int, terms: Terms) -> Settled:
    """The contract as it stands with these heads and this money. Shares of heads and fen are rounded down."""
    verified = max(0, exited - returned) if terms.returned_counted_off else exited
    paid_heads = min(verified, contracted * terms.paid_up_to_percent // 100)
    due = paid_heads * unit_price_fen
    deviation = verified - contracted
    return Settled(
        verified=verified,
        paid_heads=paid_heads,
        due_fen=due,
        paid_fen=paid_fen,
        claw_back_fen=max(0, paid_fen - due) * terms.claw_back_percent // 100,
        owed_fen=max(0, due - paid_fen),
        deviation=deviation,
        needs_reason=abs(deviation) * 100 >= terms.explain_from_percent * contracted and deviation != 0,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """What a county still has, net, of the money of one origin that another place gave it under the contract."""

    origin: int
    giver_code: str
    fen: int


def returns(held: Sequence[Held], claw_back_fen: int) -> list[tuple[Held, int]]:
    """From which money how much goes back: in the order given, each at most what is held. Less than asked where less is held."""
    left, made = claw_back_fen, []
    for one in held:
        fen = min(left, one.fen)
        if fen > 0:
            made.append((one, fen))
            left -= fen
    return made
