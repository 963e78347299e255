"""Reports: problems as text, JSON, GitHub annotations and SARIF."""

from __future__ import annotations

import json
from collections.abc import Callable

from guidebook.problems import Problem, Severity, ordered

TOOL = "guidebook"


def text(problems: list[Problem]) -> str:
    """Return one line a problem."""
    return "".join(f"{problem}\n" for problem in ordered(problems))


def as_json(problems: list[Problem]) -> str:
    """Return a JSON array of objects with path, line, rule, severity and message."""
    rows = [
        {"path": one.path, "line": one.line, "rule": one.rule, "severity": one.severity.value, "message": one.message}
        for one in ordered(problems)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def github(problems: list[Problem]) -> str:
    """Return workflow commands that GitHub shows beside the lines of a pull request."""
    return "".join(
        f"::{one.severity.value} file={_property(one.path)},line={one.line},title={_property(one.rule)}"
        f"::{_data(one.message)}\n"
        for one in ordered(problems)
    )


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def sarif(problems: list[Problem]) -> str:
    """Return SARIF 2.1.0, which code scanning reads."""
    rules = sorted({problem.rule for problem in problems})
    results = [
        {
            "ruleId": one.rule,
            "ruleIndex": rules.index(one.rule),
            "level": "warning" if one.severity is Severity.WARNING else "error",
            "message": {"text": one.message},
            "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": one.path}, "region": {"startLine": one.line}}}
            ],
        }
        for one in ordered(problems)
    ]
    driver = {"name": TOOL, "rules": [{"id": rule} for rule in rules]}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


FORMATS: dict[str, Callable[[list[Problem]], str]] = {"text": text, "json": as_json, "github": github, "sarif": sarif}
