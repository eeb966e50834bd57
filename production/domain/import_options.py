"""What an import was asked to do, and what became of it: the same words for page, command and job."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from production.intake.numbers import Mark
from production.intake.readers import Stated
from production.intake.trouble import RowError


@dataclass(frozen=True)
class ImportOptions:
    """``create``: missing factories (with their places, sectors and bodies) and indicators. ``create_indicators``:
    only these. ``cordon_from_sector``: a created factory's cordón bears its sector's name. ``accept_valid``: store
    the good rows of a file that has bad ones. ``dry_run``: store nothing. ``decimal``: mark where it could be either.
    """

    create: bool = False
    create_indicators: bool = False
    cordon_from_sector: bool = False
    accept_valid: bool = False
    dry_run: bool = False
    decimal: Mark = "auto"

    def __post_init__(self) -> None:
        if self.create:
            object.__setattr__(self, "create_indicators", True)

    def to_json(self) -> dict[str, Any]:
        """For ``ImportBatch.options``."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ImportOptions:
        """The inverse of ``to_json``."""
        return cls(**data)


@dataclass
class Outcome:
    """``stored``: whether the file was taken. Counts are of rows. ``errors``: the first of them, in order of row;
    ``refusal``: code and particulars when the file as a whole was refused."""

    stored: bool = False
    created: int = 0
    corrected: int = 0
    unchanged: int = 0
    rejected: int = 0
    errors: list[RowError] = field(default_factory=list)
    refusal: Stated | None = None
    stated: list[Stated] = field(default_factory=list)
    #: Names of what was created: factory, cordon, sector, indicator.
    made: dict[str, list[str]] = field(default_factory=dict)
    batch: str = ""

    @property
    def accepted(self) -> int:
        """Rows that were, or would be, taken."""
        return self.created + self.corrected + self.unchanged

    def to_json(self) -> dict[str, Any]:
        """Codes and particulars; the words are put in when someone reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Outcome:
        """The inverse of ``to_json``."""
        errors = [RowError(**error) for error in data.get("errors", [])]
        refusal = data.get("refusal")
        stated = [(code, params) for code, params in data.get("stated", [])]
        return cls(**{**data, "errors": errors, "refusal": tuple(refusal) if refusal else None, "stated": stated})
