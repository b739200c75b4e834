"""A small data/ folder whose every figure can be checked in the head."""

from pathlib import Path

import pandas as pd

from sendreform.observations import ENGLAND
from sendreform.store import Layout, Store
from sendreform.store.claims_table import CLAIM_COLUMNS
from sendreform.store.layout import OBSERVATION_COLUMNS, write_csv

#: Measure → its kind of period, unit, and figures: area, period, breakdown, value or symbol.
MEASURES = {
    "plans": (
        "january",
        "plans",
        [
            (ENGLAND, "2014-01", "all", 200),
            (ENGLAND, "2015-01", "all", 220),
            (ENGLAND, "2016-01", "all", 231),
            (ENGLAND, "2017-01", "all", 300),
            (ENGLAND, "2014-01", "placement:special", 80),
            (ENGLAND, "2015-01", "placement:special", 100),
            (ENGLAND, "2016-01", "placement:special", 120),
            (ENGLAND, "2017-01", "placement:special", 150),
            (ENGLAND, "2014-01", "placement:mainstream", 100),
            (ENGLAND, "2015-01", "placement:mainstream", 100),
            (ENGLAND, "2016-01", "placement:mainstream", 110),
            (ENGLAND, "2017-01", "placement:mainstream", 149),
            (ENGLAND, "2017-01", "placement:hospital", "c"),
            ("886", "2016-01", "all", 10),
            ("886", "2017-01", "all", 20),
        ],
    ),
    "appeals": (
        "calendar_year",
        "appeals",
        [(ENGLAND, "2015", "all", 11), (ENGLAND, "2016", "all", 0), (ENGLAND, "2017", "all", 30)],
    ),
    "pupils": (
        "mid_year",
        "children",
        [(ENGLAND, "2013-06-30", "all", 4000), (ENGLAND, "2016-06-30", "all", 5000)],
    ),
    "absence": (
        "academic_year",
        "per cent of sessions",
        [
            (ENGLAND, "2014/15", "all", 4.5),
            (ENGLAND, "2016/17", "all", 5.0),
            (ENGLAND, "2014/15", "sen:none", 4.0),
            (ENGLAND, "2014/15", "sen:plan", 7.3),
        ],
    ),
    "funding": (
        "financial_year",
        "pounds",
        [
            (ENGLAND, "2014-15", "all", 4_780_000_000),
            (ENGLAND, "2015-16", "all", 5_000_000_000),
            (ENGLAND, "2016-17", "all", 6_000_000_000),
        ],
    ),
    "balance": (
        "date",
        "pounds",
        [
            ("886", "2017-03-31", "all", 5),
            ("201", "2017-03-31", "all", -3),
            ("202", "2017-03-31", "all", 0),
            ("203", "2017-03-31", "all", "x"),
            ("204", "2017-03-31", "all", 7),
            ("886", "2018-03-31", "all", "x"),
        ],
    ),
    # In bands to 2016, by single age from 2016 on.
    "ages": (
        "january",
        "plans",
        [
            (ENGLAND, "2015-01", "age:3_and_4", 30),
            (ENGLAND, "2016-01", "age:3_and_4", 33),
            (ENGLAND, "2016-01", "age:3", 10),
            (ENGLAND, "2016-01", "age:4", 20),
            (ENGLAND, "2017-01", "age:3", 15),
            (ENGLAND, "2017-01", "age:4", 30),
            (ENGLAND, "2018-01", "age:3", 16),
            (ENGLAND, "2018-01", "age:4", "c"),
            ("886", "2016-01", "age:3", 2),
            ("886", "2016-01", "age:4", 3),
        ],
    ),
    "pupils_here": ("january", "pupils", [("886", "2016-01", "all", 100)]),
    "gdp_deflator": (
        "financial_year",
        "index",
        [
            (ENGLAND, "2014-15", "all", 80),
            (ENGLAND, "2015-16", "all", 100),
            (ENGLAND, "2016-17", "all", 120),
        ],
    ),
}
COUNCILS = {"886": "Kent", "201": "City of London", "202": "Camden", "203": "Greenwich"}

