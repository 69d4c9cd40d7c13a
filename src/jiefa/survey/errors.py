"""Why a survey file, a specification or a design is refused: one class for one reason, with what to do about it."""

from __future__ import annotations

from jiefa.kernel.errors import JiefaError


class SurveyError(JiefaError):
    """Nothing is computed from data that are not understood."""

    code = "survey.refused"


class ColumnsMissing(SurveyError):
    code = "survey.columns_missing"
    zh = "文件 {file} 里没有这些列：{missing}。文件里有：{known}。请改正列名（区分大小写）。"
    en = "{file} has no column {missing}. It has: {known}. Correct the name (upper and lower case differ)."


class ColumnTwice(SurveyError):
    code = "survey.column_twice"
    zh = "文件 {file} 里“{column}”这一列出现了不止一次，不知道用哪一列。请改名或只留一列。"
    en = "In {file} the column {column!r} stands more than once. Rename one of them or keep only one."


class NoRows(SurveyError):
    code = "survey.no_rows"
    zh = "文件 {file} 只有表头，没有数据行。请检查是不是传错了文件。"
    en = "{file} has a header and no rows. Check whether it is the right file."


class NothingLeft(SurveyError):
    code = "survey.nothing_left"
    zh = "文件 {file} 的 {rows} 行都因为缺值不能用（{columns}）。请检查这些列是不是选对了。"
    en = "None of the {rows} rows of {file} can be used: values are missing in {columns}. Check whether these are the right columns."


class NotANumber(SurveyError):
    code = "survey.not_a_number"
    zh = "文件 {file} 第 {row} 行的“{column}”是“{text}”，不是数。请改正；缺值请留空（或写 NA）。"
    en = "Row {row} of {file} has {text!r} in {column!r}, which is no number. Correct it; leave missing values empty (or NA)."


class DesignGap(SurveyError):
    code = "survey.design_gap"
    zh = "文件 {file} 有 {count} 行缺“{column}”，第一行是第 {row} 行。不知道属于哪一层、哪一群的行不能用来估计误差：请补上，或先删去这些行。"
    en = (
        "{count} rows of {file} lack {column!r}, the first is row {row}. Without stratum, cluster or population size no error can be "
        "estimated: fill them in, or take the rows out first."
    )


class TooManySizes(SurveyError):
    code = "survey.too_many_sizes"
    zh = (
        "总体数（--fpc）写了 {given} 个，最多 {most} 个：--cluster 的每一级一个，最后再加一个给行本身。"
        "请去掉多写的列，或在 --cluster 里补上缺的级。"
    )
    en = (
        "{given} population sizes (--fpc) were given, at most {most} can be: one for each stage of --cluster and a last one for the rows "
        "themselves. Leave some out, or name the stages that are missing in --cluster."
    )


class SizeUneven(SurveyError):
    code = "survey.size_uneven"
    zh = "“{column}”在{place}里有不同的值（{values}）；总体数在同一层（或同一群）里只能有一个值。请改正。"
    en = "{column!r} has several values ({values}) in {place}; a population size is one number in a stratum (or cluster). Correct it."


class SizeTooSmall(SurveyError):
    code = "survey.size_too_small"
    zh = "“{column}”在{place}里是 {size}，比抽到的 {drawn} 个还少。请改正总体数，或检查层和群的列。"
    en = "{column!r} is {size} in {place}, fewer than the {drawn} that were drawn. Correct it, or check strata and clusters."


class LonelyUnit(SurveyError):
    code = "survey.lonely_unit"
    zh = (
        "这些{places}里只有一个抽样单位，误差无从估计：{found}。请并层；"
        "或用 --lonely centre（以总均值为中心），--lonely certainty（视为必抽，不计误差）。"
    )
    en = (
        "There is a single sampling unit in these {places}, so no error can be estimated: {found}. Merge strata; "
        "or choose --lonely centre (around the mean of all) or --lonely certainty (drawn for certain, no error)."
    )


class NoDenominator(SurveyError):
    code = "survey.no_denominator"
    zh = "比值（ratio）要用 --denominator 写明分母列；其他统计量没有分母。"
    en = "A ratio needs its denominator (--denominator COL); the other statistics have none."


class SpecWrong(SurveyError):
    code = "survey.spec_wrong"
    zh = "规格文件 {file} 的 {field} 不对：{reason}。{remedy}"
    en = "{field} in the specification {file} is wrong: {reason}. {remedy}"


class SpecNotThere(SurveyError):
    code = "survey.spec_not_there"
    zh = "没有 {file} 这个规格文件。请检查 --spec 的路径和文件名；规格怎么写，见 docs/commands.md 的 jiefa survey mpi。"
    en = "There is no specification {file}. Check the path given with --spec; how to write one: jiefa survey mpi in docs/commands.md."


class SpecUnreadable(SurveyError):
    code = "survey.spec_unreadable"
    zh = "规格文件 {file} 打不开（{reason}）。请检查它是不是一个文件、有没有读取权限。"
    en = "The specification {file} cannot be opened ({reason}). Check that it is a file and that you may read it."


class NotDeprivation(SurveyError):
    code = "survey.not_deprivation"
    zh = "文件 {file} 第 {row} 行的“{column}”是“{text}”。被剥夺写 1，没有写 0；原始数据请在规格里写 deprived_if。"
    en = (
        "Row {row} of {file} has {text!r} in {column!r}. Write 1 for deprived and 0 for not; "
        "for raw data say in the specification what deprives (deprived_if)."
    )
