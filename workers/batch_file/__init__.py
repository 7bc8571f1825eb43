"""The command `python -m workers.batch_file`: OpenAI batch files through the local engine.

A file becomes a run of one stage: `requests` reads and groups the lines, `answers` writes what
came back, `command` joins both with a run's queue and workers.
"""
