"""Ways to make a gate lie: other packages and origins, and what runs before or behind the app."""

from attacks.attack import both, extend, replace, write
from attacks.variants import joined, told

# Of Python and Node: what is run, or says what is run, and is no source.
SOURCELESS = (
    *("click/__init__.pyc", "policies/rules/more.so", "policies/rules/more.cpython-311.pyc"),
    *("policies/scan/code.abi3.so", "ops/more.pyd", "services/processor/runtime/more.so.1"),
    *("tests/conftest.pyc", "more.egg-link", "more-1.0-py3.11.egg", "infra/more.node"),
    *("more-1.0.dist-info/entry_points.txt", "tests/more.egg-info/entry_points.txt"),
)
# By whom an option of npm's is told, and what is said of it.
OPTIONS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("strict-ssl=false", ("tree-other-origin",), "no longer makes sure who answers"),
    ("strict-ssl=false", ("package-redirected",), "npm may ask somebody else for packages"),
    ("ignore-scripts=false", ("tree-tool-variable",), "npm takes this option in every command"),
    ("script-shell=/bin/a", ("package-script",), "whether, or in which shell, an installation"),
    ("package-lock=false", ("package-unlocked",), ".npmrc:5\nnpm install then takes no version"),
    ("audit-level=critical", ("scanner-silenced",), "npm audit goes by it, so make audit passes"),
    ("node-options=-r a.js", ("tool-settings",), "npm takes its options from here in every"),
)
ATTRIBUTES = (
    ("a file that is not shown", "policies/** -diff", "git or GitHub doesn't show what changes"),
    ("files that are folded away", "ops/** linguist-generated=true", "git or GitHub doesn't show"),
    ("tests that no base has", "tests/** export-ignore", "git archive leaves these files out"),
    ("a command at each checkout", "*.py filter=mine", "git pipes these files through a command"),
    ("lines that end otherwise", "*.sh eol=crlf", "git rewrites these files as it checks them out"),
    ("a merge that drops one side", "*.toml merge=ours", "git merges these files by another rule"),
    ("an attribute of one's own", "*.py mine", "nothing here looks at what git does by it"),
)
HIDDEN = ("policies/rules/alarms_can_fire", "policies/scan/code", "review/tree", "pipeline_app")

