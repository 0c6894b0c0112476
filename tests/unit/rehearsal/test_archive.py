from pathlib import Path

from local.rehearsal import archive


def test_files_modes_and_links_come_back_as_they_were(tmp_path: Path) -> None:
    folder, again = tmp_path / "folder", tmp_path / "again"
    (folder / "deep").mkdir(parents=True)
    tool = folder / "deep" / "tool.sh"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    (folder / "link").symlink_to("deep/tool.sh")

    archive.unpack(archive.pack(folder), again)

    assert (again / "deep" / "tool.sh").read_text() == "#!/bin/sh\n"
    assert (again / "deep" / "tool.sh").stat().st_mode & 0o777 == 0o755
    assert (again / "link").readlink() == Path("deep/tool.sh")
