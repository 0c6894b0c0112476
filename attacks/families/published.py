"""What is published beside, or in the place of, what the sources and the locks make."""

from attacks.attack import Attack, write
from attacks.contents import ASSET

ATTACKS = (
    *(
        Attack(
            f"a bundle with {what}",
            write(f"{ASSET}/{name}", "import os\n"),
            by="bundle-differs",
            says=f"{name} is {how}",
            found_at="asset.",
        )
        for what, name, how in (
            ("a module more", "sitecustomize.py", "added"),
            ("another package", "jmespath/parser.py", "another"),
        )
    ),
    Attack(
        "a package's next version brings a program",
        write(f"{ASSET}/msgspec/run", "#!/bin/sh\n"),
        by="bundle-compiled",
        says="msgspec/run: no scan reads",
        found_at="asset.",
    ),
    Attack(
        "a bundle that keeps its name, whatever is in it",
        write("asset.beside/a", ""),
        by="asset-misnamed",
        says="AWS keeps what it has",
        found_at=ASSET,
    ),
    Attack(
        "code that no source makes",
        write("asset.more/index.js", "exports.handler = async () => {};\n"),
        by="asset-unexplained",
        found_at="asset.more",
    ),
)
