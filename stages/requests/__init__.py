"""Requests in OpenAI's batch format, answered one by one."""
