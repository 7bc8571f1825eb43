"""Readers for the files that security data comes in: containers, shapes and structures.

A container is opened (gzip, zip, tar ...), its text decoded, its shape cut into pieces (a line,
an array's element, a table's row, an XML element), and each piece turned into a record by its
structure (NVD, STIX, CSAF ...).  Knows nothing of runs, queues or models.  Invariant: bounded
memory, and every piece becomes a record or a problem that names its place.
"""
