"""A new process, to the first acknowledged record; and how large what it starts from is."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import naming
from benchmarks.cold import bundles
from benchmarks.data import file_of
from benchmarks.job import BUCKET, TABLE, VERSION
from benchmarks.options import Options
from benchmarks.rounds import Round, ratio, spread_of, turns
from benchmarks.runner import FOLDER, Runner, call, client_environment
from benchmarks.tables import megabytes, spread, table

ROUNDS = 15
KEY = "orders/first.ndjson"
_PROGRAM = Path(bundles.__file__).with_name("first_record.py")
_BARE = "bare"
_MODULES = {
    _BARE: "-",
    "product": "services.processor.runtime.main",
    "product-plain": "services.processor.runtime.main",
    "peer": "powertools_function",
    "peer-plain": "powertools_function",
}
_TITLES = {
    "product": "this product, compiled",
    "product-plain": "this product, not compiled",
    "peer": "boto3 + Powertools, compiled",
    "peer-plain": "boto3 + Powertools, not compiled",
}
_PEERS = {"product": "peer", "product-plain": "peer-plain"}


def run(runner: Runner, options: Options) -> dict[str, Any]:
    """Start each function in turns."""
    object_ = runner.endpoints.objects / KEY
    object_.parent.mkdir(parents=True, exist_ok=True)
    object_.write_bytes(file_of(FOLDER / "data", "orders", 1, "ndjson").read_bytes())
    bundles.check_interpreter()
    folders = bundles.folders()
    rounds: list[dict[str, dict[str, float]]] = [
        {name: _start(runner, name, folders.get(name)) for name in order}
        for order in turns(list(_MODULES), options.rounds if options.quick else ROUNDS)
    ]
    cpu: list[Round] = [
        {name: 1000 * (each[name]["cpu_s"] - each[_BARE]["cpu_s"]) for name in folders}
        for each in rounds
    ]
    wall = [{name: 1000 * each[name]["wall_s"] for name in folders} for each in rounds]
    return {
        name: {
            "title": _TITLES[name],
            "cpuMs": asdict(spread_of(name, cpu)),
            "wallMs": asdict(spread_of(name, wall)),
            "ofThePeers": asdict(ratio(name, _PEERS[name], cpu)) if name in _PEERS else None,
            **bundles.sizes(folder),
        }
        for name, folder in folders.items()
    }


def _start(runner: Runner, name: str, folder: Path | None) -> dict[str, float]:
    authority = runner.endpoints.certificate.authority
    environment = client_environment(runner.endpoints.urls["at_once"], authority) | {
        "PYTHONPATH": str(folder or ""),
        "PYTHONDONTWRITEBYTECODE": "1",  # /var/task cannot be written to
        "TABLE_NAME": TABLE,
        "REJECTED_ROWS_KEPT_DAYS": "30",
        "STATUS_INDEX": "all",
        "REGION": naming.PRIMARY,
        "POWERTOOLS_SERVICE_NAME": "ingestion",
        "POWERTOOLS_METRICS_NAMESPACE": "ingestion",
    }
    command = [bundles.interpreter(), "-P", "-s", str(_PROGRAM), _MODULES[name], _event()]
    measured: dict[str, float] = json.loads(call(command, environment).strip().splitlines()[-1])
    return measured


def _event() -> str:
    object_ = {"key": KEY, "versionId": VERSION, "eTag": "e", "sequencer": "00"}
    record = {
        "eventTime": datetime(2026, 11, 1, tzinfo=UTC).isoformat(),
        "s3": {"bucket": {"name": BUCKET}, "object": object_},
    }
    return json.dumps({"Records": [record]})


def text(result: dict[str, Any]) -> str:
    """Return the table."""
    heads = (
        *("function", "CPU, ms", "of the peer's", "wall, ms"),
        *("unzipped MB", "zipped MB"),
    )
    rows = [
        (
            each["title"],
            spread(each["cpuMs"]),
            spread(each["ofThePeers"], 2) if each["ofThePeers"] else "1",
            spread(each["wallMs"]),
            megabytes(each["unzippedBytes"]),
            megabytes(each["zippedBytes"]),
        )
        for each in result.values()
    ]
    return table(heads, rows)
