"""What is delivered, from where, in which order and after whose approval.

Most of what could be said differently, ``policies/rules/pipeline_shape.py`` refuses for ever.
"""

from policies.changes.change_class import Files, Hazard
from policies.changes.differences import Difference
from policies.changes.documents import ASSEMBLY

PIPELINE, BUILD = "AWS::CodePipeline::Pipeline", "AWS::CodeBuild::Project"
# But for words to people, and the digest of a build that is compared itself.
STAGES = r"(?!.*\b(CustomData|_PROJECT_CONFIG_HASH)\b)Properties\.Stages"


def _delivers(difference: Difference, _files: Files) -> bool:
    return difference.type.startswith("AWS::Code") and difference.type != BUILD


HAZARDS = (
    Hazard(
        name="other-source",
        why="whatever lies in this repository, on this branch, is deployed to both regions",
        where=rf"{STAGES}\.Source\..+",
        types=(PIPELINE,),
        remedy="leave the branch that is protected; another repository is a new set-up",
    ),
    Hazard(
        name="time-limit",
        why="what takes longer is stopped half-way; a forgotten approval must end some day",
        where=rf"({STAGES}\..+|Properties)\.(Queued)?TimeoutInMinutes",
        types=(PIPELINE, BUILD),
        remedy="leave it, or show in the row how long the last executions took",
    ),
    Hazard(
        name="other-approval",
        why="somebody else is asked, or on other evidence, before the standby is changed",
        where=rf"{STAGES}\.approval\..+",
        types=(PIPELINE,),
        remedy="ask those who are asked today, and link the report of this commit",
    ),
    Hazard(
        name="no-rollback",
        why="a region that fails its verification stays as it is, broken, until somebody looks",
        where=rf"{STAGES}\.[^.]+\.OnFailure(\..+)?",
        types=(PIPELINE,),
        remedy="leave both regions' stages to roll back",
    ),
    Hazard(
        name="other-artifacts",
        why="what was checked waits there until it is deployed; who may write there deploys",
        where=r"Properties\.ArtifactStores?(\..+)?",
        types=(PIPELINE,),
        remedy="leave the pipeline's own buckets, with their keys",
    ),
    Hazard(
        name="other-delivery",
        why="gates, approval and deployments are in this order, each with its own build",
        where=rf"{STAGES}(\..+)?|Properties\.(?!Stages|Tags).+",
        types=(PIPELINE,),
        remedy="leave it; show in the row that nothing is deployed before its gates and approval",
    ),
    Hazard(
        name="other-delivery",
        why="it delivers, or starts a delivery, beside the one that has the gates",
        where="",
        only=_delivers,
        remedy="leave it out: whatever is deployed goes through the one pipeline",
    ),
    Hazard(
        name="other-deployer",
        why="by this role a stack is deployed, and here lies the code that is going to run",
        where=r".+",
        document=ASSEMBLY,
        remedy="leave what the bootstrap of this project has made (make bootstrap-policies)",
    ),
)
