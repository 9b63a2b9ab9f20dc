"""What AWS itself lists for a Region, kept in a file beside the spec, where it outranks the shipped catalog.

AWS, or the output of its CLI ──details.listed──▶ RegionalList ──files.write──▶ services/<region>.json
services/<region>.json ──files.read──▶ RegionalList ──listed_catalog──▶ the catalog as it is in that Region
"""
