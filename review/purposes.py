"""What a resource is for, as a reader of the report asks for it."""

DATA, RIGHTS, RUNS, OTHER = "data", "rights", "runs", "other"
