"""What grading costs, beside other graders and beside the least that it could cost."""
