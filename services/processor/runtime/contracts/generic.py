"""Files without a contract of their own: any JSON object or CSV row, each field unchanged."""

from typing import Any

from services.processor.runtime.declaration import Contract, Example
from services.processor.runtime.file_form import FileForm

CONTRACT = Contract[dict[str, Any]](
    dataset="generic",
    version=1,
    description="Any object, for datasets that have no contract yet.",
    form=FileForm(refuses_wrappers=True),
    row=dict,
    standard_form=dict,
    standardise=lambda fields: fields,
    examples=(
        Example(row={"sku": "A-1", "level": 12, "place": {"aisle": 7}}),
        Example(row={"": "a name is missing"}, refused="EMPTY_FIELD_NAME"),
    ),
)
