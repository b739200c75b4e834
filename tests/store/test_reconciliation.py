"""Sums that must add up do, and a figure that is off by one is noticed."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from conftest import OFFICIAL_FILES, ROOT
from sendreform.store import open_store
from sendreform.store.reconciliation import compare_with_published, published_totals, reconcile

WITNESS = OFFICIAL_FILES.parent / "research" / "published_series.csv"


def test_every_sum_adds_up_or_says_why() -> None:
    sums = reconcile(open_store(ROOT / "data"))
    assert len(sums) > 10_000
    assert sums.query("verdict == 'differs'").empty


def test_every_published_total_is_ours() -> None:
    compared = compare_with_published(open_store(ROOT / "data"), published_totals())
    assert len(compared) >= 40
    assert set(compared["verdict"]) <= {"exact", "rounding"}


def test_one_plan_too_many_in_one_council_is_noticed(tmp_path: Path) -> None:
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    path = data / "observations/caseload/ehc_plans.csv"
    plans = pd.read_csv(path, dtype="str", keep_default_na=False)
    kent = plans.query("area == '886' and period == '2025-01' and breakdown == 'all'").index[0]
    plans.loc[kent, "value"] = str(int(plans.loc[kent, "value"]) + 1)
    plans.to_csv(path, index=False)
    wrong = reconcile(open_store(data)).query("verdict == 'differs' and measure == 'ehc_plans'")
    found = set(zip(wrong["check"], wrong["area"], wrong["residual"], strict=True))
    assert ("areas (councils)", "E92000001", -1.0) in found
    assert ("areas (councils)", "E12000008", -1.0) in found


def test_published_totals_match_the_independent_witness() -> None:
    if not WITNESS.is_file():
        pytest.skip("the independent witness is not at hand in ../shared/research")
    witness = pd.to_numeric(pd.read_csv(WITNESS, dtype="str")["value"], errors="coerce")
    totals = published_totals()
    unseen = totals[~totals["published"].isin(witness)]
    assert unseen[["measure", "period", "published"]].to_dict("records") == []
