"""A folder as one zip and back, with what ``zipfile`` leaves out: modes and symbolic links."""

import stat
import zipfile
from io import BytesIO
from pathlib import Path

UNIX_MODE_SHIFT = 16


def pack(folder: Path) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or path.is_file():
                _add(archive, path, path.relative_to(folder))
    return content.getvalue()


def _add(archive: zipfile.ZipFile, path: Path, name: Path) -> None:
    entry = zipfile.ZipInfo(str(name))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = path.lstat().st_mode << UNIX_MODE_SHIFT
    content = bytes(path.readlink()) if path.is_symlink() else path.read_bytes()
    archive.writestr(entry, content)


def unpack(content: bytes, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for entry in archive.infolist():
            _extract(archive, entry, folder)


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    mode = entry.external_attr >> UNIX_MODE_SHIFT
    if stat.S_ISLNK(mode):
        target = folder / entry.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(archive.read(entry).decode())
    else:
        extracted = Path(archive.extract(entry, folder))
        if mode:
            extracted.chmod(stat.S_IMODE(mode))
