"""What is deployed, as the pipeline knows it: the commits it ran, and the sources it has kept."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

import naming
from policies.changes import guards
from policies.changes.base_selection import BASES
from review import tree
from review.sources import Sources, read_in

# More actions than a hundred commits have.
MOST = 2000
FIELDS = {
    "id": "CommitId",
    "subject": "CommitMessage",
    "author": "AuthorDisplayName",
    "date": "AuthorDate",
}
# The action that shows that the standby is deployed, and how it ends then.
VERIFIED = (f"Verify-{naming.STANDBY}", "Succeeded")
NOTHING = f"nothing is deployed in {naming.STANDBY} yet"


def deployed(root: Path = tree.ROOT) -> Sources:
    """Return the sources that the standby was last deployed and verified with, and commits since.

    An approval is about that. Of a push of several commits, the last one is known. What the
    pipeline does not say, such as to somebody without the right to ask, is unknown.
    """
    try:
        codepipeline = boto3.client("codepipeline", region_name=naming.PRIMARY)
        history = codepipeline.get_paginator("list_action_executions")  # newest first
        pages = history.paginate(pipelineName=naming.PIPELINE)
        runs = [*islice((each for page in pages for each in page["actionExecutionDetails"]), MOST)]
        pushes = {each["pipelineExecutionId"]: each for each in runs if _commit(each)["id"]}
    except (BotoCoreError, ClientError) as error:
        return Sources(unknown=f"the pipeline does not say: {error}")
    # A rollback, which no push began, is no deployment of one.
    ids = (e["pipelineExecutionId"] for e in runs if (e["actionName"], e["status"]) == VERIFIED)
    base = next((pushes[each] for each in ids if each in pushes), None)
    since = [e for e in pushes.values() if base is None or e["startTime"] > base["startTime"]]
    commits = [*{each["id"]: each for each in map(_commit, since)}.values()]
    if base is None:
        return Sources(commits=commits, files_unknown=NOTHING)
    known = Sources(commits=commits, base=_commit(base)["id"])
    try:
        folder = _folder(base, root)
    except (BotoCoreError, ClientError, KeyError, zipfile.BadZipFile) as error:
        return replace(known, files_unknown=f"the sources of what is deployed are gone: {error}")
    before, now = tree.contents(folder), tree.contents(root)
    return replace(
        known,
        changed=sorted({name for name, _ in before.items() ^ now.items()}),
        read=partial(read_in, folder),
        guards=(guards.here(folder), guards.here(root)),
    )


def _commit(action: Mapping[str, Any]) -> dict[str, str]:
    """Return the commit of a source action; without an id for any other."""
    told = action.get("output", {}).get("outputVariables", {})
    subject = told.get("CommitMessage", "").partition("\n")[0]
    return {name: told.get(key, "") for name, key in FIELDS.items()} | {"subject": subject}


def _folder(push: Mapping[str, Any], root: Path) -> Path:
    folder = root / BASES / f"sources-{_commit(push)['id']}"
    place = push["output"]["outputArtifacts"][0]["s3location"]
    s3 = boto3.client("s3", region_name=naming.PRIMARY)
    content = s3.get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    return folder
