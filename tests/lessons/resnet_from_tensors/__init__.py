"""Wrong and right versions of the functions of lesson 3, and its sample students."""
