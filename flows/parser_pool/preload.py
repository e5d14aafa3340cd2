"""What parsers need is loaded here, once, by the process that the workers are forked from.

A worker that did so for itself would take a second of a processor to start, and it is replaced now
and then. The model of languages is half of that.
"""

import os

import py3langid

import parsers.feeds.parse
import parsers.parse  # noqa: F401 - imported to be there

py3langid.classify("")

# Arrow's own allocator sets a gigabyte aside before it writes the first row. What workers may
# allocate is limited, so that it would take all that is left for parsing.
os.putenv("ARROW_DEFAULT_MEMORY_POOL", "system")
