"""Gates: cheap checks without a model that every pair of instruction and answer has to pass."""
