"""What students are given: the student versions and the kit."""
