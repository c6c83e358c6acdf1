"""Councils that were merged since 2019, and the council that each is part of since April 2023."""

from collections.abc import Mapping

MERGERS: Mapping[str, tuple[str, ...]] = {
    # in 2019, Dorset: Bournemouth, Christchurch and Poole, then Dorset
    "E06000058": ("E06000028", "E06000029", "E07000048"),
    "E06000059": ("E07000049", "E07000050", "E07000051", "E07000052", "E07000053"),
    # in 2019, Suffolk: West, then East
    "E07000245": ("E07000201", "E07000204"),
    "E07000244": ("E07000205", "E07000206"),
    # in 2020, Buckinghamshire
    "E06000060": ("E07000004", "E07000005", "E07000006", "E07000007"),
    # in 2021, Northamptonshire: North, then West
    "E06000061": ("E07000150", "E07000152", "E07000153", "E07000156"),
    "E06000062": ("E07000151", "E07000154", "E07000155"),
    # in 2023, Cumbria: Cumberland, then Westmorland and Furness
    "E06000063": ("E07000026", "E07000028", "E07000029"),
    "E06000064": ("E07000027", "E07000030", "E07000031"),
    # in 2023, North Yorkshire
    "E06000065": tuple(f"E07000{number}" for number in range(163, 170)),
    # in 2023, Somerset; two of its districts had become Somerset West and Taunton in 2019
    "E06000066": ("E07000187", "E07000188", "E07000189", "E07000190", "E07000191", "E07000246"),
}
"""By the ONS code of each new council: the codes of those that went. Whole councils were merged, none was divided."""

SINCE_2023: Mapping[str, str] = {old: new for new, gone in MERGERS.items() for old in gone}
"""By the code of a council that went: the council of which it is part today."""

COUNTIES: Mapping[str, tuple[str, ...]] = {
    "E10000002": ("E06000060",),  # Buckinghamshire
    "E10000006": ("E06000063", "E06000064"),  # Cumbria
    "E10000009": ("E06000058", "E06000059"),  # Dorset, of which Christchurch went to the first
    "E10000021": ("E06000061", "E06000062"),  # Northamptonshire
    "E10000023": ("E06000065",),  # North Yorkshire
    "E10000027": ("E06000066",),  # Somerset
}
"""By the ONS code of each county council that went with its districts: the councils in which its area lies today."""
