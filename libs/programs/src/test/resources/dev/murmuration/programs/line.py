"""Fits y = w x + b: the smallest program that loads state, trains it in place and is called for inference."""
from typing import List

import torch
from torch import Tensor
from torch.nn import Module


class Line(Module):
    power: int
    scale: float
    negate: bool
    w: List[Tensor]    # slope (1), intercept (1)
    m: List[Tensor]    # a moment each

    def load(self, w: List[Tensor]) -> Tensor:
        self.w = [p.detach().clone().requires_grad_() for p in w]
        self.m = [torch.zeros_like(p.detach()) for p in self.w]
        return torch.zeros([1])

    # x (n) -> (n)
    def forward(self, x: Tensor) -> Tensor:
        y = (x * self.w[0] + self.w[1]) * self.scale
        return (-y if self.negate else y) ** self.power

    def pair(self, x: Tensor, more: List[Tensor]) -> List[Tensor]:
        return [x + 1] + [y * x for y in more]

    # x (n), y (n), lr () -> loss ()
    def step(self, x: Tensor, y: Tensor, lr: Tensor) -> Tensor:
        loss = ((self.forward(x) - y) ** 2).mean()
        for w, m, g in zip(self.w, self.m, torch.autograd.grad([loss], self.w)):
            assert g is not None
            m.copy_(g)
            w.detach().sub_(g * lr)
        return loss.detach()

    def state(self) -> List[Tensor]:
        return [w.detach().clone() for w in self.w] + [m.clone() for m in self.m]
