"""A sample class: what students hand in, and how it is written into notebooks."""
