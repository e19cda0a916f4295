"""The sandbox that a submission's kernel runs in: bubblewrap, behind Jupyter's seam.

`provisioner` is what Jupyter starts and stops; `view` says what is seen inside,
`command` turns that into bubblewrap's arguments, `start` is the first code inside,
`watch` limits what one process alone does not show, `probe` says whether all of this
can be had here, and why not.

`warm` has kernels forked from a parent that has imported TensorFlow: `asking` is the
grader's side of that, `forked` a kernel as the grader holds it. In the sandbox,
`parent` serves; it asks `fitness` whether it can be forked, and has `large` make its
forks cheap; `birth` makes a kernel's sandbox, `confined` is its first process, and
`anew` what a fork must not share.
"""
