"""Set-up data of production: factories, sectors, the catalogue of indicators, calendars.

Reports and figures are not here: a correction is a new version with its author and reason, made
on the report's own page. What a workplace with a committee reports is the committee's to write down.
"""

from production.admin import closed_day, factory, import_batch, indicator, property_status, sector, series

__all__ = ["closed_day", "factory", "import_batch", "indicator", "property_status", "sector", "series"]
