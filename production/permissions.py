"""Verbs of production, entered into the one table of councils.permissions."""

from councils.permissions import belongs_to_workplace, committee_is_vacant, is_staff, permit, sits_in_committee

#: Any member of the workplace may report, for the whole of it or for any of its sections: in a small
#: workplace who is at the telephone reports. Who did is written on every version.
permit("submit_report", belongs_to_workplace)
#: Figures with their judgement, remarks, versions and authors.
permit("see_inside", belongs_to_workplace)
#: A seat outlasts a membership that ends by its date: who works there no more has no hand on its figures.
arranges = belongs_to_workplace & sits_in_committee
#: What is measured and what leaves the workplace is the committee's to write down, after its assembly agreed.
permit("define_indicator", arranges)
permit("start_series", arranges)
permit("end_series", arranges)
permit("order_series", arranges)
permit("share_series", arranges)
permit("set_capability", arranges)
#: A workplace has its branch and its calendar from who keeps the installation; its first figures only while
#: nobody sits in its committee.
permit("place_sector", is_staff)
permit("keep_factory", is_staff)
permit("equip_workplace", is_staff & committee_is_vacant)
#: A file of past reports: of her own workplace, or of any for who keeps the installation.
permit("import_reports", arranges | is_staff)
permit("import_everywhere", is_staff, second_factor=True)
