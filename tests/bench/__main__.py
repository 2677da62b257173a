"""`make bench`: measures every section, prints the report, writes it to BENCHMARKS.md, and fails where a goal was missed."""

import argparse
import sys
import time
from pathlib import Path
from typing import Final

from tests.bench import peers
from tests.bench.figures import Result, markdown
from tests.bench.load import require_wrk
from tests.bench.machine import described
from tests.bench.sections import Section, sections

REPORT: Final = Path(__file__).parents[2] / "BENCHMARKS.md"

_HEAD: Final = """# Benchmarks

Written by `{command}` on {when}; every figure is of that one run. Ratios are what counts: they compare what ran on the same
machine in the same minutes. Goals are checked on the figures as they are written here.

{machine}
"""


def main() -> int:
    """Measure, and return the exit status: 1 where a goal was missed."""
    options = _options()
    require_wrk()
    peers.install()
    wanted = [(name, section) for name, section in sections().items() if not options.only or name in options.only]
    report, missed = [], []
    for name, section in wanted:
        began = time.monotonic()
        result = section.measure()
        text = _told(section, result)
        report.append(text)
        missed += [
            f"{name}: {one.what}: {one.text}, wanted {one.goal.text}"
            for one in result.figures
            if one.missed and one.goal
        ]
        sys.stdout.write(f"{text}\n({name} took {time.monotonic() - began:.0f} s)\n\n")
        sys.stdout.flush()
    if not options.only:
        when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
        head = _HEAD.format(command="make bench", when=when, machine=described())
        REPORT.write_text("\n".join([head, *report]))
    for line in missed:
        sys.stdout.write(f"goal missed: {line}\n")
    return 1 if missed and not options.report_only else 0


def _told(section: Section, result: Result) -> str:
    return markdown(section.TITLE, (section.__doc__ or "").strip(), result)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=sections(), help="these sections only; BENCHMARKS.md stays as it is"
    )
    parser.add_argument("--report-only", action="store_true", help="exit with 0 though goals were missed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
