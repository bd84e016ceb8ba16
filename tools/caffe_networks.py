"""The predecessors' convolutional networks in PyTorch, and the ways in which Caffe, MMdnn, caffe-tensorflow and PyTorch write them: for caffe_golden.py and published_models.py.

needs: torch, numpy, protobuf

The networks are written after the public descriptions: sentiment_deploy.prototxt and sentiment_fully_conv_deploy.prototxt of imatge-upc/sentiment-2017-imavis, alexnet.py and
vgg19.py of fabiocarrara/visual-sentiment-analysis, in plain torch.nn modules with torch.nn.LocalResponseNorm; the files are made by Google's protobuf from the public caffe.proto.
Channels are blue, green, red, values 0 to 255 less a mean, as Caffe has them.
"""
import numpy, torch
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from torch import nn


# --- caffe.proto: the few fields that weights need, with their public numbers and types
def schema(packed):
    field = descriptor_pb2.FieldDescriptorProto
    proto = descriptor_pb2.FileDescriptorProto(name=f"caffe{packed}.proto", package=f"caffe{packed}", syntax="proto2")

    def message(name, *fields):
        m = proto.message_type.add(name=name)
        for field_name, number, kind, repeated in fields:
            f = m.field.add(name=field_name, number=number, label=field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL)
            if isinstance(kind, str):
                f.type, f.type_name = field.TYPE_MESSAGE, f".caffe{packed}.{kind}"
            else:
                f.type = kind
                if repeated and kind in (field.TYPE_FLOAT, field.TYPE_DOUBLE, field.TYPE_INT64):
                    f.options.packed = bool(packed)

    message("BlobShape", ("dim", 1, field.TYPE_INT64, True))
    message("BlobProto", ("num", 1, field.TYPE_INT32, False), ("channels", 2, field.TYPE_INT32, False), ("height", 3, field.TYPE_INT32, False), ("width", 4, field.TYPE_INT32, False),
            ("data", 5, field.TYPE_FLOAT, True), ("diff", 6, field.TYPE_FLOAT, True), ("shape", 7, "BlobShape", False), ("double_data", 8, field.TYPE_DOUBLE, True))
    message("LayerParameter", ("name", 1, field.TYPE_STRING, False), ("type", 2, field.TYPE_STRING, False), ("bottom", 3, field.TYPE_STRING, True), ("top", 4, field.TYPE_STRING, True),
            ("blobs", 7, "BlobProto", True))
    message("V1LayerParameter", ("bottom", 2, field.TYPE_STRING, True), ("top", 3, field.TYPE_STRING, True), ("name", 4, field.TYPE_STRING, False), ("type", 5, field.TYPE_INT32, False),
            ("blobs", 6, "BlobProto", True))
    message("NetParameter", ("name", 1, field.TYPE_STRING, False), ("layers", 2, "V1LayerParameter", True), ("input", 3, field.TYPE_STRING, True),
            ("force_backward", 5, field.TYPE_BOOL, False), ("layer", 100, "LayerParameter", True))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(proto)
    get = lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"caffe{packed}.{name}"))
    return get("NetParameter"), get("BlobProto")


PACKED, LOOSE = schema(1), schema(0)


def fill(blob, values, style):
    values = numpy.asarray(values)
    if style == "legacy":
        dims = (1,) * (4 - values.ndim) + values.shape
        blob.num, blob.channels, blob.height, blob.width = dims
    else:
        blob.shape.dim.extend(values.shape)
    if style == "double":
        blob.double_data.extend(values.astype(numpy.float64).ravel().tolist())
    else:
        blob.data.extend(values.ravel())


def caffemodel(path, layers, style="shape", classes=PACKED):
    """layers: (name, type, blobs) in the order in which they run."""
    net = classes[0](name="small")
    for name, kind, blobs in layers:
        if style == "legacy":
            layer = net.layers.add(name=name, type=4)
        else:
            layer = net.layer.add(name=name, type=kind, bottom=["data"], top=[name])
        for blob in blobs:
            fill(layer.blobs.add(), blob, style)
    path.write_bytes(net.SerializeToString())


def binaryproto(path, values):
    mean = PACKED[1]()
    fill(mean, numpy.asarray(values, numpy.float32), "legacy")
    path.write_bytes(mean.SerializeToString())


