"""What the app finds out while it makes the templates: another thing where they are deployed."""

from attacks.attack import Attack, extend, replace, write

STACK = "stages/tap_stack.py"
NODE = "def more(self):\n    return self"
# Each is added to a stack.
LINES = (
    "import os; os.environ['DAYS']",
    "from os import getenv as Name; Name('DAYS')",
    "import time; time.time()",
    "from datetime import date; date.today()",
    "import random; random.random()",
    "import uuid; uuid.uuid4()",
    "import secrets; secrets.token_hex()",
    "hash('days')",
    "open('days').read()",
    "from pathlib import Path; Path('days').read_text()",
    "from stages.pipeline.stack import PACKAGE_JSON; PACKAGE_JSON.read_text()",
    "from stages.pipeline.stack import Path; Path.home()",
    "import subprocess; subprocess.run(['git', 'log'])",
    "from services.bundling import subprocess",
    "from services import lambda_python; lambda_python.version(None)",
    "import socket; socket.gethostname()",
    "import urllib.request; urllib.request.urlopen('https://example.org')",
    "import boto3; boto3.client('sts')",
    "import platform; platform.machine()",
    "import sys; sys.argv",
    "from services.aws_client import clients; clients.s3('us-east-1', {})",
    "from services.processor.runtime.large_file_main import os",
    "from aws_cdk import aws_ec2; aws_ec2.Vpc.from_lookup(None, 'Vpc', is_default=True)",
    "from aws_cdk import aws_ec2; ec2 = aws_ec2; ec2.Vpc.from_lookup(None, 'Vpc', is_default=True)",
    "from aws_cdk import aws_ssm; aws_ssm.StringParameter.value_from_lookup(None, 'days')",
    "from aws_cdk import ContextProvider as Names; Names.get_value(None)",
    "from aws_cdk import aws_lambda; aws_lambda.Code.from_asset('days')",
    "from aws_cdk import aws_lambda; aws_lambda.Code.from_docker_build('days')",
    "from aws_cdk.aws_ecr_assets import DockerImageAsset",
    "from aws_cdk.cloudformation_include import CfnInclude",
    "import aws_cdk; aws_cdk.jsii",
    f"{NODE}.node.try_get_context('days')",
    f"{NODE}.node.get_all_context()",
    "import helper",
    "getattr(TapStack, 'days')",
    "eval('days')",
)
LIST, COMPILED = (f"policies/declared/{of}.toml" for of in ("app_code", "compiled_files"))
ATTACKS = (
    *(Attack(repr(line), extend(STACK, f"\n\n{line}\n"), by="app-acts") for line in LINES),
    Attack(
        "modules of another folder",
        extend("stages/watch/__init__.py", "__path__.insert(0, 'simulation')\n"),
        by="app-acts",
        says="modules of other folders can then run",
    ),
    *(
        Attack(f"a clock in {where}", plant, by="app-acts")
        for where, plant in {
            "names": extend("naming.py", "\n\nfrom datetime import datetime; datetime.now()\n"),
            "a construct": extend("services/canary/construct.py", "\nimport time; time.time()\n"),
            "a new stage": write("stages/more/clock.py", "import time; time.time()\n"),
            "a new construct": write("services/more/construct.py", "import time; time.time()\n"),
            "the app, once more": extend("pipeline_app.py", "\n\ndatetime.now()\n"),
        }.items()
    ),
    *(
        Attack(
            f"less looked at, {old!r}", replace(LIST, old, new), by="declaration-widened", says=LIST
        )
        for old, new in (
            ('"naming.py", ', ""),
            ('"services.bundling.*", ', ""),
            ("jsii|lookup|", "lookup|"),
            ("without = 'services/(", "without = 'services/(canary/|"),
        )
    ),
    Attack(
        "everything allowed",
        extend(LIST, '\n[[allowed]]\nwhy = "w"\nplaces = ["*"]\nnames = ["*"]\n'),
        by="declaration-widened",
        says=LIST,
    ),
    Attack(
        "any compiled file in a bundle",
        replace(COMPILED, "crc.*.so", "*.so"),
        by="declaration-widened",
        says=COMPILED,
    ),
)
