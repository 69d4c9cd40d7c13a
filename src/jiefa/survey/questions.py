"""A question about a file of microdata and its answer: the one way in which the command line and the page ask ``jiefa.survey``.

Knows which columns a question needs, in which order things are read and computed, and what is said of rows that do not count. Knows no
Django and keeps nothing: neither file nor answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from jiefa.kernel.errors import JiefaError, Words
from jiefa.survey import design, errors, estimate, microdata, mpi, poverty, spec


class TooManyResults(JiefaError):
    code = "survey.too_many_results"
    zh = "这样会得出 {rows} 行结果，页面最多列 {most} 行。请检查“{column}”是不是选对了列，或改用命令行 jiefa survey。"
    en = (
        "That would be {rows} rows of results, and a page shows at most {most}. Check whether {column!r} is the right column, "
        "or use jiefa survey on the command line."
    )


@dataclass(frozen=True)
class Answer:
    """``rows``: one for each result, the whole file first; ``left_out``: what does not count in them, in sentences."""

    rows: list[dict[str, object]]
    left_out: tuple[Words, ...]


@dataclass(frozen=True)
class Poverty:
    """Income poverty and inequality; ``share`` of the median is the line where there is no ``line``."""

    income: str
    weight: str | None = None
    line: float | None = None
    share: float = poverty.SHARE
    by: str | None = None

    def answer(self, file: Path, most: int | None = None) -> Answer:
        """One row for each group and statistic: ``poverty.Statistic``. Raises ``SurveyError``, ``SheetsError``, ``TooManyResults``."""
        data = microdata.read(file, _wanted(self.income, self.weight, self.by))
        incomes = data.numbers(self.income)
        weights = None if self.weight is None else data.numbers(self.weight)
        groups = None if self.by is None else data.labels(self.by)
        _check_most(_groups(groups) * len(poverty.STATISTICS), most, self.by)
        found = poverty.statistics(incomes, weights, groups, line=self.line, share=self.share)
        if not found[0].n:
            raise _nothing_left(data, self.income, self.weight)
        said = []
        if found[0].missing:
            said.append(
                Words(
                    f"共 {len(data):,} 行，{found[0].missing:,} 行缺收入或没有大于 0 的权重，未计入。",
                    f"{found[0].missing:,} of {len(data):,} rows without income or without a weight above 0 are left out.",
                )
            )
        return Answer([asdict(one) for one in found], (*said, *_ungrouped(groups)))


@dataclass(frozen=True)
class Multidimensional:
    """Multidimensional poverty by a specification; ``by`` is one more column of groups than it names."""

    spec: spec.Spec
    drawn: design.Asked
    by: str | None = None

    def answer(self, file: Path, most: int | None = None) -> Answer:
        """One row for each group, cut-off and measure: ``mpi.Measured``. Raises as ``Poverty.answer`` does."""
        names = tuple(dict.fromkeys((*self.spec.by, *_wanted(self.by))))
        data = microdata.read(file, [*self.spec.columns, *self.drawn.columns, *names])
        judged = mpi.deprivations(data, self.spec)
        made = design.designed(data, self.drawn)
        said = _of_design(data, made, self.drawn)
        labels = [(name, data.labels(name)) for name in names]
        of_one = len(self.spec.columns) + len(self.spec.cutoffs) * (3 + 3 * len(self.spec.columns))
        _check_most((1 + sum(len(one.names) for _name, one in labels)) * of_one, most, *names)
        found = mpi.measures(made, judged, self.spec, labels)
        if not found[0].n:
            raise _nothing_left(data, *self.spec.columns)
        said += _unanswered(int(np.count_nonzero(made.used & ~judged.known)), Words("指标", "an indicator"))
        return Answer(
            [asdict(one) for one in found], (*said, *(words for _name, one in labels for words in _ungrouped(one)))
        )


@dataclass(frozen=True)
class Estimates:
    """A mean, total, proportion or ratio by the design of the sample."""

    statistic: estimate.Asked
    variable: str
    drawn: design.Asked
    denominator: str | None = None
    by: str | None = None

    def answer(self, file: Path, most: int | None = None) -> Answer:
        """One row for each group and category: ``estimate.Estimate``. Raises as ``Poverty.answer`` does, and ``NoDenominator``."""
        if (self.statistic is estimate.Asked.RATIO) != (self.denominator is not None):
            raise errors.NoDenominator
        asked = _wanted(self.variable, self.denominator)
        data = microdata.read(file, [*asked, *_wanted(self.by), *self.drawn.columns])
        made = design.designed(data, self.drawn)
        said = _of_design(data, made, self.drawn)
        groups = None if self.by is None else data.labels(self.by)
        if self.statistic is estimate.Asked.PROPORTION:
            categories = data.labels(self.variable)
            _check_most(_groups(groups) * len(categories.names), most, self.variable, *_wanted(self.by))
            found = estimate.proportions(made, categories, groups)
        else:
            _check_most(_groups(groups), most, self.by)
            below = None if self.denominator is None else data.numbers(self.denominator)
            found = estimate.numbers(made, self.statistic, data.numbers(self.variable), below, groups)
        if not found or not found[0].n:
            raise _nothing_left(data, *asked)
        said += _unanswered(found[0].missing - made.left_out, Words("、".join(asked), ", ".join(asked)))
        return Answer([asdict(one) for one in found], (*said, *_ungrouped(groups)))


Question = Poverty | Multidimensional | Estimates


def _wanted(*names: str | None) -> list[str]:
    return [name for name in names if name is not None]


def _groups(groups: microdata.Labels | None) -> int:
    return 1 + (0 if groups is None else len(groups.names))


def _check_most(rows: int, most: int | None, *columns: str | None) -> None:
    if most is not None and rows > most:
        raise TooManyResults(rows=f"{rows:,}", most=f"{most:,}", column="、".join(_wanted(*columns)))


def _nothing_left(data: microdata.Microdata, *columns: str | None) -> errors.NothingLeft:
    return errors.NothingLeft(file=data.file, rows=len(data), columns="、".join(_wanted(*columns)))


def _ungrouped(groups: microdata.Labels | None) -> Iterable[Words]:
    alone = 0 if groups is None else int(np.count_nonzero(groups.missing))
    if alone:
        yield Words(
            f"{alone:,} 行没有写组，只计入合计。", f"{alone:,} rows state no group and count in the total alone."
        )


def _of_design(data: microdata.Microdata, found: design.Design, asked: design.Asked) -> list[Words]:
    if not found.used.any():
        raise _nothing_left(data, asked.weight)
    said = []
    if found.left_out:
        said.append(
            Words(
                f"共 {len(data):,} 行，{found.left_out:,} 行没有大于 0 的权重，未计入。",
                f"{found.left_out:,} of {len(data):,} rows without a weight above 0 are left out.",
            )
        )
    if found.ignored:
        said.append(
            Words(
                f"下级群 {'、'.join(found.ignored)} 没有总体数，不影响误差，未用。",
                f"The lower clusters {', '.join(found.ignored)} have no population size and change no error: not used.",
            )
        )
    return said


def _unanswered(count: int, what: Words) -> list[Words]:
    if not count:
        return []
    return [Words(f"{count:,} 行缺{what.zh}，不计入估计。", f"{count:,} rows lack {what.en} and count in no estimate.")]
