"""The sandbox that a submission's kernel runs in: bubblewrap, behind Jupyter's seam.

`provisioner` is what Jupyter starts and stops; `view` says what is seen inside,
`command` turns that into bubblewrap's arguments, `start` is the first code inside,
`watch` limits what one process alone does not show, `probe` says whether all of this
can be had here, and why not. `warm` has kernels forked from a parent that has imported
TensorFlow; `parent` is the code of that.
"""
