"""The generation engine: the only package that imports mlx.

Importing any module of it takes in the fast BLAS first, as that has to come before mlx.
"""

import sys

if sys.platform == "linux":
    from workers.generation import linux_cpu

    linux_cpu.prepare()
