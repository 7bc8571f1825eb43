"""The reviewer: claims chunks that wait for a person, and journals each decision."""
