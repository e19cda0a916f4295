"""The half of a check that runs where the learner's function lives.

It calls the function and writes down what came out, as plain JSON: nothing is
decided here, and no expected value is known. Only this package, `grader.challenge`,
`grader.stream` and TensorFlow are needed in that process. Keras's settings come first:
what follows imports Keras.
"""

from grader.capture import settings  # isort: skip
from grader.capture.channel import MIME_TYPE, publish, to_text
from grader.capture.run import capture

__all__ = ["MIME_TYPE", "capture", "publish", "settings", "to_text"]
