"""What makes MLX fast on a Linux CPU: a good BLAS before MLX is loaded, and kernels of our own.

Importing this package imports no mlx, so that the BLAS can still come first.
"""

from workers.generation.linux_cpu.blas import prepare

__all__ = ["prepare"]
