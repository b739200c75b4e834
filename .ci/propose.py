"""Proposes new releases: a pull request with the new data, what moved in words, and new figures.

``python3 .ci/propose.py releases.json`` takes what ``sendreform update --check --format json``
printed. A release that the import refuses keeps no other out: the pull request has its line. Where
none was taken over, an issue is opened with the lines instead, and the releases are tried again in
every later run: what was refused may have been mended since. Either is opened once for the same
releases. Needs ``gh``, and the right to push a branch.
"""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SENDREFORM = ".venv/bin/sendreform"
#: A description holds 65,536 characters; the words come first.
MOST_LETTERS, MOST_REFUSED = 55_000, 4_000
BOT = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")
RUNBOOK = "*For analysts*, “When a new release appears”"


def main(releases: Path) -> None:
    """Open what is to be opened for the releases that are new."""
    new = [each for each in json.loads(releases.read_text("utf-8")) if each["is_new"]]
    if not new:
        print("Nothing is new.")
        return
    title, branch = title_of(new), branch_of(new)
    if proposed_already(branch):
        print(f"Proposed already: {title}")
        return
    refused, taken = taken_over()
    words = about(new)
    if refused:
        words += f"\n\nNot all was taken over. What `sendreform update` said:\n{fenced(refused)}"
    if taken:
        open_pull_request(title, branch, words)
    elif told_already(title):
        print(f"Told already, and still refused: {title}\n{refused}")
    else:
        body = f"{words}\nWhat to do: {RUNBOOK}."
        run("gh", "issue", "create", "--title", title, "--body", body)


def title_of(new: list[dict[str, str]]) -> str:
    """Name the releases in a line; one may be published again under its date."""
    names = "; ".join(
        f"{each['title']}, {each['their_release']}"
        + (f", published again ({each['id'][-8:]})" if each["theirs"] == each["ours"] else "")
        for each in new
    )
    return f"New release: {names}"[:200]


def branch_of(new: list[dict[str, str]]) -> str:
    """Return the branch of the releases: the same releases have the same."""
    names = "-".join(f"{each['publication']}-{each['theirs']}-{each['id']}" for each in new)
    short = re.sub(r"[^a-z0-9-]+", "-", names.lower())
    if len(short) > _LONGEST:
        # What is cut off may be all that tells these releases from others.
        short = f"{short[:_LONGEST].strip('-')}-{hashlib.sha256(names.encode()).hexdigest()[:8]}"
    return "release/" + short.strip("-")


_LONGEST = 90


def proposed_already(branch: str) -> bool:
    """Say whether a pull request with these releases was opened before, and may be closed."""
    listed = run("gh", "pr", "list", "--state", "all", "--head", branch, "--json", "number")
    return bool(json.loads(listed))


def told_already(title: str) -> bool:
    """Say whether an issue about these releases was opened before."""
    listed = run("gh", "issue", "list", "--state", "all", "--limit", "500", "--json", "title")
    return title in [each["title"] for each in json.loads(listed)]


def about(new: list[dict[str, str]]) -> str:
    """Say which releases are new, and what the data hold."""
    return "\n".join(
        f"- **{each['title']}**: {each['their_release']}, published {each['theirs']}. "
        f"The data hold {each['our_release']}, {each['ours']}."
        for each in new
    )


def taken_over() -> tuple[str, bool]:
    """Update the data; return what was refused, and whether the data are others now.

    The end of what the command said stands for what was refused; it is empty where nothing was.
    """
    update = subprocess.run(
        [SENDREFORM, "update"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    refused = (update.stdout + update.stderr)[-MOST_REFUSED:] if update.returncode else ""
    return refused, bool(run("git", "status", "--porcelain", "data"))


def open_pull_request(title: str, branch: str, words: str) -> None:
    """Build the figures anew, push all of it to a branch, and propose it.

    Where the book cannot be built with the new data they are proposed all the same, and it is told.
    """
    for command in (["changes"], ["build", "--store-outputs"]):
        try:
            run(SENDREFORM, *command)
        except subprocess.CalledProcessError:
            words += (
                f"\n\n**`sendreform {' '.join(command)}` failed with the new data.** The log of "
                "this run says why; mend that on this branch before you merge."
            )
            break
    moved = run(SENDREFORM, "diff", "HEAD")
    run("git", "switch", "--create", branch)
    run("git", "add", "data", "notebooks")
    name, address = BOT
    who = ["-c", f"user.name={name}", "-c", f"user.email={address}"]
    run("git", *who, "commit", "--quiet", "--message", title)
    # A branch that is there already, without a pull request, is what an earlier run left.
    run("git", "push", "--quiet", "--force", "origin", branch)
    body = f"{words}\n\nRead it as a sceptic would ({RUNBOOK}) before you merge. What moved:\n"
    asked = ["--base", "main", "--head", branch, "--title", title]
    run("gh", "pr", "create", *asked, "--body", body + fenced(moved[:MOST_LETTERS]))
    # A pull request that a workflow opens starts no checks by itself.
    run("gh", "workflow", "run", "ci.yml", "--ref", branch)


def fenced(text: str) -> str:
    """Put text into a block that is shown as it is."""
    return f"```text\n{text.replace('```', '` ` `').rstrip()}\n```\n"


def run(*command: str) -> str:
    """Run a command in the project and return what it printed; stop where it fails."""
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]))
