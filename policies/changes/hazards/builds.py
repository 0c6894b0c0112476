"""What the pipeline's builds run, with what, and by whom they are told.

What no build may have at all, ``policies/rules/build_shape.py`` refuses.
"""

from policies.changes.change_class import Hazard

BUILD, PIPELINE = "AWS::CodeBuild::Project", "AWS::CodePipeline::Pipeline"
TOLD = r"Properties\.Stages\..+\.EnvironmentVariables(\..+)?"

HAZARDS = (
    Hazard(
        name="build-commands",
        why="an added command runs with the build's rights, and a removed one may have been a gate",
        where=r"Properties\.Source(\..+)?",
        types=(BUILD,),
        remedy="leave it; put what every commit must pass into a make target that the build runs "
        "already",
    ),
    Hazard(
        name="build-environment",
        why="the image and the variables decide what a build checks, and where it reports",
        where=rf"Properties\.Environment(\..+)?|(?!.+_PROJECT_CONFIG_HASH){TOLD}",
        types=(BUILD, PIPELINE),
        remedy="leave it, or make sure that gates and proofs still report what they did",
    ),
    Hazard(
        name="other-build",
        why="a build may hold the rights to deploy, and later stages trust what it reports",
        where=r"(Properties\.(?!Description|TimeoutIn|ServiceRole).+)?",
        types=(BUILD,),
        remedy="leave it, or say in the row what it does and which rights it has",
    ),
)