#: A row of the ledger: the plain claim that plans rose by a half.
CLAIM = dict.fromkeys(CLAIM_COLUMNS, "") | {
    "claim": "C001", "figure": "1", "finding": "unavoidable", "stance": "report",
    "text": "Plans rose by half.", "value": "50", "unit": "per cent", "rounded_to": "1",
    "period": "January 2014 to January 2017", "publisher": "A Publisher", "title": "A report",
    "url": "https://example.org/report", "published": "2018-05", "locator": "page 3",
    "confidence": "high", "operation": "per_cent_change", "measure": "plans",
    "from": "2014-01", "to": "2017-01",
}  # fmt: skip

#: A row without a recipe.
UNTESTED = CLAIM | dict.fromkeys(("operation", "measure", "from", "to"), "") | {
    "status": "cannot be tested", "reason": "It is a forecast.", "needs": "The future.",
}  # fmt: skip


def tiny_store(root: Path, *claims: dict[str, str]) -> Store:
    """Write the small folder, with a ledger of these rows, and open it."""
    layout = Layout(root / "data")
    write_csv(
        pd.DataFrame(
            [
                {
                    "measure": measure, "title": measure.replace("_", " ").capitalize(),
                    "definition": "So many.", "unit": unit, "decimals": 0, "polarity": "neutral",
                    "period_kind": kind, "family": "context", "adds_up": "",
                    "publication": "tiny",
                }
                for measure, (kind, unit, _rows) in MEASURES.items()
            ]
        ),
        layout.table("measures"),
    )  # fmt: skip
    for measure, (_kind, _unit, rows) in MEASURES.items():
        table = pd.DataFrame(rows, columns=["area", "period", "breakdown", "cell"])
        number = pd.to_numeric(table["cell"], errors="coerce")
        write_csv(
            table.assign(
                value=number,
                status=table["cell"].where(number.isna(), ""),
                source=measure + "_file",
            )[OBSERVATION_COLUMNS],
            layout.observations("context", measure),
        )
    write_csv(
        pd.DataFrame(
            [
                {
                    "source": f"{measure}_file", "title": f"File of {measure}",
                    "publisher": "Department", "publication": measure, "release": "2018",
                    "path": "", "member": "", "url": f"https://example.org/{measure}",
                    "licence": "OGL", "published": "2018", "accessed": "2019-01-01",
                    "sha256": "", "altered": "",
                }
                for measure in MEASURES
            ]
        ),
        layout.table("sources"),
    )  # fmt: skip
    places = [
        (ENGLAND, "England", "country", ""),
        ("E12000007", "London", "region", "E12000007"),
        ("E12000008", "South East", "region", "E12000008"),
        *((code, name, "council", "E12000007") for code, name in COUNCILS.items() if code != "886"),
        ("886", "Kent", "council", "E12000008"),
        ("204", "Hackney", "council", "E12000007"),
    ]
    areas = pd.DataFrame(places, columns=["area", "name", "level", "region"])
    empty = ["other_names", "gss_code", "other_gss_codes", "council_type", "first_period",
             "last_period", "reorganised", "predecessors", "successors"]  # fmt: skip
    write_csv(areas.assign(**dict.fromkeys(empty, "")), layout.table("areas"))
    write_csv(
        pd.DataFrame(
            [
                ("placement", "special", "Special"),
                ("placement", "mainstream", "Mainstream"),
                ("placement", "hospital", "Hospital"),
                ("age", "3", "Age 3"),
                ("age", "4", "Age 4"),
                ("age", "3_and_4", "Age 3 to 4"),
                ("sen", "none", "No SEN"),
                ("sen", "plan", "EHC plan"),
            ],
            columns=["dimension", "code", "label"],
        ).assign(dimension_title="", parent="", position=range(8)),
        layout.table("breakdowns"),
    )
    write_csv(
        pd.DataFrame(
            [("plans", "2016-01", "Counted child by child.")],
            columns=["measure", "period", "note"],
        ),
        layout.table("breaks"),
    )
    for name, columns in (
        ("forecasts", ["forecaster", "low", "central", "high"]),
        ("neighbours", ["area", "rank", "neighbour", "closeness", "model"]),
        ("known_residuals",
         ["measure", "check", "area", "period", "breakdown", "largest", "note"]),
    ):  # fmt: skip
        write_csv(pd.DataFrame(columns=columns), layout.table(name))
    if claims:
        write_csv(pd.DataFrame(claims, columns=[*CLAIM_COLUMNS]), layout.table("claims"))
    return Store(layout)
