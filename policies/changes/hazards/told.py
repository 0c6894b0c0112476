"""Whom alarms and approvals are mailed to, by the setting or beside it."""

from functools import partial

from policies.changes.addresses import SUBSCRIPTION, is_no_setting
from policies.changes.change_class import Hazard, properties
from policies.changes.documents import CDK_JSON

_address = partial(
    Hazard,
    name="alert-address",
    why="somebody else, or nobody, may be told of alarms and approvals",
    remedy="make sure that somebody reads the new address and confirms all mails sent to it",
)
HAZARDS = (
    _address(where=r"context\.alertEmail", document=CDK_JSON),
    _address(
        where=rf"({properties('Endpoint', 'Protocol', 'TopicArn', 'Region')})?",
        types=(SUBSCRIPTION,),
        only=is_no_setting,
    ),
)
