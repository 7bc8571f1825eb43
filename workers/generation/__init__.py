"""The generation engine: the only package that imports mlx.

Importing it, or any module of it, defines names and nothing else.  On a Linux CPU call
`workers.generation.linux_cpu.prepare()` before mlx is imported, or MLX stays with a slow BLAS.
"""
