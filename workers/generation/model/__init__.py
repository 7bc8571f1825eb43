"""A model ready to generate: loading, the facts planning needs, memory, near ties."""

from workers.generation.model.load import LoadedModel, ModelFacts, load

__all__ = ["LoadedModel", "ModelFacts", "load"]
