"""What the policy of a year asks of the checks. Plain values."""

from __future__ import annotations

from dataclasses import dataclass

from jiefa.policy import Policy
from jiefa.truth.rules.bunching import Window


@dataclass(frozen=True, slots=True)
class Limits:
    """``line_fen``: the poverty line; ``bin_fraction``: a bin of income in parts of the line; the rest as the parameters say."""

    line_fen: int
    bin_fraction: float
    window: Window
    heaping_least: int
    copied_least: int
    season_days: int
    least_villages: int
    near_people: int
    exact_least: int
    visit_least: int
    words_from: int
    false_share: float


def of(policy: Policy) -> Limits:
    """The limits of a year. Raises ``NotInForce``."""

    def whole(name: str) -> int:
        return int(policy.number(f"truth.{name}"))

    width = policy.number("truth.bunching_bin_percent")
    return Limits(
        line_fen=policy.fen("poverty_line.province"),
        bin_fraction=float(width) / 100,
        window=Window(
            bins=int(policy.number("truth.bunching_range_percent") / width),
            near=int(policy.number("truth.bunching_window_percent") / width),
            least_near=whole("bunching_least_near"),
            least_far=whole("bunching_least_far"),
        ),
        heaping_least=whole("heaping_least"),
        copied_least=whole("copied_least"),
        season_days=whole("exit_season_days"),
        least_villages=whole("exit_least_villages"),
        near_people=whole("exact_near_people"),
        exact_least=whole("exact_least"),
        visit_least=whole("visit_least"),
        words_from=whole("visit_words_from"),
        false_share=float(policy.number("truth.false_share_percent")) / 100,
    )
