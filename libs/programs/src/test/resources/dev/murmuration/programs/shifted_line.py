"""A line that is shifted: inherits everything else."""
import torch
import torch.nn.functional as F
from torch import Tensor

from line import Line


class ShiftedLine(Line):
    shift: float

    # x (n) -> (n)
    def shifted(self, x: Tensor) -> Tensor:
        return F.relu(self.forward(x) + self.shift).to(torch.float32)
