"""Golden values for the predecessors' convolutional networks: small random VGG-19, Hybrid (AlexNet) and CaffeNet as Caffe, MMdnn, caffe-tensorflow and PyTorch write them, and what PyTorch computes.

usage: python tools/caffe_golden.py libs/weights/src/test/resources/dev/murmuration/weights libs/student/src/test/resources/dev/murmuration/student \
           services/trainer/src/test/resources/begin
needs: torch, numpy, protobuf, safetensors (the versions used are written into caffe/versions.json)

The networks and the ways of writing them are those of caffe_networks.py.
"""
import json, pathlib, sys
import google.protobuf, numpy, safetensors, torch
from safetensors.torch import save_file
from torch import nn

from caffe_networks import LOOSE, AlexNet, Vgg19, binaryproto, caffe_tensorflow, caffemodel, layers, layers_of, mmdnn, randomised, state

weights_out, student_out, begin_out = (pathlib.Path(a) for a in sys.argv[1:4])
caffe_out = student_out / "caffe"
for folder in (caffe_out, begin_out / "vgg19"):
    folder.mkdir(parents=True, exist_ok=True)
torch.manual_seed(42)
torch.set_num_threads(1)


# --- 1. The reader: each way of writing the same two tensors
small = [("data", "Data", []), ("conv1", "Convolution", [numpy.arange(12, dtype=numpy.float32).reshape(2, 3, 1, 2) / 4, numpy.array([1.5, -2.5], numpy.float32)]), ("pool1", "Pooling", []),
         ("norm1", "LRN", []), ("fc8-retrain", "InnerProduct", [numpy.arange(6, dtype=numpy.float32).reshape(3, 2) / 8])]
caffemodel(weights_out / "shape.caffemodel", small)
caffemodel(weights_out / "legacy.caffemodel", small, "legacy")
caffemodel(weights_out / "double.caffemodel", small, "double")
caffemodel(weights_out / "loose.caffemodel", small, "shape", LOOSE)
binaryproto(weights_out / "mean.binaryproto", numpy.arange(12).reshape(1, 3, 2, 2))


# --- 2. The networks
def noise(images, side):
    """random bytes, and what the network takes: those less 128"""
    drawn = torch.randint(0, 256, (images, 3, side, side), dtype=torch.uint8)
    return drawn, drawn.float() - 128


def golden(net, sides, region_side):
    out = {}
    out["images"], images = noise(2, sides)
    out["logits"] = net(images).detach()
    out["wide"], wide = noise(1, region_side)
    out["regions"] = torch.softmax(net.regions(wide), 1).detach()
    return out


alexnet_widths, vgg_widths, dense = (4, 8, 6, 6, 4), (2, 3, 4, 5, 6), 6
values = {}

caffenet = randomised(AlexNet(alexnet_widths, dense, 2, 1, norm_first=False))
caffemodel(caffe_out / "caffenet.caffemodel", layers_of(caffenet, "fc8_twitter"))
caffemodel(caffe_out / "caffenet_conv.caffemodel", layers_of(caffenet, "fc8_twitter", conv_names=True))
values["caffenet"] = golden(caffenet, 67, 99)
# Ten crops as caffe.io.oversample takes them of a kept square: the corners, the centre (rounded down), and all mirrored; the mean of their probabilities.
values["caffenet"]["kept"], kept = noise(1, 96)
corners = [(0, 0), (0, 29), (29, 0), (29, 29), (14, 14)]
crops = torch.stack([kept[0, :, y:y + 67, x:x + 67] for y, x in corners])
values["caffenet"]["centre"] = torch.softmax(caffenet(crops[4:]), 1).detach()
values["caffenet"]["ten"] = torch.softmax(caffenet(torch.cat([crops, crops.flip(3)])), 1).mean(0).detach()

hybrid = randomised(AlexNet(alexnet_widths, dense, 3, 1, norm_first=True))
(caffe_out / "hybrid_finetuned_all").mkdir(exist_ok=True)
caffemodel(caffe_out / "hybrid_finetuned_all" / "snapshot_iter_1.caffemodel", layers_of(hybrid, "fc8-retrain", norm_first=True))
plane = numpy.stack([numpy.full((2, 2), m, numpy.float32) + numpy.array([[-1, 1], [2, -2]], numpy.float32) for m in (110., 120., 130.)])
binaryproto(caffe_out / "hybrid_finetuned_all" / "mean.binaryproto", plane[None])
values["hybrid"] = golden(hybrid, 64, 96)

