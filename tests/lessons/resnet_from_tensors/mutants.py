"""Wrong versions of the functions of lesson 3.

The price list, of conv2d 10, batch_norm 20, pools 5 each, fc 10, bottleneck 20, block
10 and ResNet50 20 points:

    a variable's name, scope, start, trainability or shape      2 to 3
    padding, stride, window, activation, bias of a layer        3 to 4
    one part of batch_norm (statistics, epsilon, gamma, ...)    3 to 5
    moving averages: not, half or wrongly updated               3 to 6
    inference with the batch's statistics                       3 to 4
    an argument of a call, in one row or many                   3 to 6
    scopes of calls                                             2 to 4
    a call missing or one too many                              4 to 12
    a ReLU missing, doubled or of another kind                  4 to 6
    a layer given the wrong tensor                              5 to 8
    the ReLU at the wrong side of the sum, another merge        4 to 5
    shortcut or main path lost, or concatenated                 8 and more
    logits or predictions of ResNet50                           3 to 8
    a function that raises or gives something else              all
    bottleneck that raises for its projection alone             3 to 12
    a tensor added to itself                                    10
"""

from tests.lessons.resnet_from_tensors.layers import layer_mutants
from tests.lessons.resnet_from_tensors.nets import net_mutants

MUTANTS = (*layer_mutants(), *net_mutants())
