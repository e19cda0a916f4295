"""How the model that ships with the course is trained and measured.

    photographs ── matte ── scenes ─┐
    photographs ── camera ──────────┼─ examples ── fit ── model/
    drawn hands ── camera ──────────┘                └─── curves, evaluate

`make train` and `make evaluate` run it in a checkout: the network is ResNet50 as
lesson 1's solution builds it.
"""
