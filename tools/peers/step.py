"""A training step of timm's ViT-B/32, batches of 16, fused AdamW.

usage: python step.py fp32|bf16
"""
import sys, time
import timm, torch

BATCH, WARM, MEASURED = 16, 4, 10
torch.manual_seed(1)
model = timm.create_model("vit_base_patch32_224", num_classes=3).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.05, fused=True)
pixels = torch.rand(BATCH, 3, 224, 224) * 2 - 1
targets = torch.full((BATCH, 3), 0.1)
targets[torch.arange(BATCH), torch.arange(BATCH) % 3] = 0.8
for step in range(WARM + MEASURED):
    start = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    with torch.autocast("cpu", torch.bfloat16, enabled=sys.argv[1] == "bf16"):
        logits = model(pixels)
    loss = torch.nn.functional.cross_entropy(logits.float(), targets)
    loss.backward()
    optimizer.step()
    loss.item()
    if step >= WARM:
        print(f"rate {BATCH / (time.perf_counter() - start):.2f}")
