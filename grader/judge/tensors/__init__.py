"""Functions on tensors that take their variables from a store, judged by tables.

The names are those of the capture half. A lesson's tables say what a layer computes
(`functions`) and which calls a net makes (`rows`); its helper module has `create_var`
and `variable_scope`, whose names are in the sentences here.
"""
