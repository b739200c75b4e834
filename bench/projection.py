"""Measure how long the projection takes, and how much memory: every council, 10,000 draws.

The projection runs in a process of its own, from the tables in memory to whole plans of every
council to January 2036 that add up to England's in each draw: once if nothing changes, and once
with a reform, for which plans are followed with it and without. The target is 10 seconds and 2 GB
on two cores.
"""

import json
import multiprocessing
import os
import platform
import resource
import sys
import time
from datetime import UTC, datetime

from measure import BENCH, PER_MIB

DRAWS = 10_000


#: Every effect at once.
REFORM = {
    "name": "All effects", "start": 2027, "fewer_new_plans": [5, 20],
    "more_in_mainstream": [10, 30], "fewer_independent": [5, 20], "slower_unit_costs": [0, 1],
}  # fmt: skip


def run(draws: int, reform: bool) -> dict[str, float]:
    """Project England and every council once and return what it took."""
    from sendreform.areas import Areas
    from sendreform.evidence.projection import projecting, scenario_files
    from sendreform.evidence.projection.scenarios import NO_REFORM
    from sendreform.store import open_store

    store = open_store()
    councils = list(Areas(store.areas, store.neighbours).councils()["area"])
    start = time.perf_counter()
    given = projecting.inputs(store.observations, councils)
    read = time.perf_counter()
    scenario = scenario_files.scenario(REFORM, where="REFORM") if reform else NO_REFORM
    england = projecting.project(given, scenario, draws=draws)
    plans = projecting.plans_of_councils(given, england)
    projected = time.perf_counter()
    total = sum(plans.values())
    if not (total == england.plans).all():
        sys.exit("The councils do not add up to England.")
    return {
        "draws": draws,
        "councils": len(plans),
        "januaries": england.plans.shape[1],
        "seconds_to_gather_the_tables": round(read - start, 2),
        "seconds_to_project": round(projected - read, 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / PER_MIB),
    }


def main() -> None:
    """Measure in a fresh process, and write the record."""
    took = {}
    for name, reform in (("projection", False), ("projection_of_a_reform", True)):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            took[name] = pool.apply(run, (DRAWS, reform))
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        **took,
    }
    (BENCH / "projection.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    for name, one in took.items():
        print(f"{name}: {one['seconds_to_project']} s, {one['peak_mib']:,} MiB")
    print("The record is in bench/projection.json")


if __name__ == "__main__":
    main()
