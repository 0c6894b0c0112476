from policies.rules.pipeline_shape import check
from tests.policy.templates import stack


def test_a_second_stack_in_a_stage_is_found_and_told_once() -> None:
    stacks = [stack(), stack(name="serverless-more-prod"), stack(stage="standby")]

    [found] = check(stacks)

    assert found.rule == "[stack serverless-more-prod]"
    assert found.message.startswith("the stage primary has another stack")
