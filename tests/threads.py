"""One thread for NumPy, PyTorch and TensorFlow: where each process has one core."""

#: of the environment, before the libraries are imported here or in another process
ONE_THREAD = dict.fromkeys(
    (
        "MKL_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "TF_NUM_INTEROP_THREADS",
        "TF_NUM_INTRAOP_THREADS",
    ),
    "1",
)
