"""Cases: worked examples as data. Each gives the answers that lead through its guideline's tree to its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from guidebook import wording
from guidebook.blocks import Block, plain_fault
from guidebook.frontmatter import Fault
from guidebook.metadata import ClauseId, LabelId, Plain, Surface

Verdict = Literal["violating", "borderline", "not-violating"]
Set = Literal["teaching", "calibration", "golden"]
TEACHING = "teaching"
# What stands before the number of a case: each set counts by itself, so that a gap tells nobody of the others.
SERIES = {"teaching": "", "calibration": "K", "golden": "X"}
LONGEST_REASON = 50  # words
SHORTEST_TEXT, LONGEST_TEXT = 20, 90  # words

CaseId = Annotated[str, Field(pattern=r"^G[0-9]{2}-[KX]?[0-9]{2}$")]


class Fields(BaseModel):
    """A worked case."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, title="case")

    id: CaseId = Field(description="Guideline, hyphen, number: `G04-01`; `G04-K01` for calibration, `G04-X01` golden.")
    title: Plain = Field(max_length=70, description="What the case is about, in a few words.")
    verdict: Verdict = Field(description="Whether the case breaks a rule.")
    label: LabelId | Annotated[str, Field(pattern=r"^W[0-9]{2}$")] = Field(description="The one label it ends at.")
    clause: ClauseId = Field(description="The clause that decides it.")
    answers: dict[str, str] = Field(description="The answer to each question of the tree on its way: {opens: Yes}.")
    surface: Surface = Field(description="Where the content stands.")
    language: str = Field(
        pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$", description="Language of the content, such as `en`."
    )
    set: Set = Field(description="`teaching` is for everyone who may read the page; the others are kept back.")
    text: str = Field(description="The facts a reviewer sees, complete in themselves.")
    reason: str = Field(description="Which fact decides.")
    contrast: CaseId | None = Field(default=None, description="The case on this page that differs in one fact.")
    near: list[LabelId] = Field(
        default_factory=list, max_length=3, description="Labels that a hurried reviewer could pick and that are wrong."
    )


@dataclass(frozen=True)
class Case:
    """A worked case; `start`..`end` are the offsets of its block in the body, `lines` tells where each field stands."""

    fields: Fields
    start: int
    end: int
    line: int
    lines: dict[str, int]

    @property
    def id(self) -> str:
        """The permanent id, such as `G04-01`."""
        return self.fields.id

    @property
    def anchor(self) -> str:
        """The fragment of the case on its page; `g04-10` alone is that of a clause."""
        return f"case-{self.id.lower()}"

    @property
    def kept_back(self) -> bool:
        """Whether only those who read everything may see it."""
        return self.fields.set != TEACHING


def read(block: Block) -> tuple[Case | None, list[Fault]]:
    """Read a case from its block; None when it has a fault."""
    matter = block.matter
    values = dict(matter.values)
    # "Yes" and "No" are answers here, whatever YAML makes of them.
    if isinstance(values.get("answers"), dict):
        values["answers"] = {key: matter.written.get(f"answers.{key}", "") for key in values["answers"]}
    for key in ("text", "reason"):
        if isinstance(values.get(key), str):
            values[key] = values[key].strip()
    try:
        fields = Fields.model_validate(values)
    except ValidationError as error:
        found = wording.faults(error, Fields, matter, block.line)
        return None, [Fault(fault.line, "case", fault.message) for fault in found]
    faults = [
        Fault(matter.lines[key], "case", f"expected `{key}` to be {why}.")
        for key in ("text", "reason", "title")
        if (why := plain_fault(getattr(fields, key), code=key != "title"))
    ]
    words = {key: len(getattr(fields, key).split()) for key in ("text", "reason")}
    if words["reason"] > LONGEST_REASON:
        message = (
            f"expected at most {LONGEST_REASON} words in `reason`, found {words['reason']}. Keep the deciding fact."
        )
        faults.append(Fault(matter.lines["reason"], "case", message))
    if not SHORTEST_TEXT <= words["text"] <= LONGEST_TEXT:
        message = f"expected {SHORTEST_TEXT} to {LONGEST_TEXT} words in `text`, found {words['text']}."
        faults.append(
            Fault(matter.lines["text"], "case", f"{message} Say what a reviewer sees, all of it and no more.")
        )
    series = SERIES[fields.set]
    if fields.id[4:-2] != series:
        wish = f"{fields.id[:4]}{series}{fields.id[-2:]}"
        message = f"expected a {fields.set} case to be called `{wish}`, found `{fields.id}`: each set counts by itself."
        faults.append(Fault(matter.lines["id"], "case", message))
    case = Case(fields, block.start, block.end, block.line, matter.lines)
    return (None if faults else case), faults


VERDICTS: tuple[str, ...] = get_args(Verdict)
