# A Vision Transformer that shows its attention, in serialized TorchScript: the same layers as the student's program, with an explicit softmax.
#
# B images, S side, P patch, G = S/P, N = 1 + G*G tokens, D width, H heads, d = D/H, L layers.
class Attention(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : List[Tensor]         # patch weight and bias, class token, positions; each layer: norm, query, key, value, projection, norm, hidden, output (weight, bias)
  side : int
  patch : int
  dim : int
  depth : int
  heads : int
  mean : bool              # whether the head reads the mean of the patches in place of the class token
  eps : float

  def load(self: __torch__.Attention,
    weights: List[Tensor]) -> Tensor:
    torch.clear(self.w)
    for i in range(torch.len(weights)):
      _0 = torch.append(self.w, torch.clone(weights[i]))
    return torch.zeros([1])

  # (B, N, D) -> (B, H, N, d)
  def split(self: __torch__.Attention,
    x: Tensor) -> Tensor:
    d = torch.floordiv(self.dim, self.heads)
    return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), self.heads, d]), 1, 2)

  # pixels (B, 3, S, S) -> share of each patch in what the head reads after the last layer (B, G*G)
  #
  # Abnar and Zuidema, ACL 2020: a layer passes on half of what its attention (mean of the heads) gathers and half of what was there, A' = (A + I) / 2; the shares are
  # the first row of A'_L ... A'_1, or the mean of all others, here from the last layer down.
  def rollout(self: __torch__.Attention,
    pixels: Tensor) -> Tensor:
    w = self.w
    P = self.patch
    D = self.dim
    B = torch.size(pixels, 0)
    G = torch.floordiv(self.side, P)
    N = torch.add(torch.mul(G, G), 1)
    K = torch.mul(torch.mul(P, P), 3)
    d = torch.floordiv(D, self.heads)
    x = torch.reshape(pixels, [B, 3, G, P, G, P])
    x = torch.reshape(torch.permute(x, [0, 2, 4, 1, 3, 5]), [B, torch.mul(G, G), K])               # (B, G*G, 3*P*P)
    x = torch.linear(x, torch.reshape(w[0], [D, K]), w[1])                                          # (B, G*G, D)
    token = torch.expand(torch.reshape(w[2], [1, 1, D]), [B, 1, D])
    h = torch.add(torch.cat([token, x], 1), torch.reshape(w[3], [1, N, D]))                         # (B, N, D)
    gathered = annotate(List[Tensor], [])
    for l in range(self.depth):
      o = torch.add(torch.mul(l, 16), 4)
      a = torch.layer_norm(h, [D], w[o], w[torch.add(o, 1)], self.eps)
      q = (self).split(torch.linear(a, w[torch.add(o, 2)], w[torch.add(o, 3)]), )                   # (B, H, N, d)
      k = (self).split(torch.linear(a, w[torch.add(o, 4)], w[torch.add(o, 5)]), )
      v = (self).split(torch.linear(a, w[torch.add(o, 6)], w[torch.add(o, 7)]), )
      s = torch.div(torch.matmul(q, torch.transpose(k, 2, 3)), torch.sqrt(d))
      p = torch.softmax(s, -1)                                                                      # (B, H, N, N)
      _0 = torch.append(gathered, torch.mean(p, [1]))
      a = torch.reshape(torch.transpose(torch.matmul(p, v), 1, 2), [B, N, D])
      h = torch.add(h, torch.linear(a, w[torch.add(o, 8)], w[torch.add(o, 9)]))
      f = torch.layer_norm(h, [D], w[torch.add(o, 10)], w[torch.add(o, 11)], self.eps)
      f = torch.gelu(torch.linear(f, w[torch.add(o, 12)], w[torch.add(o, 13)]))
      h = torch.add(h, torch.linear(f, w[torch.add(o, 14)], w[torch.add(o, 15)]))
    last = torch.narrow(gathered[0], 1, 0, 1)                                                       # (B, 1, N)
    one = torch.ones_like(torch.narrow(last, 2, 0, 1))
    others = torch.ones_like(torch.narrow(last, 2, 1, torch.sub(N, 1)))
    if self.mean:
      r = torch.cat([torch.mul(one, 0.0), torch.div(others, torch.sub(N, 1))], 2)
    else:
      r = torch.cat([one, torch.mul(others, 0.0)], 2)
    for i in range(self.depth):
      l = torch.sub(torch.sub(self.depth, 1), i)
      r = torch.mul(torch.add(torch.matmul(r, gathered[l]), r), 0.5)
    return torch.reshape(torch.narrow(r, 2, 1, torch.sub(N, 1)), [B, torch.mul(G, G)])
