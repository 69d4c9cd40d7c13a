"""A linear programme put together row by row and solved by HiGHS, once as it is and once with whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np

from jiefa.planning.rules.problem import FlagArray, IntArray, RealArray

INFINITE = highspy.kHighsInf
SOLVER = highspy.Highs.__mro__[1]
"""The solver's own class: ``Highs`` above it says its name on the output as it is made, in the middle of what a command answers."""
MIP_GAP = 1e-4
NODES = 300
"""Most nodes of a search for whole numbers: what was found by then is taken. A limit of time would give other plans on other machines.
30, 300 and 3,000 gave the same plan of 13,000 drawn households (2026-11); what a plan loses by it stands in its gap."""


@dataclass
class Programme:
    """Columns and rows as they come; ``solve`` gives the values of the columns, or None where no answer exists."""

    costs: list[RealArray] = field(default_factory=list)
    lower: list[RealArray] = field(default_factory=list)
    upper: list[RealArray] = field(default_factory=list)
    columns: int = 0
    row_lower: list[RealArray] = field(default_factory=list)
    row_upper: list[RealArray] = field(default_factory=list)
    rows: int = 0
    _entries: list[tuple[IntArray, IntArray, RealArray]] = field(default_factory=list)

    def more_columns(self, costs: RealArray, upper: RealArray | float = INFINITE) -> IntArray:
        """The numbers of new columns from 0 up to ``upper``."""
        count = len(costs)
        self.costs.append(np.asarray(costs, np.float64))
        self.lower.append(np.zeros(count))
        self.upper.append(np.broadcast_to(np.asarray(upper, np.float64), (count,)).copy())
        self.columns += count
        return np.arange(self.columns - count, self.columns, dtype=np.int64)

    def more_rows(self, lower: RealArray, upper: RealArray) -> IntArray:
        """The numbers of new rows between ``lower`` and ``upper``."""
        self.row_lower.append(np.asarray(lower, np.float64))
        self.row_upper.append(np.asarray(upper, np.float64))
        self.rows += len(lower)
        return np.arange(self.rows - len(lower), self.rows, dtype=np.int64)

    def enter(self, rows: IntArray, columns: IntArray, values: RealArray | float) -> None:
        """Entries of the matrix, one per row, column and value."""
        wide = np.broadcast_to(np.asarray(values, np.float64), rows.shape)
        self._entries.append((rows, columns, wide))

    def _model(self) -> highspy.HighsLp:
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
        order = np.lexsort((rows, columns))
        rows, columns, values = rows[order], columns[order], values[order]
        # What is said twice of a row and a column adds up.
        fresh = np.flatnonzero(np.concatenate(([True], (np.diff(rows) != 0) | (np.diff(columns) != 0))))
        rows, columns, values = rows[fresh], columns[fresh], np.add.reduceat(values, fresh)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, self.rows
        model.col_cost_ = np.concatenate(self.costs)
        model.col_lower_, model.col_upper_ = np.concatenate(self.lower), np.concatenate(self.upper)
        model.row_lower_, model.row_upper_ = np.concatenate(self.row_lower), np.concatenate(self.row_upper)
        starts = np.searchsorted(columns, np.arange(self.columns + 1))
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = starts.astype(np.int32)
        model.a_matrix_.index_, model.a_matrix_.value_ = rows.astype(np.int32), values
        return model

    def solve(
        self,
        whole: FlagArray | None = None,
        fixed: tuple[IntArray, RealArray] | None = None,
        *,
        any_answer: bool = False,
    ) -> RealArray | None:
        """The cheapest values of the columns that ``NODES`` find; None where they find none.

        ``whole``: columns of whole numbers; ``fixed``: columns that are settled, with values. ``any_answer``: the first that is found,
        however long that takes.
        """
        model = self._model()
        if fixed is not None:
            columns, values = fixed
            lower, upper = np.array(model.col_lower_), np.array(model.col_upper_)
            lower[columns] = upper[columns] = values
            model.col_lower_, model.col_upper_ = lower, upper
        if whole is not None:
            kind = highspy.HighsVarType
            model.integrality_ = [kind.kInteger if one else kind.kContinuous for one in whole]
        solver = SOLVER()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("random_seed", 0)
        solver.setOptionValue("mip_rel_gap", MIP_GAP)
        if any_answer:
            solver.setOptionValue("mip_max_improving_sols", 1)
        else:
            solver.setOptionValue("mip_max_nodes", NODES)
        assert solver.passModel(model) == highspy.HighsStatus.kOk
        solver.run()
        status = solver.getModelStatus()
        told = highspy.HighsModelStatus
        if status == told.kOptimal or (
            status == told.kSolutionLimit
            and solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        ):
            return np.array(solver.getSolution().col_value)
        return None