vgg = randomised(Vgg19(vgg_widths, dense, 3, 1))
caffemodel(caffe_out / "vgg19_finetuned_fc6+.caffemodel", layers_of(vgg, "fc8-retrain"), "legacy")
values["vgg19"] = golden(vgg, 32, 64)


for title, net in (("hybrid_finetuned_fc6+", hybrid), ("vgg19_finetuned_all", vgg)):
    mmdnn(caffe_out / (title + ".pth"), net)
for title, net, fc8 in (("hybrid", hybrid, "fc8-retrain"), ("vgg19", vgg, "fc8-retrain"), ("caffenet", caffenet, "fc8_twitter")):
    caffe_tensorflow(caffe_out / (title + "_tensorflow.npy"), net, fc8)


torch.save(state(hybrid), caffe_out / "hybrid_state.pth")


# --- 3. Learning: loss and gradients against soft targets, without dropout, of the Hybrid and the VGG network
targets = torch.softmax(torch.randn(2, 3), -1)
values["learning"] = {"targets": targets}
for title, net in (("hybrid", hybrid), ("vgg19", vgg)):
    loss = -(targets * torch.log_softmax(net(values[title]["images"].float() - 128), -1)).sum(-1).mean()
    parameters = {f"{name}.{part}": getattr(layer, part) for name, layer in layers(net) for part in ("weight", "bias")}
    values[title]["loss"] = loss.detach().reshape(1)
    for name, gradient in zip(parameters, torch.autograd.grad(loss, list(parameters.values()))):
        values[title]["gradient/" + name] = gradient

# A last grid of more than one cell, where the order of fc6's inputs tells; drawn last, so that the values above stay as they are.
grid = randomised(AlexNet(alexnet_widths, dense, 3, 2, norm_first=True))
caffe_tensorflow(caffe_out / "hybrid_grid_tensorflow.npy", grid, "fc8-retrain")
drawn, images = noise(1, 96)
values["hybrid_grid"] = {"images": drawn, "logits": grid(images).detach()}

# --- 4. What the trainer begins from: a VGG-19 whose widths are divided by 64 in each layout, with a mean beside and means that are none; and the same convolutions and fc6 to fc7
# below an output of ten classes, as those of ImageNet's thousand. Weights as our vector has them: red first.
begun = randomised(Vgg19((1, 2, 4, 8, 8), 64, 3, 1))
caffemodel(begin_out / "vgg19" / "snapshot_iter_1.caffemodel", layers_of(begun, "fc8-retrain"))
binaryproto(begin_out / "vgg19" / "mean.binaryproto", plane[None])
binaryproto(begin_out / "gray.binaryproto", plane[None, :1])
binaryproto(begin_out / "negative.binaryproto", plane[None] - 128)
torch.save(state(begun), begin_out / "vgg19.pth")
caffe_tensorflow(begin_out / "vgg19.npy", begun, "fc8-retrain")
weights = {f"{name}.{part}": getattr(layer, part).detach() for name, layer in layers(begun) for part in ("weight", "bias")}
weights["conv1_1.weight"] = weights["conv1_1.weight"].flip(1)
save_file({name: v.contiguous() for name, v in weights.items()}, str(begin_out / "weights.safetensors"))
begun.fcs["fc8"] = nn.Linear(64, 10)
caffemodel(begin_out / "imagenet.caffemodel", layers_of(begun, "fc8"))

save_file({f"{group}/{name}": v.contiguous() for group, tensors in values.items() for name, v in tensors.items()}, str(student_out / "caffe.safetensors"))
versions = {m.__name__: m.__version__ for m in (torch, numpy, safetensors, google.protobuf)}
(caffe_out / "versions.json").write_text(json.dumps(versions, indent=1) + "\n")
for title in ("caffenet", "hybrid", "vgg19"):
    print(title, values[title]["logits"].tolist(), tuple(values[title]["regions"].shape), values[title]["regions"].flatten()[:6].tolist())
print(versions, sum(f.stat().st_size for f in [*caffe_out.rglob("*"), student_out / "caffe.safetensors"] if f.is_file()), "bytes")