# --- the networks
class AlexNet(nn.Module):
    """five convolutions; norm_first: normalisation before pooling (Hybrid of T4SA), else after it (CaffeNet)"""

    def __init__(self, widths, dense, classes, cells, norm_first):
        super().__init__()
        c1, c2, c3, c4, c5 = widths
        norm = lambda: nn.LocalResponseNorm(5, alpha=1e-4, beta=.75, k=1.)
        pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)
        between = (lambda: [norm(), pool()]) if norm_first else (lambda: [pool(), norm()])
        self.convs = nn.ModuleDict({"conv1": nn.Conv2d(3, c1, 11, 4), "conv2": nn.Conv2d(c1, c2, 5, padding=2, groups=2), "conv3": nn.Conv2d(c2, c3, 3, padding=1),
                                    "conv4": nn.Conv2d(c3, c4, 3, padding=1, groups=2), "conv5": nn.Conv2d(c4, c5, 3, padding=1, groups=2)})
        self.after = nn.ModuleDict({"conv1": nn.Sequential(nn.ReLU(), *between()), "conv2": nn.Sequential(nn.ReLU(), *between()), "conv3": nn.ReLU(), "conv4": nn.ReLU(),
                                    "conv5": nn.Sequential(nn.ReLU(), pool())})
        self.fcs = nn.ModuleDict({"fc6": nn.Linear(c5 * cells * cells, dense), "fc7": nn.Linear(dense, dense), "fc8": nn.Linear(dense, classes)})
        self.cells = cells

    def features(self, x):
        for name, conv in self.convs.items():
            x = self.after[name](conv(x))
        return x

    def forward(self, x):
        x = self.features(x).flatten(1)
        return self.fcs["fc8"](torch.relu(self.fcs["fc7"](torch.relu(self.fcs["fc6"](x)))))

    def regions(self, x):
        """the fully convolutional form: fc6 as a convolution of cells x cells, the others of 1 x 1"""
        x = self.features(x)
        fc6, fc7, fc8 = self.fcs.values()
        conv = lambda fc, k, x: nn.functional.conv2d(x, fc.weight.reshape(fc.out_features, -1, k, k), fc.bias)
        return conv(fc8, 1, torch.relu(conv(fc7, 1, torch.relu(conv(fc6, self.cells, x)))))


class Vgg19(AlexNet):
    def __init__(self, widths, dense, classes, cells):
        nn.Module.__init__(self)
        self.convs, self.after, before = nn.ModuleDict(), nn.ModuleDict(), 3
        for block, (width, convs) in enumerate(zip(widths, (2, 2, 4, 4, 4)), 1):
            for i in range(1, convs + 1):
                name = f"conv{block}_{i}"
                self.convs[name] = nn.Conv2d(before, width, 3, padding=1)
                self.after[name] = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2, 2, ceil_mode=True)) if i == convs else nn.ReLU()
                before = width
        self.fcs = nn.ModuleDict({"fc6": nn.Linear(before * cells * cells, dense), "fc7": nn.Linear(dense, dense), "fc8": nn.Linear(dense, classes)})
        self.cells = cells


def randomised(net):
    """He's initialisation, somewhat larger biases: nothing vanishes, and probabilities are neither 0 nor 1"""
    with torch.no_grad():
        for name, p in net.named_parameters():
            if p.dim() > 1:
                p.normal_(0, (2. / p[0].numel()) ** .5)
            else:
                p.normal_(0, .1)
        # Values of images are large, as in the published networks: normalisation needs them so, the last layer does not.
        net.fcs["fc8"].weight.div_(40)
    return net.eval()


def layers_of(net, fc8, norm_first=None, conv_names=False):
    layers = [("data", "Data", [])]
    for name, conv in net.convs.items():
        layers.append((name, "Convolution", [conv.weight.detach(), conv.bias.detach()]))
        if name in ("conv1", "conv2"):
            between = [("norm" + name[-1], "LRN", []), ("pool" + name[-1], "Pooling", [])]
            layers += between if norm_first else between[::-1]
    for name, fc in net.fcs.items():
        weight = fc.weight.detach()
        if conv_names:
            k = net.cells if name == "fc6" else 1
            weight = weight.reshape(fc.out_features, -1, k, k)
        layers.append(((fc8 if name == "fc8" else name) + ("-conv" if conv_names else ""), "InnerProduct", [weight, fc.bias.detach()]))
    return layers


def layers(net):
    """those with weights"""
    return [*net.convs.items(), *net.fcs.items()]


# --- as their conversions write them
def mmdnn_name(name):
    return {"fc8": "fc8-retrain_1"}.get(name, name + "_1" if name.startswith("fc") else name)


def mmdnn(path, net):
    """a pickled dictionary in a .npy file that is called .pth"""
    converted = {mmdnn_name(name): {"weights": layer.weight.detach().numpy(), "bias": layer.bias.detach().numpy()} for name, layer in layers(net)}
    with open(path, "wb") as file:
        numpy.save(file, converted)


def state(net):
    """of the module that MMdnn generates, for torch.save"""
    return {f"{mmdnn_name(name).replace('-', '_')}.{part}": getattr(layer, part).detach() for name, layer in layers(net) for part in ("weight", "bias")}


# As caffe-tensorflow writes what it converts: (c_o, c_i, h, w) becomes (h, w, c_i, c_o), (c_o, c_i) becomes (c_i, c_o), and the layer above the last grid takes its values by
# (h, w, c). Done here by numpy's own transpositions of the same networks.
def tensorflow_weights(net, name, layer):
    weight = layer.weight.detach().numpy()
    if weight.ndim == 4:
        return numpy.ascontiguousarray(weight.transpose(2, 3, 1, 0))
    if name == "fc6":
        weight = weight.reshape(len(weight), -1, net.cells, net.cells).transpose(0, 2, 3, 1).reshape(len(weight), -1)
    return numpy.ascontiguousarray(weight.T)


def caffe_tensorflow(path, net, fc8):
    converted = {fc8 if name == "fc8" else name: {"weights": tensorflow_weights(net, name, layer), "biases": layer.bias.detach().numpy()}
                 for name, layer in layers(net)}
    with open(path, "wb") as file:
        numpy.save(file, converted)
