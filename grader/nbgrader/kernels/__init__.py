"""One submission: run in kernels, its functions captured, its checks judged."""
