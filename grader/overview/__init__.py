"""A class at a glance: one page and two tables of a lesson, from what was graded."""
