"""One stage's queue folder: locks, claims, journals, sealed outcomes, deaths and suspects."""
