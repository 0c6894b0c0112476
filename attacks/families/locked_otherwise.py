"""Ways to make a gate lie: a lock that says something else of a package that it has."""

import re

from attacks.attack import Plant, replace, write
from attacks.project import Copy
from attacks.variants import joined, told

OPS, NODE, NPM = "requirements/ops.txt", "package-lock.json", ".npmrc"
SCAN = "requirements/scan.txt"
# Of jinja2: its wheel is the second of two files.
KEPT = "--hash=sha256:0137fb05990d35f1275a587e9aee6d56da821fc83491a0fb838183be43f66d6d"
WHEEL = "--hash=sha256:85ece4451f492d0c13c5dd7c13a64681a86afae63a5f347908daf103ce6d2f67"
JINJA = "jinja2==3.1.6"
CDK = '"version": "2.1148.1",\n'


def _next_of_few(copy: Copy) -> None:
    """Lock a next version of a compiled package, and of its files two."""
    files = r"regex==\S+( \\\n +--hash=\S+)( \\\n +--hash=\S+)( \\\n +--hash=\S+)+"
    copy.write(SCAN, re.sub(files, r"regex==9999.1.1\1\2", copy.read(SCAN)))


ATTACKS = joined(
    told(
        "a lock that npm prefers",
        write(
            "npm-shrinkwrap.json", '{"packages": {"node_modules/aws-cdk": {"version": "2.0.0"}}}\n'
        ),
        "package-redirected",
        says="never reads package-lock.json",
    ),
    *(
        told(
            f"a package that nothing asks for, {how}",
            replace(SCAN, "#    make lock\n", f"#    make lock{more} {KEPT}\n"),
            "package-added",
            says=f"{SCAN}:3",
        )
        for how, more in (
            ("set in", "\n    more==1"),
            ("behind a comment that seems to go on", " \\\nmore==1"),
        )
    ),
    told(
        "a package that is built at an operator's",
        replace(OPS, f"{KEPT} \\\n    {WHEEL}", KEPT),
        "package-built-here",
        says=f"{OPS}:70\nfewer of its files are accepted than before (by hashes that begin with "
        "85ece445): if",
    ),
    told(
        "a next version of which only the source is locked",
        replace(OPS, f"{JINJA} \\\n    {KEPT} \\\n    {WHEEL}", f"jinja2==99 \\\n    {KEPT}"),
        "package-built-here",
        says="begin with 0137fb05): if",
    ),
    told(
        "a next version of which few files are locked",
        Plant(at=SCAN, do=_next_of_few),
        "package-built-here",
        says=f"{SCAN}:",
    ),
    told(
        "a file more of a version that is locked",
        replace(OPS, WHEEL, f"{WHEEL} \\\n    --hash=sha256:{'a' * 64}"),
        "package-rebuilt",
        says="hashes begin with aaaaaaaa\n",
    ),
    told(
        "a lock that builds what it has",
        replace(OPS, JINJA, f"--no-binary jinja2\n{JINJA}"),
        "package-built-here",
        says="by this line, packages are built here",
    ),
    told(
        "another SDK than Lambda brings",
        replace("requirements/lambda.txt", "boto3==1.40.4", "boto3==1.44.5"),
        "package-observed",
        says="what Lambda brings was seen on a function",
    ),
    told(
        "a command that need not be installed",
        replace(NODE, CDK, f'{CDK}      "optional": true,\n'),
        "package-removed",
        says="the machine's own program then runs",
    ),
    told(
        "packages whose addresses are locked as well",
        replace(NPM, "omit-lockfile-registry-resolved=true\n", ""),
        "package-redirected",
        says="make lock writes one exact version",
    ),
)
