"""All scenarios, in the order in which they are played."""

from local.drill.scenarios import disturbances, large_files, redriving, region_loss, takeover
from local.drill.stage import Play

SCENARIOS: dict[str, Play] = {
    **disturbances.SCENARIOS,
    **large_files.SCENARIOS,
    **takeover.SCENARIOS,
    **region_loss.SCENARIOS,
    **redriving.SCENARIOS,
}
