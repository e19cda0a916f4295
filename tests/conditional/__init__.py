"""Functions that are wrong under some arguments only: `python -m tests.conditional`.

For each function, each condition that its arguments can meet, and some faults,
challenges of many students are judged by NumPy alone: what is captured is that of the
faulty function in the calls that meet the condition, and that of the right one in the
others. It prints in how many challenges the fault costs points, and the least and the
most that it costs.
"""
