"""Files made to hang or burst a parser: each is read, and rendered if accepted, within generous limits.

No clock: a process of its own with a limit of CPU seconds and memory, which the system enforces.
"""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CPU_SECONDS = 30
MEMORY = 500 * 1024 * 1024
READ = """
import resource, sys
from guidebook import documents, glossary, library, sources
from rendering import render
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
virtual = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (virtual + {memory}, virtual + {memory}))
data = sys.stdin.buffer.read()
found = sources.Sources("docs")
text = sources.decode(data[: sources.MAX_TEXT_BYTES], "a.md", found)
if text is None:
    print("refused", found.problems[0].rule)
else:
    document, faults = documents.read(sources.TextFile("a.md", text), frozenset({{"internal", "external"}}))
    glossary.read(text).used_in(text)
    if faults:
        print("refused", faults[0].rule)
    else:
        render(document.body.text)
        print("accepted")
"""
FRONT = (ROOT / "tests" / "golden" / "library" / "docs" / "index.md").read_text("utf-8").split("\nStart")[0]


def lines(part, per_line=40):
    """Return 250 KiB of `part`, in paragraphs of 19,000 characters and lines of at most 1,900."""
    row = (part * per_line)[:1_900]
    block = "\n".join([row] * max(1, 19_000 // (len(row) + 1)))
    return "\n\n".join([block] * max(1, 250_000 // (len(block) + 2)))


BODIES = {
    "brackets in one line": "[" * 20_000,
    "brackets in many lines": "\n".join(["[" * 100] * 200),
    "closing brackets": "\n".join(["]" * 1_900] * 100),
    "pairs of brackets": lines("[a] "),
    "pairs in pairs": lines("[[a]] "),
    "links": lines("[a](b.md) "),
    "open links": lines("[a]( "),
    "images": lines("![a](b.png) "),
    "stars in one line": "*" * 20_000,
    "stars in many lines": lines("*a "),
    "emphasis": lines("*a* "),
    "underscores": lines("_a__b"),
    "backticks in one line": "`" * 20_000,
    "backticks of many lengths": "\n".join(" ".join("`" * n for n in range(1, 60)) for _ in range(100)),
    "code spans": lines("`a` "),
    "backslashes": lines("\\"),
    "escapes": lines("\\* "),
    "angles": lines("<"),
    "angles and at": lines("<@"),
    "autolinks": lines("<https://a.example> "),
    "entities": lines("&amp;&#47;"),
    "ampersands": lines("&"),
    "braces": lines("{"),
    "slashes": lines("/"),
    "almost markers": lines("!!interna", 1),
    "almost markers by the line": "\n".join(["//int"] * 4_000),
    "signs by the line": "\n".join(["!!in"] * 4_900),
    "dashes": lines("-"),
    "dashes and spaces": lines("- "),
    "a heading of spaces": "\n\n".join(["## a" + " " * 1_900 + "b"] * 120),
    "a heading of hashes": "\n\n".join(["## a" + "# " * 900 + "b"] * 120),
    "headings": "\n\n".join(["## a"] * 2_400),
    "equal signs": lines("="),
    "deep list": "\n".join("  " * n + "- a" for n in range(300)),
    "deep list in one line": "- " * 300 + "a",
    "many lists": "\n\n".join("    " * (n % 6) + "- a" for n in range(2_400)),
    "deep quotes": ">" * 1_900 + " a",
    "many quotes": "\n".join(["> > > a"] * 2_000),
    "many paragraphs": "\n\n".join(["a"] * 2_450),
    "many fences": "\n\n".join(["```\na\n```"] * 1_200),
    "an open fence": "```\n" + "a\n" * 4_000,
    "tables": "\n\n".join(["| a | b |\n|---|---|\n" + "| a | b |\n" * 40] * 100),
    "a wide table": "|" + "a|" * 900 + "\n|" + "-|" * 900 + "\n" + ("|" + "b|" * 900 + "\n") * 8,
    "definitions": "\n\n".join(["a\n:   b"] * 1_600),
    "footnotes": "\n\n".join(f"a[^{n}]\n\n[^{n}]: b" for n in range(1_200)),
    "notes": "\n\n".join(['!!! note "a"\n\n    b'] * 1_200),
    "tabs": "\n\n".join(['=== "a"\n\n    b'] * 1_200),
    "passages": "\n\n".join(["/// internal\n    reason: signal\n\na\n///"] * 800),
    "open passages": "\n\n".join(["/// internal\n    reason: signal\n\na"] * 1_200),
    "options": "/// internal\n" + "    a: b\n" * 4_000 + "\na\n///",
    "letters of many scripts": lines("\u0456\u0430\u0435\uff0f"),
    "marks": lines("a" + "\u0301" * 40),
}
FRONTS = {
    "an alias bomb": "---\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)) + "---\n",
    "deep brackets": "---\na: " + "[" * 15_000 + "\n---\n",
    "deep braces": "---\na: " + "{a: " * 300 + "\n---\n",
    "a huge number": "---\norder: " + "9" * 15_000 + "\n---\n",
    "a huge base sixty number": "---\norder: " + "1:" * 900 + "1\n---\n",
    "many keys": "---\n" + "".join(f"k{n}: x\n" for n in range(1_500)) + "---\n",
    "a huge front matter": "---\n" + "a: b\n" * 4_900 + "---\n",
    "a long line": "---\ntitle: " + "x" * 300_000 + "\n---\n",
    "no end": "---\n" * 1 + "a: b\n" * 4_900,
    "many ends": "---\n" * 4_900,
}  # fmt: skip


def run(data):
    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))

    return subprocess.run(
        [sys.executable, "-c", READ.format(memory=MEMORY)],
        input=data, capture_output=True, check=False, preexec_fn=limit,
        env={"PYTHONPATH": f"{ROOT / 'hooks'}:{ROOT / 'tests'}", "PYTHONHASHSEED": "0"},
    )  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_read_within_limits(name):
    done = run(f"{FRONT}\n\nText.\n\n{BODIES[name]}\n".encode())
    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert done.stdout.split()[0] in {b"accepted", b"refused"}


@pytest.mark.parametrize("name", FRONTS)
def test_a_hostile_front_matter_is_refused_within_limits(name):
    done = run(f"{FRONTS[name]}\nText.\n".encode())
    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert done.stdout.startswith(b"refused")


def test_the_limit_of_time_is_real():
    done = subprocess.run(
        [sys.executable, "-c", "import resource as r; r.setrlimit(r.RLIMIT_CPU, (1, 1))\nwhile True: pass"], check=False
    )
    assert done.returncode != 0
