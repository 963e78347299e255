"""Bench: the whole pipeline for every edition against one plain MkDocs build of one of them, in turns, on one corpus.

Ratios, because seconds are the machine's; medians of rounds in turns, because machines are busy. Each side is a process
of its own, as a person would start it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 11, 23)
EDITION = "external"
WHOLE, CHECK = 1.3, 0.1
EVERY = 0.05  # seconds between two looks at memory


@dataclass(frozen=True)
class Run:
    """What one process and all it started took, in seconds; `start` and `step` are what the pipeline said of itself.

    `start` is for importing, `step` for check and stage.
    """

    wall: float
    cpu: float
    start: float = 0.0
    step: float = 0.0


class _FailedError(Exception):
    """One side did not run to its end."""


def run(pages: int, rounds: int, say: Callable[[str], None]) -> None:
    """Measure and print. Says how it went against the targets, and fails nothing: this is a measurement."""
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        try:
            _measure(Path(folder), pages, rounds, say)
        except _FailedError as error:
            say(str(error))


def _measure(work: Path, pages: int, rounds: int, say: Callable[[str], None]) -> None:
    from guidebook import sitecheck, staging

    from guide_cli import corpus, pipeline
    from guide_cli.forks import cores
    from guide_cli.linkcheck import linkcheck

    corpus.write(work / "project", ROOT, pages)
    source = pipeline.clean(work / "project", DAY)
    staging.write(pipeline.stage(source, [EDITION], DAY)[0].tree, work / "staged")
    plain = _python("mkdocs", "build", "-q", "-f", work / "staged/mkdocs.yml", "-d", work / "a")
    whole = _python("guide_cli.bench", work / "project", work / "b")
    say(f"{pages} pages, {rounds} rounds in turns, {cores()} cores, load {os.getloadavg()[0]:.1f}")
    a: list[Run] = []
    b: list[Run] = []
    for number in range(rounds):
        a.append(_timed(plain))
        b.append(_timed(whole))
        one, two = a[-1], b[-1]
        say(f"round {number + 1}: plain {one.wall:.2f} s, whole {two.wall:.2f} s, check and stage {two.step:.2f} s")
    _report(a, b, say)
    # Apart from the rounds: LinkChecker takes longer than all the rest, and looking takes time of its own.
    begun = time.perf_counter()
    linkcheck(sitecheck.read(work / "b" / EDITION), EDITION, anchors=False)
    links = time.perf_counter() - begun
    say(f"LinkChecker, which `build` and `publish` also run: {links / a[-1].wall:.1f} x one plain build, an edition")
    say(f"peak memory: plain {_peak(plain)}, whole {_peak(whole)} (all processes, shared pages counted once)")


def _report(a: list[Run], b: list[Run], say: Callable[[str], None]) -> None:
    pairs = list(zip(a, b, strict=True))
    whole = statistics.median(two.wall / one.wall for one, two in pairs)
    step = statistics.median(two.step / one.wall for one, two in pairs)
    started = statistics.median((two.start + two.step) / one.wall for one, two in pairs)
    cpu = statistics.median(two.cpu / one.cpu for one, two in pairs)
    say(f"whole pipeline, every edition: {whole:.2f} x one plain build (target {WHOLE})")
    say(f"check and stage: {step:.2f} x one plain build (target {CHECK}); {started:.2f} with the imports of a start")
    spent = [statistics.median(run.cpu for run in side) for side in (a, b)]
    say(f"processor time: {cpu:.2f} x one plain build ({spent[0]:.2f} s, {spent[1]:.2f} s)")


def _python(module: str, *words: str | Path) -> list[str]:
    return [sys.executable, "-P", "-m", module, *map(str, words)]


def _timed(command: list[str]) -> Run:
    start = time.perf_counter()
    with _start(command) as process:
        assert process.stdout is not None  # noqa: S101 - asked for by _start
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise _FailedError(f"{' '.join(command[2:5])} ended with code {process.returncode}; nothing was measured")
    told = json.loads(said) if said.startswith(b"{") else {}
    return Run(wall, usage.ru_utime + usage.ru_stime, **told)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    from guide_cli.render import epoch

    # As `scripts/guide` sets it.
    usual = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true", "PYDANTIC_DISABLE_PLUGINS": "1"}
    environment = {**os.environ, **usual, "SOURCE_DATE_EPOCH": str(epoch(DAY))}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def _peak(command: list[str]) -> str:
    """Run a command and return the most memory that it and all it started held at one time."""
    most = 0
    with _start(command) as process:
        while process.poll() is None:
            most = max(most, sum(_held(pid) for pid in _family(process.pid)))
            time.sleep(EVERY)
    return f"{most / 1024:.0f} MiB" if most else "unknown here"


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in _family(int(child)))]


def _held(pid: int) -> int:
    """Return the memory of a process in KiB, its part of what is shared included."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) for row in rows if row.startswith("Pss:")), 0)


def _whole(project: Path, out: Path) -> None:
    """Take every step of `scripts/guide build`, and print how long check and stage took."""
    start = time.perf_counter()
    from guidebook.problems import errors

    from guide_cli import pipeline

    imported = time.perf_counter()
    source = pipeline.clean(project, DAY)
    staged = pipeline.stage(source, list(source.configuration.editions), DAY)
    print(json.dumps({"start": imported - start, "step": time.perf_counter() - imported}), flush=True)
    for problem in errors(pipeline.build(source, staged, DAY, out, {}, linkchecker=False)):
        print(problem, file=sys.stderr)  # a finding in the corpus takes nothing from the measurement


if __name__ == "__main__":
    _whole(Path(sys.argv[1]), Path(sys.argv[2]))
