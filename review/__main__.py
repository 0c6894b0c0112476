"""``python -m review``: the report of a commit, for reviewers and approvers."""

from review.command import report

if __name__ == "__main__":
    report(prog_name="python -m review")
