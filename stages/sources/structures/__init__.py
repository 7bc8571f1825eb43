"""Structures: what the pieces of known feeds mean (NVD, CVE, STIX, CSAF, OSV ...)."""
