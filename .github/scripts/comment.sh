#!/usr/bin/env bash
# Posts a file as the review comment of a pull request, or updates the comment that begins with the marker.
# Needs GH_TOKEN, REPOSITORY and PULL_REQUEST.
set -euo pipefail

marker='<!-- review report -->'
body=$(printf '%s\n%s\n' "$marker" "$(cat "$1")")
comments="repos/$REPOSITORY/issues/$PULL_REQUEST/comments"

known=$(gh api --paginate "$comments" \
  --jq ".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$marker\"))) | .id" | head -n 1)
if [ -n "$known" ]; then
  gh api --method PATCH "repos/$REPOSITORY/issues/comments/$known" --raw-field body="$body" --silent
else
  gh api --method POST "$comments" --raw-field body="$body" --silent
fi
