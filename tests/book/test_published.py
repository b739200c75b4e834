"""The files that others build on: they hold what the report holds, and stay what they are."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from charts.samples import CAPTION
from conftest import ROOT
from sendreform import cli
from sendreform.book.figure_files import Publication, SiteFigure, lift_figures
from sendreform.book.published import FILES, write_site_files
from sendreform.charts import bars
from sendreform.store import Store, open_store

PUBLICATION = Publication(
    authors="sendreform contributors",
    title="SEND in England",
    version="1.2.3",
    released=date(2026, 11, 24),
    address="https://example.org/send/",
)
PAGE = ROOT / "book" / "data_files.md"


def figures() -> dict[str, SiteFigure]:
    data = pd.DataFrame({"label": ["A", "B"], "value": [1234.0, 2.0]})
    body = bars(data, unit="plans", **{**CAPTION, "note": "Counted anew."}).to_html()
    return {figure.id: figure for figure in lift_figures(body, "notebooks/a", PUBLICATION).figures}


def area_figures() -> list[SiteFigure]:
    files = {"folder": "figures/areas", "kinds": ("csv", "svg")}
    return [replace(figure, page="areas/kent", **files) for figure in figures().values()]


@pytest.fixture(scope="module")
def store() -> Store:
    return open_store(ROOT / "data")


@pytest.fixture(scope="module")
def site(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with these files and no page."""
    folder = tmp_path_factory.mktemp("site")
    write_site_files(folder, store, figures(), area_figures(), PUBLICATION)
    return folder


def read(site: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((site / "data" / f"{name}.json").read_text("utf-8"))
    return content


@pytest.mark.parametrize("name", FILES)
def test_each_file_says_its_version_and_licence(site: Path, name: str) -> None:
    content = read(site, name)
    assert list(content)[:3] == ["version", "licence", "site"]
    assert content["version"] == "1.2.3"
    assert content["licence"]["path"].startswith("https://")
    assert content["site"] == "https://example.org/send/"


def test_a_figure_is_told_whole(site: Path) -> None:
    assert read(site, "figures")["figures"] == [
        {
            "id": "plans-over-time",
            "page": "notebooks/a.html",
            "address": "notebooks/a.html#plans-over-time",
            **{name: CAPTION[name] for name in ("title", "subtitle", "alt", "source")},
            "source_url": CAPTION["source_url"],
            "notes": ["Counted anew."],
            "csv": "figures/plans-over-time.csv",
            "svg": "figures/plans-over-time.svg",
            "png": "figures/plans-over-time.png",
            "code": [],
        }
    ]


def test_a_figure_of_a_place_is_told_apart_and_has_no_png(site: Path) -> None:
    [figure] = read(site, "area_figures")["figures"]
    assert figure["page"] == "areas/kent.html"
    assert figure["svg"] == "figures/areas/plans-over-time.svg"
    assert "png" not in figure


def test_the_claims_are_those_of_the_command(
    site: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    printed = CliRunner().invoke(cli.app, ["claims", "--format", "json"])
    claims = read(site, "claims")["claims"]
    assert claims == json.loads(printed.output)
    assert len(claims) == len(store.claims)


def test_the_areas_are_england_its_regions_and_the_councils_of_today(
    site: Path, store: Store
) -> None:
    areas = read(site, "areas")["areas"]
    assert pd.Series([area["level"] for area in areas]).value_counts().to_dict() == {
        "council": 153,
        "region": 9,
        "country": 1,
    }
    councils = [area for area in areas if area["level"] == "council"]
    codes = {area["code"] for area in areas}
    assert len(codes) == len(areas)
    assert len({tuple(council["hex"]) for council in councils}) == 153
    assert {len(council["neighbours"]) for council in councils} <= {0, 10}
    for area in areas:
        assert {area["region"] or area["code"], *area["neighbours"]} <= codes
    kent = next(area for area in areas if area["name"] == "Kent")
    assert (kent["code"], kent["gss"], kent["region"]) == ("886", "E10000016", "E12000008")
    assert kent["page"] == "areas/kent.html"
    assert next(area for area in areas if area["level"] == "country")["page"] == "index.html"
    nearest = store.neighbours.query("area == '886' and rank == 1")["neighbour"].item()
    assert kent["neighbours"][0] == nearest


def test_the_past_of_a_council_can_be_followed_both_ways(site: Path) -> None:
    content = read(site, "areas")
    former = {council["code"]: council for council in content["former_councils"]}
    assert former["928"]["name"] == "Northamptonshire"
    assert former["928"]["successors"] == ["940", "941"]
    north = next(area for area in content["areas"] if area["code"] == "940")
    assert north["predecessors"] == ["928"]


def test_every_area_of_an_observation_is_known(site: Path, store: Store) -> None:
    content = read(site, "areas")
    known = {area["code"] for area in content["areas"] + content["former_councils"]}
    for measure in store.measures.index:
        assert set(store.observations(measure)["area"]) <= known, measure


def test_the_measures_are_the_catalogue(site: Path, store: Store) -> None:
    measures = read(site, "measures")["measures"]
    assert [record["measure"] for record in measures] == sorted(store.measures.index)
    assert sum(len(record["breaks"]) for record in measures) == len(store.breaks)
    for record in measures:
        for column in store.measures.columns:
            assert record[column] == store.measures.at[record["measure"], column]
        assert list(pd.read_csv(site / record["csv"], nrows=1)) == [
            "area", "period", "breakdown", "value", "status", "source",
        ]  # fmt: skip


def test_the_observations_are_copied_byte_for_byte(site: Path) -> None:
    ours = {path.relative_to(ROOT / "data"): path for path in (ROOT / "data").rglob("*.csv")}
    theirs = {path.relative_to(site / "data"): path for path in (site / "data").rglob("*.csv")}
    measured = {path for path in ours if path.parts[0] == "observations"}
    assert measured and measured <= theirs.keys() <= ours.keys()
    for name, path in theirs.items():
        assert path.read_bytes() == ours[name].read_bytes(), name


def test_the_data_package_describes_files_that_are_there(site: Path) -> None:
    package = read(site, "datapackage")
    assert package["version"] and package["licenses"]
    for resource in package["resources"]:
        assert (site / "data" / resource["path"]).is_file()


def test_the_same_data_give_the_same_files(site: Path, store: Store, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "of_before.json").write_text("{}")
    write_site_files(tmp_path, store, figures(), area_figures(), PUBLICATION)
    names = {path.relative_to(site) for path in site.rglob("*.json")}
    assert names == {path.relative_to(tmp_path) for path in tmp_path.rglob("*.json")}
    for name in names:
        assert (tmp_path / name).read_bytes() == (site / name).read_bytes()


def test_the_page_on_them_names_every_file_and_key(site: Path) -> None:
    words = PAGE.read_text("utf-8")
    for name in (*FILES, "datapackage"):
        assert f'<a href="../data/{name}.json">' in words
    for name in ("figures", "areas", "measures"):
        content = read(site, name)
        told = [*content, *content[name][-1], *content.get("former_councils", [{}])[-1]]
        for key in set(told) - set(FILES):
            assert f"`{key}`" in words, key
