"""The engines that run requests, and which one serves a model."""
