"""What goes between the course and a learning platform: people, marks, feedback.

A platform's own CSV file is read and filled in; nothing else in it changes.
"""
