"""What production remembers."""

from production.models.alert import Alert, AlertEntry, AlertHold, AlertMotion
from production.models.capability import Capability
from production.models.data_problem import DataProblem
from production.models.factory import ClosedDay, Factory, PropertyStatus
from production.models.import_batch import ImportBatch
from production.models.indicator import Indicator, Series
from production.models.judgement import EngineState, SeriesJudgement
from production.models.report import Figure, Report, Submission
from production.models.sector import Sector, SectorPlacement
from production.models.summary import Pulse, Summary
from production.models.threshold import Threshold

__all__ = [
    "Alert",
    "AlertEntry",
    "AlertHold",
    "AlertMotion",
    "Capability",
    "ClosedDay",
    "DataProblem",
    "EngineState",
    "Factory",
    "Figure",
    "ImportBatch",
    "Indicator",
    "PropertyStatus",
    "Pulse",
    "Report",
    "Sector",
    "SectorPlacement",
    "Series",
    "SeriesJudgement",
    "Submission",
    "Summary",
    "Threshold",
]