ATTACKS = joined(
    *(
        told(
            f"no source, {file}, {size} bytes",
            write(file, "x" * size),
            "tree-module-without-source",
        )
        for file in SOURCELESS
        for size in ((1, 1_000_001) if file in SOURCELESS[:2] else (1,))
    ),
    *(
        told(
            f"a package in the place of {module}.py, {kind}",
            both(write(f"{module}/__init__.{kind}", ""), extend(f"{module}.py", "\n")),
            "tree-module-hidden",
        )
        for module in HIDDEN
        for kind in ("py", "abi3.so")
    ),
    told("a package's name for a module", write("pytest/__init__.py", ""), "module-shadowed"),
    told("the same without a source", write("click/__init__.pyc", ""), "module-shadowed"),
    told(
        "a command behind the app's",
        replace("cdk.json", 'pipeline_app.py"', 'pipeline_app.py && sh edit.sh"'),
        "tree-app-command",
        "cdk-setting",
    ),
    told(
        "a command of the CDK's own",
        replace("cdk.json", '  "context": {', '  "build": "sh edit.sh",\n  "context": {'),
        "tree-app-command",
        "cdk-setting",
    ),
    *(
        told(f"a setting of the CDK's, {new[:40]}", replace("cdk.json", old, new), "cdk-setting")
        for old, new in (
            ('"serverless-toolkit-prod"', '"CDKToolkit"'),
            ('"context": {', '"requireApproval": "never",\n  "context": {'),
            ('"context": {', '"context": {\n    "@aws-cdk/core:newStyleStackSynthesis": false,'),
            ('"fileingest"', '"mine"'),
            ('"serverless-boundary-prod"', '"serverless-mine-prod"'),
            ('iam:minimizePolicies": true', 'iam:minimizePolicies": false'),
        )
    ),
    told(
        "a script at every installation",
        replace(
            "package.json", '  "license"', '  "scripts": {"postinstall": "sh a.sh"},\n  "license"'
        ),
        "tree-script-at-installation",
        "package-script",
    ),
    told(
        "a package with a script",
        replace(
            "package-lock.json",
            '"version": "2.1148.1",',
            '"version": "2.1148.1",\n      "hasInstallScript": true,',
        ),
        "tree-script-at-installation",
        "package-script",
    ),
    told(
        "another program under a command's name",
        replace("package-lock.json", '"cdk": "bin/cdk"', '"cdk": "lib/index.js"'),
        "package-script",
    ),
    *(
        told(
            f"an index of others, {line}",
            extend(file, f"{line}\n"),
            "tree-other-origin",
            "package-redirected",
        )
        for file in ("requirements/dev.in", "requirements/dev.txt")
        for line in (
            "--extra-index-url=https://example.com/a",
            "--find-links=a",
            "--trusted-host=example.com",
        )
    ),
    told(
        "a registry of others",
        extend(".npmrc", "registry=https://example.com\n"),
        "tree-other-origin",
        "package-redirected",
    ),
    *(
        told(f"an option of npm, {option}", extend(".npmrc", f"{option}\n"), *by, says=says)
        for option, by, says in OPTIONS
    ),
    told(
        "an index of uv's own",
        write("uv.toml", 'index-url = "https://example.com"\n'),
        "tree-other-settings",
        "package-redirected",
    ),
    told(
        "a package from an address",
        extend("requirements/dev.in", "a @ https://example.com/a.whl\n"),
        "tree-other-origin",
        "package-redirected",
    ),
    told(
        "a package that is asked for",
        extend("requirements/dev.in", "stranger==1.0\n"),
        "package-added",
    ),
    told(
        "a package that nobody asks for",
        extend("requirements/dev.txt", "stranger==1.0 \\\n    --hash=sha256:" + "a" * 64 + "\n"),
        "package-added",
    ),
    told(
        "an older package",
        replace("requirements/dev.txt", "click==8.5.1", "click==8.1.0"),
        "package-downgraded",
    ),
    told(
        "one of two hashes of npm's",
        replace("package-lock.json", '=="', f'== sha512-{"a" * 86}=="'),
        "package-rebuilt",
        says="begin with aaaaaaaa",
    ),
    told(
        "a hash of npm's that begins alike",
        replace("package-lock.json", '=="', 'A="'),
        "package-rebuilt",
    ),
    told(
        "other bytes of a package",
        replace(
            "requirements/bootstrap.txt",
            "16963d19594e18d746a70c7fce82237bde4f2cac4cfcf0ca2b84796fe9d0c6e9",
            "a" * 64,
        ),
        "package-rebuilt",
    ),
    told(
        "a package that Lambda doesn't get",
        replace(
            "services/processor/runtime/requirements.txt",
            "anycrc==",
            "anycrc==1 ; platform_machine != 'aarch64' \\\n    --hash=sha256:" + "0" * 64 + "\nx==",
        ),
        "package-removed",
        says="such as Lambda's arm64",
    ),
    told(
        "operators without what their commands need",
        replace("requirements/ops.in", "msgspec==", "# msgspec=="),
        "package-removed",
        says="requirements/ops.in",
    ),
    *(
        told(
            f"{what} by git",
            write(".gitattributes", f"* -text\n{line}\n"),
            "git-attributes",
            says=f"line 2, {line}: {says}",
        )
        for what, line, says in ATTRIBUTES
    ),
    told("files that no linter sees", extend(".gitignore", "ops/\n"), "tool-settings", says="ruff"),
    told("a tool's settings", write(".editorconfig", "root = true\n"), "tool-settings"),
)
