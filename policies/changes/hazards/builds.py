"""What the pipeline's builds run, with what, and by whom they are told.

What no build may have at all, ``policies/rules/build_shape.py`` refuses.
"""

from policies.changes.change_class import Hazard

BUILD, PIPELINE = "AWS::CodeBuild::Project", "AWS::CodePipeline::Pipeline"
TOLD = r"Properties\.Stages\..+\.EnvironmentVariables(\..+)?"

HAZARDS = (
    Hazard(
        name="build-commands",
        why="a command more runs with the rights of the build, and with one fewer, a gate is gone",
        where=r"Properties\.Source(\..+)?",
        types=(BUILD,),
        remedy="leave it; what every commit must pass is a part of a target that runs already",
    ),
    Hazard(
        name="build-environment",
        why="by its image and variables a build finds what it checks, and where it reports",
        where=rf"Properties\.Environment(\..+)?|(?!.+_PROJECT_CONFIG_HASH){TOLD}",
        types=(BUILD, PIPELINE),
        remedy="leave it, or see that gates and proofs still say what they said",
    ),
    Hazard(
        name="other-build",
        why="after the gates a build can deploy, and what it says is believed",
        where=r"(Properties\.(?!Description|TimeoutIn|ServiceRole).+)?",
        types=(BUILD,),
        remedy="leave it, or say in the row what it does and which rights it has",
    ),
)
