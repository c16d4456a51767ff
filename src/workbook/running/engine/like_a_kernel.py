"""Imported first by the fork server: libraries that ask at their import whether they are in a
kernel get the answer yes.

pandas does: outside of one it fits the printed columns to a terminal, and would go on doing so in
every kernel forked later.
"""

import builtins
from types import SimpleNamespace

# taken away again by the rehearsal; a kernel has its own
builtins.get_ipython = lambda: SimpleNamespace(kernel=None)
