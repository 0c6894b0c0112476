#!/usr/bin/env bash
# Puts a file as the one review comment of a pull request: updates the comment that carries its mark.
# Needs GH_TOKEN, REPOSITORY and PULL_REQUEST.
set -euo pipefail

mark='<!-- review report -->'
body=$(printf '%s\n%s\n' "$mark" "$(cat "$1")")
comments="repos/$REPOSITORY/issues/$PULL_REQUEST/comments"

known=$(gh api --paginate "$comments" \
  --jq ".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$mark\"))) | .id" | head -n 1)
if [ -n "$known" ]; then
  gh api --method PATCH "repos/$REPOSITORY/issues/comments/$known" --raw-field body="$body" --silent
else
  gh api --method POST "$comments" --raw-field body="$body" --silent
fi
