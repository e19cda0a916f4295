"""How the model that ships with the course is trained and measured.

    photographs ── matte ── scenes ─┐
    photographs ── camera ──────────┼─ examples ── fit ── model/
    drawn hands ── camera ──────────┘                └─── curves, evaluate

`make train` and `make evaluate` run it in a checkout. It trains with PyTorch; the
network (`resnet`) is lesson 1's, and its weights are put into the one that lesson 1's
solution builds (`network`). `folds` trains with a fifth of the people left out.
"""
