"""What a lesson is made of: functions, their checks, and hidden calls."""
