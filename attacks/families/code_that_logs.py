"""What a function's code writes to its logs: contents of records, and what nobody has listed."""

from itertools import product

from attacks.attack import Attack, extend, put
from attacks.runtimes import CONSUMER, PROCESSOR, main

VARIABLES = "Properties.Environment.Variables"


def _telemetry(what: str, service: str, line: str) -> Attack:
    """Return an attack on the module of a service that writes logs."""
    file = f"services/{service}/runtime/telemetry.py"
    text = f"\n\ndef more(self, record, event, rejection, file, entry, metrics):\n    {line}\n"
    return Attack(what, extend(file, text), by="code-logs")


# By a logger that was handed on, in a module that has none.
HANDED_ON = (
    *("log.info(row)", "self._logger.info(row)", "self.log.error(row)", "log.log(20, row)"),
    *(
        "write = log.warning; write(row)",
        "log.exception(row)",
        "log.debug(row)",
        "log.critical(row)",
    ),
    *("log.append_keys(row=row)", "log.handle(row)", "[*map(log.info, [row])]", "log.fatal(row)"),
    "match log:\n        case object(info=write): write(row)",
    "match self:\n        case object(_logger=write): pass",
)
NOT_TELEMETRY = (f"{PROCESSOR}/ingest.py", f"{PROCESSOR}/parsing/text.py", f"{CONSUMER}/event.py")


ATTACKS = (
    *(
        Attack(
            f"{line!r} in {file}",
            extend(file, f"\n\ndef more(self, log, row):\n    {line}\n"),
            by="code-logs",
        )
        for line, file in product(HANDED_ON, NOT_TELEMETRY)
        if not (".error" in line and "text" in file)
    ),
    *(
        main(f"a logger handed on, {line!r}", "code-logs", "_metrics = Metrics()", new)
        for line in (
            "make_ingest(_logger)",
            "make_ingest.log = _logger",
            "logs = [_logger, _metrics]",
        )
        for new in (f"_metrics = Metrics(); {line}",)
    ),
    main(
        "a logger more", "code-logs", "_metrics = Metrics()", "_metrics = Metrics(); a = Logger()"
    ),
    _telemetry("a record is logged", "stream_consumer", "self._logger.info('x', extra=record)"),
    _telemetry(
        "the new image is logged",
        "stream_consumer",
        "self._logger.info('x', extra={'recordId': record['dynamodb']['NewImage']})",
    ),
    _telemetry(
        "an event's body is logged",
        "stream_consumer",
        "self._logger.info('x', extra={'eventId': event.detail})",
    ),
    _telemetry(
        "a row is logged", "processor", "self._logger.info('x', extra={'row': rejection.raw})"
    ),
    _telemetry("a row is a message", "processor", "self._logger.info(f'row {rejection.raw}')"),
    _telemetry("a row is an example", "processor", "self._logger.info(str(rejection.message))"),
    _telemetry("keys are appended", "processor", "self._logger.append_keys(row=file.id)"),
    _telemetry("an exception with its frames", "processor", "self._logger.exception('x')"),
    _telemetry("another field", "processor", "self._logger.info('x', extra={'customer': file.id})"),
    _telemetry("metadata of metrics", "processor", "metrics.add_metadata('key', file.id)"),
    _telemetry("a dimension", "stream_consumer", "metrics.add_dimension('id', event.record_id)"),
    _telemetry("a standing dimension", "processor", "metrics.set_default_dimensions(key=file.id)"),
    _telemetry("a formatter", "canary", "self._logger.registered_formatter"),
    _telemetry("all of an object", "processor", "self._logger.info('x', extra=vars(file))"),
    main(
        "Powertools logs every event",
        "code-logs",
        "_logger.inject_lambda_context(\n",
        "_logger.inject_lambda_context(log_event=True)(\n",
    ),
    main("a key in every line", "code-logs", "_metrics = Metrics()", "_logger.append_keys(a=1)"),
    main(
        "a logger with another formatter",
        "code-logs",
        "Logger(python=",
        "Logger(logger_formatter=print, python=",
    ),
    *(
        Attack(
            f"a variable that lets Powertools log what comes in, {name}",
            put(f"{service}/Service/Function", f"{VARIABLES}.{name}", "true"),
            by="Project-working-settings",
            says="contents of records",
        )
        for name, service in product(
            ("POWERTOOLS_LOGGER_LOG_EVENT", "POWERTOOLS_DEBUG"), ("Processor", "StreamConsumer")
        )
    ),
)
