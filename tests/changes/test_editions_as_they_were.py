"""Editions as they were: what was known by a day, a version of the record, and what is kept."""

import datetime
import json
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from as_tested import project_as_tested
from claims.tiny_data import MEASURES, tiny_store
from conftest import OFFICIAL_FILES, ROOT
from sendreform.book import changes_page, council_changes
from sendreform.changes import kept, known_at
from sendreform.changes.editions import opened_alone
from sendreform.changes.ends import council_ends, ends
from sendreform.changes.kinds import Kind
from sendreform.cli import app
from sendreform.errors import ReportError
from sendreform.observations import ENGLAND, KEY
from sendreform.store import Layout, Store, open_store
from sendreform.store.earlier import differing, keep_replaced, write_earlier
from sendreform.store.layout import EDITION_TABLES, write_csv
from sendreform.store.record import editions, problems, record_edition, releases_of

NOW = open_store(ROOT / "data")


@pytest.fixture(scope="module")
def may_2022(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return known_at.known_at(NOW, "2022-05-31", tmp_path_factory.mktemp("may") / "data")


def england(store: Store, measure: str) -> pd.Series:
    figures = store.observations(measure, ENGLAND)
    return figures[figures["breakdown"] == "all"].set_index("period")["value"]


# ---------------------------------------------------------------- what was known by a day


def test_the_release_of_2022_ends_with_473255_plans(may_2022: Store) -> None:
    """Published in May 2022: 473,255 plans in January 2022, 430,697 a year before, 62,180 new."""
    plans = england(may_2022, "ehc_plans")
    assert plans.index.max() == "2022-01"
    assert (plans["2022-01"], plans["2021-01"]) == (473_255, 430_697)
    assert england(may_2022, "new_ehc_plans").loc["2021"] == 62_180
    # Plans by single age were published first in 2024.
    ages = may_2022.observations("ehc_plans")["breakdown"]
    assert "age:16_to_19" in set(ages)
    assert "age:16" not in set(ages)


def test_other_publications_are_known_nine_months_after_their_period(may_2022: Store) -> None:
    """2020/21 ended on 31 August 2021, exactly nine months before; 2021/22 had not ended."""
    assert may_2022.observations("suspension_rate")["period"].max() == "2020/21"
    # The financial year 2020-21 ended in March 2021, 2021-22 in March 2022.
    assert may_2022.observations("high_needs_spending_outturn")["period"].max() == "2020-21"


def test_a_measure_that_nobody_had_published_is_not_there(may_2022: Store) -> None:
    assert "ehc_plans_ceased" in NOW.measures.index
    assert "ehc_plans_ceased" not in may_2022.measures.index
    assert set(may_2022.breaks["measure"]) <= set(may_2022.measures.index)


def test_price_indices_stay_and_claims_are_those_of_the_time(may_2022: Store) -> None:
    assert len(may_2022.observations("gdp_deflator")) == len(NOW.observations("gdp_deflator"))
    assert may_2022.claims["published"].max() <= "2022-05"
    assert 0 < len(may_2022.claims) < len(NOW.claims)


def test_every_source_that_figures_name_is_there(may_2022: Store) -> None:
    for measure in may_2022.measures.index:
        assert set(may_2022.observations(measure)["source"]) <= set(may_2022.sources.index)
    stand_ins = may_2022.sources["release"].str.startswith(known_at.STAND_IN)
    assert set(may_2022.sources.loc[~stand_ins, "published"].str[:4]) <= {
        str(year) for year in range(2008, 2023)
    }


def test_a_figure_that_the_release_of_2025_revised_is_as_it_was(may_2022: Store) -> None:
    """The Isles of Scilly began no plan in 2019: the release of 2022 said so, that of 2025 not."""
    key = "area == '420' and period == '2019' and breakdown == 'all'"
    assert may_2022.observations("new_ehc_plans").query(key)["value"].to_list() == [0]
    assert NOW.observations("new_ehc_plans").query(key).empty


def test_what_a_later_release_has_is_not_replaced_by_an_earlier(tmp_path: Path) -> None:
    store = known_at.known_at(NOW, "2025-06-30", tmp_path / "data")
    for measure in ("new_ehc_plans", "ehc_plans"):
        now = NOW.observations(measure)
        now = now[~now["source"].isin(NOW.sources.index[NOW.sources["published"] > "2025-06-30"])]
        pd.testing.assert_frame_equal(
            store.observations(measure).set_index(KEY).sort_index()[["value", "status"]],
            now.set_index(KEY).sort_index()[["value", "status"]],
        )


def test_a_later_day_knows_all_that_an_earlier_did(may_2022: Store, tmp_path: Path) -> None:
    later = known_at.known_at(NOW, "2023-01-31", tmp_path / "data")
    for measure in may_2022.measures.index:
        keys = [
            set(store.observations(measure)[KEY].itertuples(index=False, name=None))
            for store in (may_2022, later)
        ]
        assert keys[0] <= keys[1], measure


@pytest.mark.parametrize("name", ["2021-12", "2022-13", "1999-01-01"])
def test_a_day_before_the_first_release_is_one_clear_line(name: str) -> None:
    with pytest.raises(ReportError) as raised, opened_alone(name, ROOT):
        pass
    assert "the first release that we hold is of 2022-05" in str(raised.value)


def test_where_series_end_is_told_with_what_breaks_them(may_2022: Store, tmp_path: Path) -> None:
    june_2026 = known_at.known_at(NOW, "2026-06-30", tmp_path / "data")
    found = ends(may_2022, june_2026, "ehc_plans")
    assert (found.then, found.value_then, found.now, found.value_now) == (
        "2022-01", 473_255, "2026-01", 718_838,
    )  # fmt: skip
    assert found.breaks == ("2023-01",)
    assert round(found.per_cent, 1) == 51.9
    assert ends(may_2022, june_2026, "ehc_plans_ceased").then == ""


# ---------------------------------------------------------------- what earlier releases had


def test_a_figure_that_differs_is_kept_and_one_that_does_not_is_not(tmp_path: Path) -> None:
    """England had 300 plans in January 2017, Kent 20; an earlier release had 300 and 19."""
    store = tiny_store(tmp_path)
    earlier = store.observations("plans").query("period == '2017-01' and breakdown == 'all'")
    earlier = earlier.assign(value=earlier["value"].mask(earlier["area"] == "886", 19))
    gone = earlier.query("area == '886'").assign(period="2009-01", value=7)
    found = differing(pd.concat([earlier, gone]), store)
    assert found[["area", "period", "value"]].to_numpy().tolist() == [
        ["886", "2009-01", 7], ["886", "2017-01", 19],
    ]  # fmt: skip


@pytest.mark.sources
def test_what_earlier_releases_had_follows_from_the_official_files(tmp_path: Path) -> None:
    if not OFFICIAL_FILES.is_dir():
        pytest.skip("the official files are not at hand in ../shared/sources")
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    write_earlier(OFFICIAL_FILES, open_store(data))
    for name in ("earlier_series", "earlier_figures"):
        path = NOW.layout.editions(name)
        assert (data / "editions" / path.name).read_bytes() == path.read_bytes()


# ---------------------------------------------------------------- the record


def test_every_recorded_edition_is_in_the_history_with_its_releases() -> None:
    for row in NOW.editions("editions").to_dict("records"):
        shown = subprocess.run(
            ["git", "show", f"{row['revision']}:data/catalogue/sources.csv"],
            cwd=ROOT, capture_output=True, check=False,
        )  # fmt: skip
        if shown.returncode:
            pytest.skip(f"the history here does not reach back to {row['revision']}")
        with opened_alone(row["version"], ROOT) as edition:
            assert edition.version == row["version"]
            releases = releases_of(edition.store.sources, row["version"])
        recorded = NOW.editions("releases")
        assert recorded[recorded["version"] == row["version"]].to_dict("records") == releases


def test_the_record_has_its_columns_and_dates_in_order() -> None:
    for name, columns in EDITION_TABLES.items():
        assert list(NOW.editions(name).columns) == columns
    dates = NOW.editions("editions")["date"]
    assert dates.is_monotonic_increasing
    assert dates.map(datetime.date.fromisoformat).notna().all()
    assert NOW.editions("editions")["version"].is_unique


def test_a_version_is_recorded_once_with_its_releases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendreform.store.record.version", lambda _name: "9.0.0")
    store = tiny_store(tmp_path)
    assert editions(store).empty
    assert record_edition(store, datetime.date(2027, 6, 26)) == "9.0.0"
    fresh = open_store(store.layout.root)
    assert editions(fresh).to_dict("records") == [
        {"version": "9.0.0", "date": "2027-06-26", "revision": "v9.0.0", "site": "editions/9.0.0/",
         "releases": len(MEASURES)}
    ]  # fmt: skip
    assert "editions/editions.csv" in fresh.layout.datapackage.read_text("utf-8")
    with pytest.raises(ReportError, match=r"version 9\.0\.0 is in the record"):
        record_edition(fresh, datetime.date(2027, 6, 27))


def test_a_figure_cited_last_year_is_found_as_it_was(in_the_project: None) -> None:
    del in_the_project
    asked = ["show", "ehc_plans", "--period", "January 2022", "--format", "json"]
    for edition, release in (
        ("2022-05", "Reporting year 2022"),
        ("2025-06", "Reporting year 2025"),
    ):
        shown = CliRunner().invoke(app, [*asked, "--edition", edition])
        assert shown.exit_code == 0
        (row,) = json.loads(shown.stdout)
        assert (row["value"], row["release"]) == (473_255, release)
    assert CliRunner().invoke(app, [*asked[:2], "--edition", "no-such-thing"]).exit_code == 1


# ---------------------------------------------------------------- what the page tells


def test_releases_are_set_side_by_side_and_the_last_version_beside_now() -> None:
    """Releases of later years come between."""
    *releases, last = kept.pairs(NOW)
    assert releases[:2] == [("2022-05", "2025-06"), ("2025-06", "2026-06")]
    assert last[0] in set(NOW.editions("editions")["version"])
    assert last[1] == "data"


def test_a_version_whose_tag_is_yet_to_be_set_is_not_compared_with_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendreform.changes.kept.version", lambda _name: "0.4.0")
    store = tiny_store(tmp_path)
    rows = [["0.3.0", "2026-11-27", "abc", ""], ["0.4.0", "2026-12-01", "v0.4.0", ""]]
    write_csv(
        pd.DataFrame(rows, columns=EDITION_TABLES["editions"]), store.layout.editions("editions")
    )
    assert kept.pairs(open_store(store.layout.root)) == [("0.3.0", "data")]


@pytest.mark.parametrize("pair", kept.pairs(NOW), ids="_".join)
def test_what_is_kept_is_what_the_package_works_out(pair: tuple[str, str], tmp_path: Path) -> None:
    """Where it is not: sendreform changes."""
    revision = NOW.editions("editions").set_index("version")["revision"].get(pair[0], "HEAD")
    known = subprocess.run(
        ["git", "cat-file", "-e", f"{revision}^{{commit}}"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if known.returncode:
        pytest.skip(f"the history here does not reach back to {revision}")
    kept.keep(ROOT, *pair, tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_text("utf-8") == (NOW.layout.moved / path.name).read_text("utf-8")


def differing_in_2022() -> pd.DataFrame:
    """Figures of the release of 2022 that the one of 2025 has otherwise; later ones add theirs."""
    figures = NOW.editions("earlier_figures")
    return figures[figures["source"].map(NOW.sources["published"]).str[:4] == "2022"]


def test_between_2022_and_2025_hardly_a_figure_was_revised() -> None:
    """The two archives differ in the Isles of Scilly and in two cells of Northamptonshire."""
    _summary, rows = kept.kept(NOW, "2022-05", "2025-06")
    revised = rows[rows["moved"].isin(["revised", "withdrawn"])]
    assert set(revised["area_name"]) == {"Isles of Scilly", "Northamptonshire"}
    assert len(revised) == len(differing_in_2022())


def told_by_release(root: Path) -> Store:
    """The tiny data, of 2018, whose publication of plans is told apart by release."""
    store = tiny_store(root)
    write_csv(
        pd.DataFrame(
            [["plans", "all", "2009-01", "plans_file"]], columns=EDITION_TABLES["earlier_series"]
        ),
        store.layout.editions("earlier_series"),
    )
    sources = pd.read_csv(store.layout.table("sources"), dtype="str", keep_default_na=False)
    write_csv(sources.assign(published="2018-06", sha256="2018"), store.layout.table("sources"))
    return open_store(store.layout.root)


def released(old: Store, root: Path, year: int, kents: int, *, whole_year: bool) -> Store:
    """Write what a release makes of data: January 2017 as a whole, or what it revises in Kent.

    Then what it replaced is kept.
    """
    shutil.copytree(old.layout.root, root / "data")
    layout = Layout(root / "data")
    sources = pd.read_csv(layout.table("sources"), dtype="str", keep_default_na=False)
    source = f"plans_{year}"
    record = sources[sources["source"] == "plans_file"].assign(
        source=source, release=str(year), published=f"{year}-06", sha256=str(year),
        accessed=f"{year}-07-01",
    )  # fmt: skip
    write_csv(pd.concat([sources, record]), layout.table("sources"))
    path = layout.observations("context", "plans")
    plans = pd.read_csv(path, dtype="str", keep_default_na=False)
    is_new = plans["period"] == "2017-01"
    is_kent = is_new & (plans["area"] == "886") & (plans["breakdown"] == "all")
    write_csv(
        plans.assign(
            source=plans["source"].mask(is_new if whole_year else is_kent, source),
            value=plans["value"].mask(is_kent, str(kents)),
        ),
        path,
    )
    keep_replaced(old, open_store(layout.root))
    return open_store(layout.root)


def kents_plans(store: Store) -> float:
    rows = store.observations("plans", "886").query("period == '2017-01' and breakdown == 'all'")
    return float(rows["value"].item())


@pytest.mark.parametrize("whole_year", [True, False], ids=["whole year", "only Kent"])
def test_what_the_next_release_replaces_stays_known(tmp_path: Path, whole_year: bool) -> None:
    """A release of 2019 revises Kent's 20 plans of January 2017 to 22; what 2018 had is kept."""
    old = told_by_release(tmp_path / "old")
    new = released(old, tmp_path / "new", 2019, 22, whole_year=whole_year)
    keep_replaced(old, new)  # a second time adds nothing
    new = open_store(new.layout.root)
    (figure,) = new.editions("earlier_figures").to_dict("records")
    assert (figure["area"], figure["value"], figure["source"]) == ("886", 20, "plans_file")
    (tmp_path / "day").mkdir()
    of_the_day = project_as_tested(tmp_path / "new", tmp_path / "day", "2019-06-30")
    for then in (
        known_at.known_at(new, "2018-12-31", tmp_path / "then"),
        open_store(of_the_day / "data"),
    ):
        as_it_was, as_told = (
            store.observations("plans").sort_values(KEY, ignore_index=True) for store in (old, then)
        )
        pd.testing.assert_frame_equal(as_told, as_it_was)
    assert kents_plans(known_at.known_at(new, "2019-12-31", tmp_path / "now")) == 22
    assert project_as_tested(tmp_path / "new", tmp_path / "none", "2019-07-01") == tmp_path / "new"


def test_a_figure_that_the_third_release_revises_is_as_the_first_two_had_it(tmp_path: Path) -> None:
    """2019 has all of January 2017 anew, with the same 20 plans in Kent; 2020 has 25 there."""
    first = told_by_release(tmp_path / "of_2018")
    second = released(first, tmp_path / "of_2019", 2019, 20, whole_year=True)
    assert second.editions("earlier_figures").empty
    third = released(second, tmp_path / "of_2020", 2020, 25, whole_year=False)
    for year, plans in ((2018, 20), (2019, 20), (2020, 25)):
        then = known_at.known_at(third, f"{year}-12-31", tmp_path / f"known_in_{year}")
        assert kents_plans(then) == plans


def test_a_figure_that_a_release_withdraws_from_one_place_stays_away() -> None:
    """The release of 2019 revises Kent's sexes and has no girls there; elsewhere all is of 2018."""
    columns = ["area", "period", "breakdown", "value", "source"]
    known = pd.DataFrame(
        [
            ["Kent", "2017-01", "sex:male", 12, "of_2019"],
            ["Leeds", "2017-01", "sex:male", 5, "of_2018"],
            ["Leeds", "2017-01", "sex:female", 4, "of_2018"],
        ],
        columns=columns,
    )
    girls = pd.DataFrame([["Kent", "2017-01", "sex:female", 8, "of_2018"]], columns=columns)
    published = pd.Series({"of_2018": "2018-06", "of_2019": "2019-06"})
    none = known[:0]
    series = none[["breakdown", "period", "source"]]
    assert known_at.as_earlier(known, none, series, girls, published).empty
    # Before, none of Kent's sexes was of 2019.
    in_2018, later = known[1:], known[:1]
    told = known_at.as_earlier(in_2018, later, series, girls, published)
    assert told["value"].to_list() == [8]


def test_of_each_figure_the_newest_counts_that_was_out() -> None:
    """Kent was revised in 2019 and 2020, Leeds in 2020, and Hull's figure withdrawn in 2020."""
    columns = ["area", "period", "breakdown", "value", "source"]

    def rows(*cells: tuple[str, int, str]) -> pd.DataFrame:
        made = [[area, "2017-01", "all", value, source] for area, value, source in cells]
        return pd.DataFrame(made, columns=columns)

    published = pd.Series({"of_2018": "2018-06", "of_2019": "2019-06", "of_2020": "2020-06"})
    series = rows()[["breakdown", "period", "source"]]
    earlier = rows(
        ("Kent", 20, "of_2018"), ("Kent", 22, "of_2019"), ("Leeds", 10, "of_2018"),
        ("Hull", 5, "of_2018"),
    )  # fmt: skip
    now = rows(("Kent", 24, "of_2020"), ("Leeds", 12, "of_2020"))
    bath = rows(("Bath", 7, "of_2018"))
    in_2019 = known_at.as_earlier(bath, now, series, earlier, published)
    assert dict(zip(in_2019["area"], in_2019["value"], strict=True)) == {
        "Kent": 22, "Leeds": 10, "Hull": 5
    }  # fmt: skip
    in_2020 = known_at.as_earlier(pd.concat([bath, now]), rows(), series, earlier, published)
    assert in_2020.empty


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("corrections", "date,version\n", "the columns are not date, version, page, was, is, why"),
        (
            "corrections",
            "date,version,page,was,is,why\n26 June,0.4.0,Money,1,2,misread\n",
            "row 2, column 'date': '26 June' is not a day. Write it like 2026-06-25.",
        ),
        (
            "releases",
            "version,publication,release\n9.9.9,EHC plans,2030\n",
            "row 2, column 'version': '9.9.9' is not in the record.",
        ),
    ],
)
def test_what_is_wrong_with_the_record_is_one_clear_line(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    store = tiny_store(tmp_path)
    assert problems(store) == []
    path = store.layout.editions(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    (line,) = problems(open_store(store.layout.root))
    assert line.startswith(f"data/editions/{name}.csv")
    assert says in line


def test_a_correction_is_told_with_what_the_report_said_before(tmp_path: Path) -> None:
    store = tiny_store(tmp_path)
    assert "No correction has been made" in changes_page.corrections(store)
    rows = [["2027-01-05", "0.4.1", "Money", "£1bn", "£2bn", "A <b>year</b> was misread."]]
    write_csv(
        pd.DataFrame(rows, columns=EDITION_TABLES["corrections"]),
        store.layout.editions("corrections"),
    )
    told = changes_page.corrections(open_store(store.layout.root))
    assert all(each in told for each in ("5 January 2027", "0.4.1", "£1bn", "£2bn"))
    assert "A &lt;b&gt;year&lt;/b&gt; was misread." in told


def test_the_page_tells_what_moved_and_where_editions_are() -> None:
    page = changes_page.moved(NOW)
    titles = ["From June 2025 to June 2026", "From May 2022 to June 2025"]
    assert [page.index(f"<h3>{title}") for title in titles] == sorted(
        page.index(f"<h3>{title}") for title in titles
    )
    assert "EHC plans rose by 12.5% in the year to January 2026, to 718,838" in page
    # From 473,255 in January 2022 to 638,745 three years later.
    assert "473,255, January 2022" in page
    assert "638,745, January 2025" in page
    assert "+35.0% (counted differently from January 2023)" in page
    table = changes_page.edition_table(NOW)
    for version in NOW.editions("editions")["version"]:
        assert version in table


def test_what_is_not_compared_is_not_told_as_unmoved(monkeypatch: pytest.MonkeyPatch) -> None:
    summary, rows = kept.kept(NOW, "2022-05", "2025-06")
    notes = ["0.3.0: verdicts are not compared, as its rules cannot be read: tests.yml."]
    monkeypatch.setattr(
        changes_page,
        "kept",
        lambda *_asked: (summary | {"notes": notes}, rows[rows["importance"] > Kind.TEST]),
    )
    told = changes_page.moved(NOW)
    assert "Verdicts are not compared: its rules cannot be read: tests.yml." in told
    assert "No verdict moved" not in told


def test_the_page_tells_which_councils_moved_most() -> None:
    """North Somerset: 2,644 / 1,556 = 1.699. Newham, the Isle of Wight, Scilly are left out."""
    told = council_changes.of_councils(NOW, "2022-05", "2025-06")
    assert "North Somerset: 1,556 → 2,644, +69.9%" in told
    assert "January 2025 (counted differently from January 2023)" in told
    assert not any(name in told for name in ("Newham", "Isle of Wight", "Scilly"))
    assert "data/editions/moved/2022-05_2025-06_councils.csv" in told
    every = kept.kept_of_councils(NOW, "2022-05", "2025-06")
    plans = every[every["measure"] == "ehc_plans"].set_index("area")
    assert plans.loc["802", "value_now"] == 2644
    assert 100 * (plans["value_now"] / plans["value_then"] - 1).drop("316").max() == pytest.approx(
        69.9, abs=0.05
    )


def test_where_no_council_moved_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = kept.kept_of_councils(NOW, "2022-05", "2025-06").iloc[:0]
    monkeypatch.setattr(council_changes, "kept_of_councils", lambda *_asked: nothing)
    assert council_changes.of_councils(NOW, "2022-05", "2025-06") == ""


def test_a_council_that_has_no_newer_figure_has_not_moved(tmp_path: Path) -> None:
    store = tiny_store(tmp_path)
    assert council_ends(store, store, store.measures.index[0]).empty


def test_many_revisions_are_folded_away_and_counted() -> None:
    """As many as the record has of earlier figures, in two places."""
    told = changes_page.moved(NOW)
    count = len(differing_in_2022())
    assert f"{count} figures revised or withdrawn, in Isles of Scilly and Northamptonshire." in told


def test_the_verdicts_on_findings_stand_first_and_the_rest_is_folded() -> None:
    """From 2022 to 2025 two verdicts on findings and 19 of tests moved: 21, of which 8 stand."""
    summary, _rows = kept.kept(NOW, "2022-05", "2025-06")
    assert [summary["counts"][f"verdict {of}"] for of in ("on a finding", "of a test")] == [2, 19]
    assert "<summary>13 more verdicts</summary>" in changes_page.moved(NOW)
