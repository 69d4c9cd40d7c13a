"""What holds everywhere in the source: the doors between folders, the size of files, what logs may say, who writes the log."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest
import yaml

import jiefa
from jiefa import policy

SOURCE = Path(jiefa.__file__).parent
ROOT = SOURCE.parent.parent
CAPABILITIES = (
    *(
        "areas",
        "audit",
        "access",
        "registry",
        "lists",
        "insight",
        "procedures",
        "disclosure",
        "identification",
        "changes",
        "responsibility",
        "assistance",
        "funds",
        "contracts",
        "integrity",
        "inspection",
        "hotline",
        "evaluation",
        "exits",
        "monitoring",
        "planning",
        "assessment",
    ),
    *("casework", "demo", "site"),
)
DOORS = ("actions", "queries", "models", "rules")
LONGEST_FILE = 400

EXCEPTIONS = {
    ("registry", "cards"): "the columns of the annual card: the contract between registry, rules, demo and snapshots",
    ("registry", "roster"): "the roster form as sheets: what a file is read with and a template written with",
    ("registry", "intake"): "the stages of a roster; judged in the middle by insight, which stands above",
    ("areas", "bundled"): "the divisions that come with the product",
    ("areas", "facts"): "yearly facts from a workbook",
    ("access", "middleware"): "the actor of a request",
    ("access", "views"): "the page of the locked-out, named in the settings",
    ("lists", "kinds"): "what every kind of list answers: the frame that capabilities fill in",
    ("lists", "judged"): "what there is to say of the rows of a list, for whoever keeps one",
    ("lists", "placed"): "the same of lists whose rows are about places",
    ("procedures", "evidence"): "files of dossiers by digest: kept by actions, read by pages and notices",
    ("procedures", "subjects"): "what a dossier is about, as capabilities write and read it",
    ("procedures", "drawing"): "the picture of a procedure, drawn on its page and by its command",
    (
        "casework",
        "lists",
    ): "lists sent in and decided by the name of what they are about: the table beside that of procedures",
    (
        "casework",
        "appointing",
    ): "helpers appointed with all that goes with a household: responsibility stands below the measures",
    ("casework", "rosters"): "rosters taken in with what follows for households that came from elsewhere",
    ("demo", "build"): "the demonstration province, asked for by the command line",
    ("demo", "users"): "the demonstration's users, named by the command line",
    ("site", "urls"): "the table of contents, included by config",
    ("site", "middleware"): "named in the settings",
    ("site", "context"): "named in the settings",
    ("site", "synthetic"): "that the data are a demonstration: set by the demo, shown on every page",
}
"""What a higher folder may import beside the four doors, and why."""

FUNCTION_LEVEL_IMPORTS = {
    "stores/analysis.py": "pyspark is an option that need not be installed",
    "linkage/weighing.py": "pyspark is an option that need not be installed",
    "stores/export_worker.py": "one driver or the other; two copies of SQLite must not meet in one process",
    "__main__.py": "Django must be set up first",
    "evaluation/queries/results.py": "svy takes 0.6 s to come (2026-11), for every command, and few of them estimate",
    "monitoring/rules/scoring.py": "scikit-learn takes up to 2.8 s to come (2026-11), for every command, and one of them learns",
}
"""Files that import inside a function, and why."""

WITHOUT_AUDIT = {
    "insight.actions.intake.load_roster": "registry.actions.batches writes the entries of every batch",
    "insight.actions.intake.load_rosters": "registry.actions.batches writes the entries of every batch",
    "audit.actions.record_read": "the read log is itself the record",
    "audit.actions.record_reads": "the read log is itself the record",
    "access.actions.new_password": "writes nothing",
    "areas.actions.places.read_list": "writes nothing",
    "areas.actions.places.refuse_unknown": "writes nothing",
    "registry.actions.batches.refuse_known_content": "writes nothing",
    "insight.actions.edit.save": "registry.actions.households writes the entry of the card",
    "insight.actions.edit.judge_again": "findings follow the data, which has entries of its own",
    "insight.actions.edit.try_out": "keeps nothing",
    "insight.actions.edit.enter": "registry.actions.applicants writes the entry of the application",
    "insight.actions.edit.try_entering": "keeps nothing",
    "changes.actions.applications.enter": "registry.actions.applicants writes the entry of the application",
    "insight.actions.findings.follow": "findings follow the data, which has entries of its own; waivers are logged",
    "insight.actions.uploads.receive": "a file that waits is no change of the register; its batch is logged",
    "disclosure.actions.posting.preview": "writes nothing",
    "procedures.actions.deciding.decide": "the same as decide_many for one dossier",
    "procedures.actions.deciding.decide_many": "every batch of up to 1,000 dossiers writes its entries (_Batch._log)",
    "assistance.actions.credit.effect": "the entries of all loans are written at once (_lend)",
    "assistance.actions.credit.lend": "the entries of all loans are written at once (_lend)",
    "assistance.actions.credit.propose": "procedures.actions.opening writes the entry of what is drawn up",
    "assistance.actions.kinds.kind": "writes nothing",
    "assistance.actions.villages.keep": "the entries of all counties are written at once",
    "assistance.actions.industry.keep_bodies": "the entries of all counties are written at once (_log)",
    "assistance.actions.industry.keep_benefits": "the entries of all counties are written at once (_log)",
    "assistance.actions.registers.keep": "the entries of all counties are written at once",
    "assistance.actions.locating.located": "writes nothing",
    "assistance.actions.credit.against_many": "writes nothing",
    "assistance.actions.credit.lend_many": "the entries of all loans are written at once (_lend)",
    "assistance.actions.repaying.repay": "the entries of all repayments are written at once (_repay)",
    "assistance.actions.repaying.repay_many": "the entries of all repayments are written at once (_repay)",
    "assistance.actions.repaying.contradicts": "writes nothing",
    "assistance.actions.repaying.wrong": "writes nothing",
    "lists.actions.folder_of": "writes nothing",
    "lists.actions.tally": "writes nothing",
    "lists.actions.waiting": "writes nothing",
    "lists.actions.write_report": "writes a file for its owner, no record",
    "lists.actions.stage": "a list that waits is no change of the records; its acceptance is logged",
    "lists.actions.accept": "the entries of all counties are written at once (_decide)",
    "lists.actions.refuse": "the entries of all counties are written at once (_decide)",
    "lists.actions.load": "the same as stage and accept",
    "assistance.actions.records.propose": "procedures.actions.opening writes the entry of what is drawn up",
    "assistance.actions.records.effect": "the entries of all cases are written at once (keep)",
    "assistance.actions.records.keep": "the entries of all counties are written at once (_log)",
    "funds.actions.lists.stage": "a list that waits is no change of the books; its confirmation is logged",
    "funds.actions.lists.write_report": "writes a file for its owner, no record",
    "funds.actions.orders.propose": "an order that waits is no change of the books; its confirmation is logged",
    "funds.actions.orders.keep": "an order that waits is no change of the books; its confirmation is logged",
    "funds.actions.posting.try_out": "keeps nothing",
    "funds.actions.allocating.reckon": "writes nothing",
    "assessment.actions.appeals.propose": "procedures.actions.opening writes the entry of what is drawn up",
    "contracts.actions.settling.propose": "procedures.actions.opening writes the entry of what is drawn up",
    "integrity.actions.violations.report": "procedures.actions.opening writes the entry of what is drawn up",
    "funds.actions.changing.propose": "procedures.actions.opening writes the entry of what is drawn up",
    "funds.actions.projects.propose_many": "procedures.actions.opening writes the entries of what is drawn up",
    **dict.fromkeys(
        (
            *(f"hotline.actions.answering.{step}" for step in ("answer", "call_back", "reopen", "reopen_by_caller")),
            *(
                f"hotline.actions.screening.{step}"
                for step in ("accept", "refuse", "pass_on", "merge", "name", "route")
            ),
            *(f"hotline.actions.inquiring.{step}" for step in ("note", "conclude", "open_case", "record_violation")),
        ),
        "receiving.record writes every step beside its entry",
    ),
    "monitoring.actions.watches.propose": "procedures.actions.opening writes the entries of what is drawn up, events.follow of the leads",
    "monitoring.actions.watches.propose_removal": "procedures.actions.opening writes the entries of what is drawn up",
    "exits.actions.households.propose": "procedures.actions.opening writes the entries of what is drawn up",
    "changes.actions.applying.effect": "registry.actions.members and households write the entries",
    "changes.actions.proposing.open_change": "procedures.actions.opening writes the entry of what is drawn up",
    "exits.actions.places.propose": "procedures.actions.opening writes the entries of what is drawn up",
    "identification.actions.households.propose": "procedures.actions.opening writes the entries of what is drawn up",
    "identification.actions.households.effect": "registry.actions.statuses writes the entries",
    "exits.actions.households.effect": "registry.actions.statuses writes the entries",
    "exits.actions.places.effect": "areas.actions writes the entry of the designations",
    "disclosure.actions.objecting.effect": "the decision that closes the objection is logged",
    "responsibility.actions.appointing.appoint": "the same as appoint_many for one household",
    "responsibility.actions.appointing.hand_on": "appoint_many or end_many write the entries",
    "assistance.actions.handing.hand_on": "the same as of_households, whose entries are written at once (_hand)",
    "assistance.actions.handing.of_households": "the entries of all counties are written at once (_hand)",
    "assistance.actions.handing.of_cadre": "the entries of all counties are written at once (_hand)",
    "responsibility.actions.people.enter": "the same as enter_many for one cadre",
    "responsibility.actions.teams.form_team": "the same as form_teams for one village",
    "responsibility.actions.checks.check_serving": "writes nothing",
    "responsibility.actions.checks.all_or_none": "the transaction of whoever calls it, and writes nothing itself",
    "responsibility.actions.assigning.propose": "writes nothing",
    "registry.actions.batches.keep_batch": "a batch that waits is no change of the register; its acceptance is logged",
}
"""Public functions of ``actions`` that leave no entry themselves, and why. Steps of an audited action are private or listed."""


def _sources() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("jiefa", cache_dir=None)


def test_a_folder_is_entered_by_its_four_doors(graph: grimp.ImportGraph) -> None:
    wrong = []
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            above, below = importer.split("."), imported.split(".")
            if len(above) < 2 or len(below) < 3 or above[1] == below[1] or below[1] not in CAPABILITIES:
                continue
            if below[2] not in DOORS and (below[1], below[2]) not in EXCEPTIONS:
                wrong.append(f"{importer} -> {imported}")

    assert wrong == []


def test_exceptions_are_of_modules_that_exist() -> None:
    gone = [
        f"{folder}.{module}"
        for folder, module in EXCEPTIONS
        if not (SOURCE / folder / f"{module}.py").exists() and not (SOURCE / folder / module).is_dir()
    ]

    assert gone == []


def test_no_file_is_longer_than_can_be_read() -> None:
    files = [*_sources(), *(path for path in (ROOT / "tests").rglob("*.py"))]
    long = {
        str(path.relative_to(ROOT)): n
        for path in files
        if (n := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE
    }

    assert long == {}


def test_every_module_says_what_it_answers() -> None:
    silent = [
        _name(path) for path in _sources() if path.read_text("utf-8").strip() and not ast.get_docstring(_tree(path))
    ]

    assert silent == []


def test_no_folder_of_leftovers() -> None:
    forbidden = re.compile(r"(^|_)(utils?|helpers?|common|manager|misc|data2)(_|$)")

    assert [
        _name(path) for path in _sources() if any(forbidden.search(part) for part in path.with_suffix("").parts[-3:])
    ] == []


def test_imports_stand_at_the_top() -> None:
    inside = {
        _name(path)
        for path in _sources()
        for function in ast.walk(_tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert inside <= set(FUNCTION_LEVEL_IMPORTS), inside - set(FUNCTION_LEVEL_IMPORTS)


def test_duckdb_is_opened_in_one_place() -> None:
    """It spills to the disk where it is told to; by itself it does so wherever the program was started."""
    opening = [_name(path) for path in _sources() if "duckdb.connect(" in path.read_text("utf-8")]

    assert sorted(opening) == ["snapshots/opened.py", "stores/analysis.py"]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


PERSONAL = re.compile(
    r"\b(name|number|phone|address|account|birth|household|person|member|id_number|text|row|request\.(POST|GET))",
    re.IGNORECASE,
)
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def test_logs_say_nothing_of_persons() -> None:
    said = []
    for path in _sources():
        for call in _calls(_tree(path)):
            function = call.func
            if not isinstance(function, ast.Attribute) or function.attr not in LEVELS:
                continue
            logger = ast.unparse(function.value).lower()
            if "log" not in logger:
                continue
            values = [ast.unparse(one) for one in call.args[1:]] + [
                ast.unparse(part)
                for one in call.args[:1]
                for part in ast.walk(one)
                if isinstance(part, ast.FormattedValue)
            ]
            said += [f"{_name(path)}:{call.lineno} {value}" for value in values if PERSONAL.search(value)]

    assert said == []


def _public_actions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for folder in CAPABILITIES[:-3]:
        for path in [SOURCE / folder / "actions.py", *(SOURCE / folder / "actions").glob("*.py")]:
            if not path.exists():
                continue
            module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
            for node in _tree(path).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield f"{module}.{node.name}", node


def _writes(node: ast.FunctionDef) -> bool:
    decorated = any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)
    return decorated or "transaction.atomic" in ast.unparse(node) or "by" in {a.arg for a in node.args.kwonlyargs}


def _leaves_an_entry(name: str, node: ast.FunctionDef) -> bool:
    """Whether it, or a function of its module that it calls, records an entry."""
    path = SOURCE / Path(*name.split(".")[:-1]).with_suffix(".py")
    functions = {one.name: one for one in _tree(path).body if isinstance(one, ast.FunctionDef)}
    seen, queue = set(), [node.name]
    while queue:
        current = queue.pop()
        if current in seen or current not in functions:
            continue
        seen.add(current)
        for call in _calls(functions[current]):
            target = ast.unparse(call.func)
            if re.search(r"(^|\.)record(_many)?$", target) and "audit" in target + name:
                return True
            queue.append(target)
    return False


def test_every_action_that_writes_leaves_an_entry() -> None:
    silent = [name for name, node in _public_actions() if _writes(node) and not _leaves_an_entry(name, node)]
    delegating = {
        name
        for name, node in _public_actions()
        for call in _calls(node)
        if re.search(r"\b(batches|exports|audit\w*|areas|findings|freeze|intake)\.\w+$", ast.unparse(call.func))
    }

    assert sorted(set(silent) - set(WITHOUT_AUDIT) - delegating) == []


def test_actions_name_their_arguments() -> None:
    """Keyword-only, the actor is ``by``."""
    writing = [
        (name, node) for name, node in _public_actions() if any("atomic" in ast.unparse(d) for d in node.decorator_list)
    ]

    positional = [name for name, node in writing if len(node.args.args) > 0]

    assert writing
    assert positional == []


def test_every_policy_file_loads() -> None:
    files = sorted((SOURCE / "policy" / "guizhou").rglob("*.yaml"))

    pack = policy.load()

    assert len(files) > 20
    assert all(yaml.safe_load(path.read_text(encoding="utf-8")) for path in files)
    assert re.fullmatch(r"[0-9a-f]{12}", pack.version)
    for year in range(2013, 2021):
        assert pack.for_year(year).fen("poverty_line.province") >= pack.for_year(year).fen("poverty_line.national") > 0


def test_database_is_asked_after_in_one_folder_alone() -> None:
    asking = [
        _name(path)
        for path in _sources()
        if not _name(path).startswith("stores/")
        and re.search(r"\.vendor\b|is_postgres|[\"']postgresql[\"']", path.read_text(encoding="utf-8"))
    ]

    assert [name for name in asking if name != "config/settings.py"] == []
