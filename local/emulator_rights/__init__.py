"""The rights of CloudFormation inside the emulator's process.

The emulator's CloudFormation makes no calls: it changes the services' tables directly, as nobody.
On AWS it calls them with the role that a stack was given. So before each change of a resource, the
calls that AWS would make are put to the emulator's own IAM evaluator, with that role's policies and
boundary, and the first denial fails the resource as it would there. ``bootstrap.handlers`` has the
actions, from the registry's schemas; here is what they are done on, and in which context.

Part of the emulator's own environment, like ``local.emulator_entry_point``: these modules import
the standard library, each other, ``bootstrap.handlers`` and, late, the emulator. A stack without
a role, like the bootstrap's own, is not checked: on AWS it acts with the caller's rights.
"""
