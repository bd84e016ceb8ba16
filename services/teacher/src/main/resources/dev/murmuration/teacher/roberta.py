class Roberta(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : List[Tensor]    # 4 of the embeddings, then 12 a layer, then 4 of the head
  layers : int
  heads : int         # H
  eps : float         # of every layer norm
  bf16 : bool         # the encoder's precision; embeddings are looked up in it too, the head is fp32
  # Texts are packed end to end without padding: T tokens of all texts in a row. Linear layers see T rows, attention sees the texts of one length together, so no
  # padding mask is needed and a text's logits do not depend on its neighbours.
  def embeddings(self: __torch__.Roberta,
    w: List[Tensor]) -> Tensor:
    # w: words (V, D), positions (P, D), token types (1 or more, D), norm (D) and (D)
    dt = 6
    if self.bf16:
      dt = 15
    _0 = torch.append(self.w, torch.clone(torch.to(w[0], dt)))
    # Only type 0 occurs, so it is part of every position.
    _1 = torch.append(self.w, torch.to(torch.add(w[1], torch.select(w[2], 0, 0)), dt))
    _2 = torch.append(self.w, torch.clone(torch.to(w[3], dt)))
    _3 = torch.append(self.w, torch.clone(torch.to(w[4], dt)))
    return torch.zeros([1])
  def layer(self: __torch__.Roberta,
    w: List[Tensor]) -> Tensor:
    # w: weights and biases of query, key, value, then of attention out, its norm, intermediate, out, its norm
    dt = 6
    if self.bf16:
      dt = 15
    _0 = torch.append(self.w, torch.to(torch.cat([w[0], w[2], w[4]]), dt))
    _1 = torch.append(self.w, torch.to(torch.cat([w[1], w[3], w[5]]), dt))
    for i in range(10):
      _2 = torch.append(self.w, torch.clone(torch.to(w[torch.add(i, 6)], dt)))
    return torch.zeros([1])
  def head(self: __torch__.Roberta,
    w: List[Tensor]) -> Tensor:
    # w: dense (D, D) and (D), projection (C, D) and (C)
    for i in range(4):
      _0 = torch.append(self.w, torch.clone(w[i]))
    return torch.zeros([1])
  def forward(self: __torch__.Roberta,
    ids: Tensor,
    positions: Tensor,
    groups: Tensor,
    firsts: Tensor) -> Tensor:
    # ids (T), positions (T); groups (G, 2): how many texts of which length follow each other; firsts (N): where a text begins
    w = self.w
    counts = annotate(List[int], [])
    lengths = annotate(List[int], [])
    for g in range(torch.size(groups, 0)):
      _0 = torch.append(counts, int(groups[g][0]))
      _1 = torch.append(lengths, int(groups[g][1]))
    h = torch.add(torch.embedding(w[0], ids), torch.embedding(w[1], positions))
    D = torch.size(h, 1)
    H = self.heads
    d = torch.floordiv(D, H)
    h = torch.layer_norm(h, [D], w[2], w[3], self.eps)  # (T, D)
    for l in range(self.layers):
      o = torch.add(4, torch.mul(l, 12))
      qkv = torch.linear(h, w[o], w[torch.add(o, 1)])  # (T, 3 D)
      attended = annotate(List[Tensor], [])
      at = 0
      for g in range(torch.len(counts)):
        c = counts[g]
        n = lengths[g]
        end = torch.add(at, torch.mul(c, n))
        x = torch.reshape(torch.slice(qkv, 0, at, end), [c, n, 3, H, d])
        x = torch.permute(x, [2, 0, 3, 1, 4])  # (3, c, H, n, d)
        a = torch.scaled_dot_product_attention(x[0], x[1], x[2])  # (c, H, n, d)
        _2 = torch.append(attended, torch.reshape(torch.transpose(a, 1, 2), [torch.mul(c, n), D]))
        at = end
      a = torch.linear(torch.cat(attended), w[torch.add(o, 2)], w[torch.add(o, 3)])
      h = torch.layer_norm(torch.add(a, h), [D], w[torch.add(o, 4)], w[torch.add(o, 5)], self.eps)
      f = torch.gelu(torch.linear(h, w[torch.add(o, 6)], w[torch.add(o, 7)]))  # (T, 4 D)
      f = torch.linear(f, w[torch.add(o, 8)], w[torch.add(o, 9)])
      h = torch.layer_norm(torch.add(f, h), [D], w[torch.add(o, 10)], w[torch.add(o, 11)], self.eps)
    o = torch.sub(torch.len(w), 4)
    first = torch.to(torch.index_select(h, 0, firsts), 6)  # (N, D)
    first = torch.tanh(torch.linear(first, w[o], w[torch.add(o, 1)]))
    return torch.linear(first, w[torch.add(o, 2)], w[torch.add(o, 3)])  # (N, C)
