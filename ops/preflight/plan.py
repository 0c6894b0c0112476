"""What this commit is going to make, and where: read from the synthesized assembly.

Nothing is listed by hand. Whatever a template names, or the bootstrap makes, is a name that a first
deployment needs to be free.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import naming
from bootstrap.__main__ import template as bootstrap_template
from policies.templates.template import Resource, StackTemplate, as_text

BUCKET, TABLE, POLICY = "AWS::S3::Bucket", "AWS::DynamoDB::GlobalTable", "AWS::IAM::ManagedPolicy"
KEY = "AWS::KMS::Key"
# The property that is a resource's own name in its account and region.
NAMES: Mapping[str, str] = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::CodeBuild::Project": "Name",
    "AWS::CodePipeline::Pipeline": "Name",
    TABLE: "TableName",
    "AWS::Events::EventBus": "Name",
    POLICY: "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    BUCKET: "BucketName",
    "AWS::S3::MultiRegionAccessPoint": "Name",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Site:
    """One region of one account."""

    account: str
    region: str

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.region} of {self.account}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Something that ``stack`` is going to make at ``site`` under ``name``."""

    type: str
    name: str
    site: Site
    stack: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to be deployed.

    ``stacks`` are those of the app, ``policies`` the documents of the bootstrap by the policy's
    name, with ``${AWS::AccountId}`` for the account, ``key_texts`` the descriptions of the keys of
    a site, by which a key without an alias is known.
    """

    stacks: Sequence[StackTemplate]
    policies: Mapping[str, Mapping[str, Any]]
    named: Sequence[Named]
    key_texts: Mapping[Site, Sequence[str]] = field(default_factory=dict)

    @property
    def sites(self) -> list[Site]:
        """Return every account and region that gets a stack, the primary's first."""
        return sorted({site_of(stack) for stack in self.stacks})

    @property
    def account(self) -> str:
        """Return the account of the pipeline and of the primary region."""
        [account] = {each.account for each in self.stacks if each.region == naming.PRIMARY}
        return account

    @property
    def standby_account(self) -> str:
        """Return the account of the standby region, which may be the same."""
        name = naming.stack(naming.STANDBY)
        [account] = {each.account for each in self.stacks if each.name == name}
        return account

    def stack_names(self, site: Site) -> list[str]:
        """Return the stacks of a site in the order they are deployed: the bootstrap's first."""
        own = [each.name for each in self.stacks if site_of(each) == site]
        policies = [naming.BOOTSTRAP_STACK] if site == _home(self.sites, site.account) else []
        return [*policies, naming.TOOLKIT_STACK, *sorted(own, key=lambda name: name in _LAST)]


_LAST = {naming.stack(region) for region in naming.REGIONS}  # the pipeline deploys these


def site_of(stack: StackTemplate) -> Site:
    """Return where a stack is deployed."""
    return Site(account=stack.account, region=stack.region)


def of(stacks: Sequence[StackTemplate]) -> Plan:
    """Return what is going to be made of the stacks of an assembly, by the bootstrap too.

    Raises ``Undetermined`` for a resource type without an entry in its rights.
    """
    resources = bootstrap_template(stacks)["Resources"].values()
    policies = {
        each["Properties"]["ManagedPolicyName"]: each["Properties"]["PolicyDocument"]
        for each in resources
    }
    sites = sorted({site_of(stack) for stack in stacks})
    keys = {
        site: [
            str(key.properties["Description"])
            for stack in stacks
            if site_of(stack) == site
            for key in stack.resources(KEY)
        ]
        for site in sites
    }
    named = [*_of_bootstrap(sites, policies), *(each for s in stacks for each in _named(s))]
    return Plan(stacks=stacks, policies=policies, named=named, key_texts=keys)


def _home(sites: Sequence[Site], account: str) -> Site:
    """Return where the policies' stack of an account is: IAM is global, so one is enough."""
    return next(site for site in sites if site.account == account)


def _of_bootstrap(sites: Sequence[Site], policies: Mapping[str, Any]) -> Iterator[Named]:
    for account in sorted({site.account for site in sites}):
        home = _home(sites, account)
        for name in policies:
            yield Named(type=POLICY, name=name, site=home, stack=naming.BOOTSTRAP_STACK)
    for site in sites:
        name = naming.bootstrap_assets_bucket(site.region, site.account)
        yield Named(type=BUCKET, name=name, site=site, stack=naming.TOOLKIT_STACK)


def _named(stack: StackTemplate) -> Iterator[Named]:
    for resource in stack.resources(*NAMES):
        name = resource.properties.get(NAMES[resource.type])
        if name is not None:
            for region in _regions(resource):
                site = Site(account=stack.account, region=region)
                yield Named(type=resource.type, name=as_text(name), site=site, stack=stack.name)


def _regions(resource: Resource) -> list[str]:
    """Return where a resource is: a global table is in the region of each of its replicas."""
    replicas = resource.properties.get("Replicas", ()) if resource.type == TABLE else ()
    return [str(each["Region"]) for each in replicas] or [resource.stack.region]
