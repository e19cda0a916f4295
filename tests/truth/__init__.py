"""Whether findings are true: what they claim, held against the capture.

Captures are read here as plain JSON, in another way than the judge does it. What the
specification asks for is looked up in the capture of the solution.
"""
