"""An OpenAI-compatible endpoint as an engine: what stages ask goes to a server over HTTP."""
