import sys

from datasets.command import main

sys.exit(main(sys.argv[1:]))
