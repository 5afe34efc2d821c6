"""`python -m featherweight` is the command `featherweight`."""

import sys

from featherweight.cli import main

sys.exit(main())
