"""What a student learns by and how it is asked, whatever its network is: inference, loss, backward and optimizer.

A network (vit.py, convnet.py) is a subclass. It has

    pieces()          lengths of the pieces of the vector of weights, in order
    first_of_head()   index of the first piece of the head, which is what learns in the head-only stage
    layers_above()    per piece: the number of layers between it and the head
    decays()          per piece: whether it is a matrix; biases, norms, class token and positions do not decay
    network(...)      pieces of the weights, pixels (B, 3, S, S), paths, dropout -> logits (B, C)

B images, S side, C classes, n weights. All weights are one vector, and so are its average and both moments: casting, averaging
and saving are one operation.
"""
from typing import List, Optional

import torch
from torch import Tensor
from torch.nn import Module


class Student(Module):
    classes: int
    bf16: bool            # whether forward and backward are in bf16; the weights themselves stay in fp32
    averages: bool        # whether a moving average of the weights is kept

    # Each list has one vector, or none before its method has run: a program's state enters by calls.
    cast: List[Tensor]    # weights as inference uses them (n)
    w: List[Tensor]       # weights (n)
    ema: List[Tensor]     # moving average of the weights (n)
    m: List[Tensor]       # first moment (n)
    v: List[Tensor]       # second moment (n)
    g: List[Tensor]       # gradients since the last update, one per piece that learns
    losses: List[Tensor]  # of the batches since then, each (1)
    half: List[Tensor]    # weights in bf16 (n): kept, since new memory costs more than the cast
    room: List[Tensor]    # memory for the fp32 gradients of bf16 weights (n)
    t: List[Tensor]       # number of the update ()
    part_w: List[Tensor]  # what the fused optimizer works on: attributes, because it would be deleted as dead code on local lists
    part_m: List[Tensor]
    part_v: List[Tensor]
    part_g: List[Tensor]
    part_t: List[Tensor]

    # 1. Batches

    # Pinned memory of the host for what will be sent to a GPU. -> as the argument
    def pinned(self, like: Tensor) -> Tensor:
        return torch.empty_like(like, pin_memory=True)

    # Something in pinned memory -> the same on the GPU; nothing waits for the copy.
    def upload(self, pinned: Tensor) -> Tensor:
        return pinned.to((self.w + self.cast)[0].device, non_blocking=True)

    # photos (B, S, S, 3), bytes; colours (6), on the CPU: what red, green and blue are multiplied by, then what is added -> (B, 3, S, S)
    def values(self, photos: Tensor, colours: Tensor) -> Tensor:
        of: List[float] = colours.tolist()
        return torch.stack([photos.select(3, c) * of[c] + of[3 + c] for c in range(3)], 1)

    # 2. Inference

    # [weights (n)] -> nothing
    def load(self, weights: List[Tensor]) -> Tensor:
        self.cast = [self.precise(weights[0]).clone()]
        return torch.zeros([1])

    # From here on inference uses the moving average of the training, or its weights where there is none.
    def load_average(self) -> Tensor:
        self.cast = [self.precise(self.average()).clone()]
        return torch.zeros([1])

    # pixels (B, 3, S, S) -> probabilities (B, C)
    def forward(self, pixels: Tensor) -> Tensor:
        return self.logits(pixels).softmax(-1)

    # pixels (B, 3, S, S) -> logits (B, C)
    def logits(self, pixels: Tensor) -> Tensor:
        return self.network(self.loaded(), pixels, torch.ones([1]), 0.0)

    def loaded(self) -> List[Tensor]:
        return self.cast[0].split_with_sizes(self.pieces())

    def precise(self, weights: Tensor) -> Tensor:
        return weights.to(torch.bfloat16) if self.bf16 else weights

    def average(self) -> Tensor:
        return self.ema[0] if self.averages else self.w[0]

    # 3. State. Each zeros_like takes another tensor, because equal calls would be merged into one tensor.

    # [weights (n)] -> nothing; training starts from them
    def begin(self, weights: List[Tensor]) -> Tensor:
        w = weights[0].detach()
        self.w = [w.clone()]
        self.m = [torch.zeros_like(self.w[0])]
        self.v = [torch.zeros_like(self.m[0])]
        self.t = [torch.zeros_like(self.w[0][0])]
        self.g.clear()
        if self.averages:
            self.ema = [w.clone()]
        if self.bf16:
            self.room = [torch.zeros_like(self.v[0])]
            self.half = [w.to(torch.bfloat16)]
        return torch.zeros([1])

    # After begin: one vector (n) of the state to continue from, 1 the average, 2 the first moment, 3 the second moment.
    def resume(self, vector: Tensor, which: Tensor) -> Tensor:
        if int(which) == 2:
            self.m[0].copy_(vector)
        elif int(which) == 3:
            self.v[0].copy_(vector)
        elif self.averages:
            self.ema[0].copy_(vector)
        return torch.zeros([1])

    # Sets both moments to 0, for another stage.
    def restart(self) -> Tensor:
        self.m[0].zero_()
        self.v[0].zero_()
        return torch.zeros([1])

    # -> [weights, average, first moment, second moment], each (n). They share their storage with the program: read them before
    # the next update.
    def state(self) -> List[Tensor]:
        return [self.w[0], self.average(), self.m[0], self.v[0]]

    # -> the gradients since the last update, of all that learns, end to end
    def gradient(self) -> Tensor:
        return torch.cat([g.flatten() for g in self.g])

    # 4. Loss and backward

    # Cross-entropy against soft targets, -sum_c y_c log softmax(z / T)_c, times T^2 (Hinton et al. 2015), averaged over the
    # batch; adds its gradient to what update uses. Its gradient is that of the Kullback-Leibler divergence, which differs by the
    # entropy of the targets.
    #
    # Each piece of the weights is a leaf of its own, so that its gradient needs no copy in fp32, and in bf16 goes straight to its
    # place in room.
    #
    # pixels (B, 3, S, S), targets (B, C), paths as for network, how (5) -> loss (1)
    def accumulate(self, pixels: Tensor, targets: Tensor, paths: Tensor, how: Tensor) -> Tensor:
        numbers: List[float] = how.tolist()
        share, T, head_only, first_of_update, dropout = numbers
        first = self.first_of_head() if head_only > 0 else 0
        if first_of_update > 0:
            self.g.clear()
            self.losses.clear()

        sizes = self.pieces()
        weights = self.half[0].copy_(self.w[0]) if self.bf16 else self.w[0]
        pieces = weights.split_with_sizes(sizes)
        learning = [p.detach().requires_grad_() for p in pieces[first:]]
        z = self.network([p.detach() for p in pieces[:first]] + learning, pixels, paths, dropout)        # (B, C)
        loss = -(targets * (z / T).log_softmax(-1)).sum(-1).mean() * (T * T)                             # ()

        gradients: List[Tensor] = []
        for g in torch.autograd.grad([loss * share], learning):
            assert g is not None
            gradients.append(g)
        if first_of_update == 0:
            torch._foreach_add_(self.g, gradients)
        elif self.bf16:
            self.g = self.room[0].split_with_sizes(sizes)[first:]
            torch._foreach_copy_(self.g, gradients)
        else:
            self.g = gradients
        self.losses.append(loss.detach().view(1))
        return self.losses[-1]

    # 5. Optimizer

    # One step with the gradients since the last update, unless they are not finite: then nothing moves. On a GPU nothing here waits
    # for it: what depends on the norm stays there, and the numbers of the step come from the host and return to it.
    #
    # how (10), on the CPU -> the losses of its batches, the global norm of the gradient before clipping, and 1 (batches + 2)
    def update(self, how: Tensor) -> Tensor:
        numbers: List[float] = how.tolist()
        lr, step, max_norm, beta1, beta2, eps, weight_decay, layer_decay, average_decay, rectified = numbers
        norm = torch.stack(torch._foreach_norm(self.g)).norm()
        over = ((norm + 1e-6) / max_norm).clamp(min=1.0)         # divided by it, the gradient's norm is at most max_norm
        finite = torch.isfinite(norm)
        if rectified == 0 and norm.is_cuda:
            self.adamw(over, 1 - finite.float(), lr, step, beta1, beta2, eps, weight_decay, layer_decay)
            if self.averages:
                self.ema[0].lerp_(self.w[0], (1 - average_decay) * finite.float())
        elif finite:
            if rectified > 0:
                self.radam(over, lr, step, beta1, beta2, eps)
            else:
                self.adamw(over if over > 1 else None, None, lr, step, beta1, beta2, eps, weight_decay, layer_decay)
            if self.averages:
                self.ema[0].lerp_(self.w[0], 1 - average_decay)
        return self.on_host(torch.cat(self.losses + [norm.view(1), torch.ones_like(norm).view(1)]))

    # A copy of numbers of which the last is not 0, in the host's memory. Of a GPU's it is still under way on return: the last is 0 until
    # it has arrived.
    def on_host(self, numbers: Tensor) -> Tensor:
        if not numbers.is_cuda:
            return numbers
        host = torch.zeros([numbers.shape[0]]).pin_memory()
        return host.copy_(numbers, non_blocking=True)

    # Waits until all is computed that was asked for. -> anything (1)
    def finish(self) -> Tensor:
        return self.w[0][:1].cpu()

    # AdamW with decoupled decay (Loshchilov and Hutter 2019); the learning rate falls by layer_decay from the head down to the first
    # layer. One call for all pieces that have the same rate and decay.
    #
    # scale () divides the gradient; where infinite () is 1 nothing moves
    def adamw(self, scale: Optional[Tensor], infinite: Optional[Tensor], lr: float, step: float, beta1: float, beta2: float, eps: float,
              weight_decay: float, layer_decay: float):
        above, decays = self.layers_above()[-len(self.g):], self.decays()[-len(self.g):]
        w, m, v = self.learning(self.w[0]), self.learning(self.m[0]), self.learning(self.v[0])
        self.t[0].fill_(step)
        layers = [0] if layer_decay == 1 else [l for l in range(max(above) + 1)]
        for l in layers:
            for decay in [True, False]:
                self.part_w, self.part_m, self.part_v, self.part_g, self.part_t = [], [], [], [], []
                for i, g in enumerate(self.g):
                    if decays[i] == decay and (layer_decay == 1 or above[i] == l):
                        self.part_w.append(w[i])
                        self.part_m.append(m[i])
                        self.part_v.append(v[i])
                        self.part_g.append(g)
                        self.part_t.append(self.t[0])
                if len(self.part_w) > 0:
                    torch._fused_adamw_(self.part_w, self.part_g, self.part_m, self.part_v, [], self.part_t,
                                        lr=lr * layer_decay ** float(l), weight_decay=weight_decay if decay else 0.0,
                                        beta1=beta1, beta2=beta2, eps=eps, amsgrad=False, maximize=False,
                                        grad_scale=scale, found_inf=infinite)

    # RAdam (Liu et al. 2020), as published for the paper's students; no decay. On a CPU piece by piece, so that what an operation
    # writes is in the cache when the next one reads it; on a GPU operation by operation, which is a few kernels instead of six a piece.
    def radam(self, over: Tensor, lr: float, t: float, beta1: float, beta2: float, eps: float):
        bias1, bias2 = 1 - beta1 ** t, 1 - beta2 ** t
        longest = 2 / (1 - beta2) - 1
        length = longest - 2 * t * beta2 ** t / bias2
        rectified = length > 5
        size = lr / bias1
        if rectified:
            size = lr * (((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length)) ** 0.5 * bias2 ** 0.5 / bias1
        w, m, v = self.learning(self.w[0]), self.learning(self.m[0]), self.learning(self.v[0])
        if over.is_cuda:
            self.part_w, self.part_m, self.part_v = w, m, v
            torch._foreach_div_(self.g, over)
            torch._foreach_lerp_(self.part_m, self.g, 1 - beta1)
            torch._foreach_mul_(self.part_v, beta2)
            torch._foreach_addcmul_(self.part_v, self.g, self.g, 1 - beta2)
            if rectified:
                self.part_g = torch._foreach_sqrt(self.part_v)
                torch._foreach_add_(self.part_g, eps)
                torch._foreach_addcdiv_(self.part_w, self.part_m, self.part_g, -size)
                self.part_g.clear()
            else:
                torch._foreach_add_(self.part_w, self.part_m, alpha=-size)
            return
        clips = over > 1
        for i, g in enumerate(self.g):
            if clips:
                g.div_(over)
            m[i].lerp_(g, 1 - beta1)
            v[i].mul_(beta2).addcmul_(g, g, value=1 - beta2)
            if rectified:
                w[i].addcdiv_(m[i], v[i].sqrt() + eps, value=-size)
            else:
                w[i].add_(m[i], alpha=-size)

    # a vector (n) -> its pieces that learn
    def learning(self, vector: Tensor) -> List[Tensor]:
        return vector.split_with_sizes(self.pieces())[-len(self.g):]
