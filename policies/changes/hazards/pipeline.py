"""What is delivered, from where, in which order and after whose approval.

Most of what could be said differently, ``policies/rules/pipeline_shape.py`` refuses for ever.
"""

from policies.changes.change_class import Files, Hazard
from policies.changes.differences import Difference
from policies.changes.documents import ASSEMBLY

PIPELINE, BUILD = "AWS::CodePipeline::Pipeline", "AWS::CodeBuild::Project"
# But for the digest of a build that is compared itself.
STAGES = r"(?!.*\b_PROJECT_CONFIG_HASH\b)Properties\.Stages"


def _delivers(difference: Difference, _files: Files) -> bool:
    return difference.type.startswith("AWS::Code") and difference.type != BUILD


HAZARDS = (
    Hazard(
        name="other-source",
        why="whatever is on this branch of this repository is deployed to both regions",
        where=rf"{STAGES}\.Source\..+",
        types=(PIPELINE,),
        remedy="keep the protected branch; another repository is a new set-up",
    ),
    Hazard(
        name="time-limit",
        why="what takes longer than this is stopped half-way, and a forgotten approval must end "
        "some day",
        where=rf"({STAGES}\..+|Properties)\.(Queued)?TimeoutInMinutes",
        types=(PIPELINE, BUILD),
        remedy="leave it, or show in the row how long the last executions took",
    ),
    Hazard(
        name="other-approval",
        why="before the standby changes, other people may be asked, or told or shown other things",
        where=rf"{STAGES}\.approval\..+",
        types=(PIPELINE,),
        remedy="ask the same people, tell them the verdict, and link this commit's report",
    ),
    Hazard(
        name="no-rollback",
        why="a region that fails its verification and isn't rolled back stays broken until "
        "somebody looks",
        where=rf"{STAGES}\.[^.]+\.OnFailure(\..+)?",
        types=(PIPELINE,),
        remedy="leave both regions' stages to roll back",
    ),
    Hazard(
        name="other-artifacts",
        why="what was checked waits here until it is deployed, and whoever can write here deploys",
        where=r"Properties\.ArtifactStores?(\..+)?",
        types=(PIPELINE,),
        remedy="keep the pipeline's own buckets and keys",
    ),
    Hazard(
        name="other-delivery",
        why="this is where the order of gates, approval and deployments, each with its own build,"
        " is decided",
        where=rf"{STAGES}(\..+)?|Properties\.(?!Stages|Tags).+",
        types=(PIPELINE,),
        remedy="leave it, or show in the row that gates and approval still come first",
    ),
    Hazard(
        name="other-delivery",
        why="what can deliver is either the one pipeline with the gates, or a way around it",
        where="",
        only=_delivers,
        remedy="leave the one pipeline as the only way to deploy",
    ),
    Hazard(
        name="other-deployer",
        why="these roles deploy the stacks, and here lies the code that will run",
        where=r".+",
        document=ASSEMBLY,
        remedy="keep what this project's bootstrap has made (make bootstrap-policies)",
    ),
)
