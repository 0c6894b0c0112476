"""Whether a listed version is in the ledger, complete, and with counts that add up."""

from collections.abc import Sequence

from ops import items
from ops.file_history import COMPLETED, ledger_entry
from ops.findings import Code, Finding
from ops.items import Item, Key
from ops.object_versions import ListedVersion
from ops.region import Region
from services.processor.runtime.intake.event import FOLDER_END

IGNORED, FAILED = "IGNORED", "FAILED"


def with_entries(
    region: Region, versions: Sequence[ListedVersion]
) -> list[tuple[ListedVersion, Item]]:
    """Return versions with their ledger entries, read together; an empty one where there is none.

    A missing one is searched under other times, as an object that S3 once denied has its entry
    under the time of its event.
    """
    keys = [Key(each.id, each.timestamp) for each in versions]
    stored = {items.key_of(item): item for item in items.read_many(region, keys)}

    def elsewhere(version: ListedVersion) -> Item:
        return {} if is_folder(version) else ledger_entry(region, version)

    return [
        (version, stored[key] if key in stored else elsewhere(version))
        for version, key in zip(versions, keys, strict=True)
    ]


def check_file(version: ListedVersion, entry: Item, *, is_young: bool) -> Finding | None:
    """Return what is wrong with a file, or is to be told of it; ``None`` if it is as wanted.

    A young one may still be in work.
    """
    if is_folder(version):
        return _folder(version)
    if not entry:
        code = Code.IN_WORK if is_young else Code.FILE_MISSING
        return Finding(code=code, version=version, detail="it has no ledger entry")
    status = entry["status"]["S"]
    if status == IGNORED:
        return Finding(code=Code.IGNORED, version=version, detail=_why(entry))
    if status != COMPLETED:
        code = Code.IN_WORK if is_young else Code.NOT_COMPLETE
        return Finding(code=code, version=version, detail=f"it is {status}{_why(entry, ': ')}")
    disagreement = _disagreement(version, entry)
    if disagreement:
        return Finding(code=Code.COUNTS_DISAGREE, version=version, detail=disagreement)
    return None


def is_folder(version: ListedVersion) -> bool:
    """Return whether it only makes a folder appear in the console."""
    return version.key.endswith(FOLDER_END)


def _folder(version: ListedVersion) -> Finding:
    if version.size_bytes:
        problem = f"{version.size_bytes:,} bytes under the name of a folder, which nobody reads"
        return Finding(code=Code.NOT_READ, version=version, detail=problem)
    return Finding(code=Code.FOLDER, version=version, detail="an empty folder of the console")


def _why(entry: Item, before: str = "") -> str:
    failure = items.plain(entry).get("failure")
    return f"{before}{failure['code']}: {failure['message']}" if failure else ""


def _disagreement(version: ListedVersion, entry: Item) -> str:
    read, accepted, rejected, written = (
        int(entry[name]["N"])
        for name in ("rowsRead", "rowsAccepted", "rowsRejected", "itemsWritten")
    )
    if not accepted + rejected == read == written:
        return (
            f"{accepted:,} rows accepted and {rejected:,} rejected, {read:,} read, "
            f"{written:,} written"
        )
    explained = rejected  # entries of a version that did not know it do not say it
    if by_code := entry.get("rejections"):
        explained = sum(int(each["M"]["rows"]["N"]) for each in by_code["M"].values())
    if explained != rejected:
        return f"{rejected:,} rows rejected, of which {explained:,} have a code"
    size_bytes = int(entry["sizeBytes"]["N"]) if "sizeBytes" in entry else version.size_bytes
    if size_bytes != version.size_bytes:
        return f"{size_bytes:,} bytes in the ledger, {version.size_bytes:,} in S3"
    return ""
