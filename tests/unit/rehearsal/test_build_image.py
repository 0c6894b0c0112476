import os
import subprocess
from pathlib import Path

import pytest

from local.paths import REPOSITORY
from local.rehearsal import build_image
from local.rehearsal.build_image import BuildImage


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BuildImage:
    """An image on a machine without Lambda's Python."""
    monkeypatch.setattr(build_image, "lambda_python", lambda: None)
    authority = tmp_path / "authority.pem"
    authority.write_text("ours")
    return BuildImage(tmp_path / "image", authority)


def test_a_build_finds_the_images_tools_and_none_of_the_repositorys(image: BuildImage) -> None:
    offered = os.pathsep.join([str(REPOSITORY / ".venv" / "bin"), "/usr/bin"])

    folders = image.variables({"PATH": offered})["PATH"].split(os.pathsep)

    assert str(REPOSITORY / ".venv" / "bin") not in folders
    assert folders[-1] == "/usr/bin"
    tools = {file.name for file in Path(folders[1]).iterdir()}
    assert tools == {"node", "npm", "npx", "pyenv", "python3"}


def test_a_build_finds_lambda_s_python_wherever_the_machine_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_image, "lambda_python", lambda: Path("/bin/echo"))
    authority = tmp_path / "authority.pem"
    authority.touch()

    variables = BuildImage(tmp_path / "image", authority).variables({"PATH": "/usr/bin:/bin"})

    called = subprocess.run(
        ["python3.14", "asked"], env=variables, capture_output=True, text=True, check=True
    )
    assert called.stdout == "asked\n"


def test_a_build_may_choose_among_the_image_s_versions_of_python(image: BuildImage) -> None:
    variables = image.variables(os.environ)

    chosen = subprocess.run(["pyenv", "global", "3.11.15", "3.14.3"], env=variables, check=False)

    assert chosen.returncode == 0


def test_what_a_build_installs_globally_stays_in_the_image(
    image: BuildImage, tmp_path: Path
) -> None:
    variables = image.variables(os.environ)

    prefix = subprocess.run(
        ["npm", "prefix", "--global"],
        env={"HOME": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=True,
    )

    assert prefix.stdout.strip() == str(tmp_path / "image" / "npm")


def test_caches_and_registries_are_the_persons_and_nothing_else_is(image: BuildImage) -> None:
    variables = image.variables(
        {"HOME": "/home/me", "UV_INDEX_URL": "https://x", "AWS_PROFILE": "p"}
    )

    assert variables["UV_INDEX_URL"] == "https://x"
    assert variables["XDG_CACHE_HOME"] == "/home/me/.cache"
    assert variables["NPM_CONFIG_CACHE"] == "/home/me/.npm"
    assert "AWS_PROFILE" not in variables
    assert "HOME" not in variables


def test_node_trusts_the_local_cloud_and_what_the_person_trusts(
    image: BuildImage, tmp_path: Path
) -> None:
    (tmp_path / "company.pem").write_text("theirs")

    variables = image.variables({"NODE_EXTRA_CA_CERTS": str(tmp_path / "company.pem")})

    assert Path(variables["NODE_EXTRA_CA_CERTS"]).read_text() == "ours\ntheirs"


def test_a_shell_that_points_at_a_stopped_cloud_does_not_stop_a_build(
    image: BuildImage, tmp_path: Path
) -> None:
    variables = image.variables({"NODE_EXTRA_CA_CERTS": str(tmp_path / "gone.pem")})

    assert Path(variables["NODE_EXTRA_CA_CERTS"]).read_text() == "ours"
