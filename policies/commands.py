"""What a line of a shell may do to the verdict of a check: hide its status, or send something away.

One reading for every place where commands are written: recipes, workflows, scripts and builds.
"""

# What ends well whatever came before it.
PASSES = r"(true|:|/bin/true|/usr/bin/true|exit(\s+0)?\s*($|[;})])|return\s+0\b)(?![\w=])"
MAKE = r"(make|\$\(MAKE\)|\$\{MAKE\})"
CHECK = rf"({MAKE}|pytest|ruff|mypy|cdk|python3? -m (pytest|policies|review))"
LENIENT = "ignore-errors|keep-going|just-print|dry-run|recon|question|touch"
SWALLOWS = "|".join(
    (
        rf"(\|\||;|&)\s*[({{]?\s*{PASSES}",
        r"\|\|\s*[({]?\s*(echo|printf|\w+=)(?!.*\bexit\s+[1-9])",
        r"\bset\s+(-\w+\s+)*\+(o\s+(errexit|pipefail)|\w*e)",
        r"\btrap\b.*\b(EXIT|ERR)\b",
        r"(^|[;&|(]\s*|\n\s*)!\s",
        r"(?<![&>|])&\s*($|\n|;)",
        r"^[@+\s]*-(?!-)",
        rf"{MAKE}(\s+[^\s;&|]+)*?\s+(-\w*[iknqt]\w*\b|--({LENIENT})|-[fC]\b)",
        rf"\b(if|while|until)\s+(!\s*)?{CHECK}\b",
    )
)
# GitHub's shell has no pipefail unless a step says shell: bash. Only the last status counts then.
PIPE = r"(?<!\|)\|(?!\|)"
# Variables from which tools, shells and installers take options, or which replace them.
TOOL_VARIABLE = (
    r"\b((GNU)?MAKEFLAGS|MAKEFILES|PYTEST_\w+|PYTHON\w+|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|IFS|PATH"
    r"|LD_\w+|DYLD_\w+|NODE_\w+|npm_config_\w+|NPM_CONFIG_\w+|PIP_\w+|UV_\w+|RUFF_\w+|MYPY\w+|HYPOTHESIS_\w+"
    r"|GIT_\w+|CDK_\w+|JSII_\w+|AWS_(ENDPOINT_URL\w*|CONFIG_FILE|SHARED_CREDENTIALS_FILE|CA_BUNDLE|LAMBDA_EXEC_WRAPPER)"
    r"|(HTTPS?|ALL|NO|https?|all|no)_(PROXY|proxy)|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|CURL_\w+|HOME|XDG_\w+|VIRTUAL_ENV"
    r"|COVERAGE_\w+|ZIZMOR_\w+|GITLEAKS_\w+|BETTERLEAKS_\w+|ACTIONLINT_\w+|CFN_LINT_\w+)\b"
)
SENDS = (
    r"(^|[\s;&|(`$])(curl|wget|nc|ncat|netcat|socat|ssh|scp|sftp|rsync|ftp|telnet|httpie|xh|dig|nslookup)\s"
    r"|/dev/(tcp|udp)/"
)
# What lets pytest run fewer tests, or none, or take them from elsewhere.
PYTEST_LESS = (
    r"\bpytest\b.*\s(?P<what>-[km]\b|-[cp]\s|--(deselect|ignore(-glob)?|co|collect-only|lf|last-failed|ff|sw"
    r"|stepwise|maxfail|noconftest|confcutdir|rootdir|pyargs|config-file|exitfirst|override-ini)\b)"
)
