"""Writes src/test/resources/dev/murmuration/weights/*.h5, *.npz and *.npy: small files of h5py and NumPy whose values KerasWeightsTest and NumpyWeightsTest know by heart.

usage: golden_arrays.py OUT_FOLDER      (made with h5py 3.16.0 and numpy 1.26.4)
"""
import io, os, pickle, sys

import h5py
import numpy as np

out = sys.argv[1]
grid = np.arange(35, dtype=np.float32).reshape(5, 7)

# As save_weights of Keras: a group a layer, attributes that list them, names with slashes make groups of their own.
with h5py.File(os.path.join(out, "weights.h5"), "w") as f:
    f.attrs["layer_names"] = [b"vit", b"dense"]
    f.attrs["backend"] = b"tensorflow"
    g = f.create_group("vit")
    g.attrs["weight_names"] = [b"embedding/kernel:0"]
    g.create_dataset("embedding/kernel:0", data=grid)
    for i in range(40):  # More than one leaf holds.
        g.create_dataset("block_%d/bias:0" % i, data=np.full(2, i, np.float32))
    f.create_group("dense").create_dataset("scalar:0", data=np.float32(7))

# As save: the same under model_weights, the optimizer's beside it.
with h5py.File(os.path.join(out, "model.h5"), "w") as f:
    f.attrs["model_config"] = b'{"class_name": "Sequential"}' * 4000
    f.create_dataset("model_weights/vit/kernel:0", data=grid)
    f.create_dataset("optimizer_weights/Adam/m:0", data=grid)

# Whatever else h5py can be told to write.
with h5py.File(os.path.join(out, "kinds.h5"), "w") as f:
    f.create_dataset("gzip", data=grid, chunks=(2, 3), compression="gzip")
    f.create_dataset("all", data=grid, chunks=(2, 3), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("plain", data=grid, chunks=(5, 7))
    f.create_dataset("long", data=np.arange(1000, dtype=np.float64), chunks=(7,))
    f.create_dataset("f16", data=grid[0].astype(np.float16))
    for name in ("int64", "int32", "int16", "int8"):
        f.create_dataset(name, data=np.array([1, -2], name))
    f.create_dataset("uint8", data=np.array([1, 255], np.uint8))
    f.create_dataset("none", data=np.zeros((0, 4), np.float32))
    f.create_dataset("text", data="passed over")
    f["soft"] = h5py.SoftLink("/gzip")
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((2,)), compact).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.array([1, 2], np.float32))

with h5py.File(os.path.join(out, "elsewhere.h5"), "w") as f:
    f["w"] = h5py.ExternalLink("weights.h5", "/dense/scalar:0")
with h5py.File(os.path.join(out, "big-endian.h5"), "w") as f:
    f.create_dataset("w", data=grid.astype(">f4"))
with h5py.File(os.path.join(out, "latest.h5"), "w", libver="latest") as f:
    f.create_dataset("w", data=grid)

arrays = {"a/kernel": grid, "a/bias": np.array([1.5, -2.5], np.float16), "step": np.int64(3), "columns": np.asfortranarray(grid)}
np.savez(os.path.join(out, "stored.npz"), **arrays)
np.savez_compressed(os.path.join(out, "deflated.npz"), **arrays)
np.save(os.path.join(out, "single.npy"), grid)
# As converted Caffe weights come: a dictionary by layers, of lists or of dictionaries.
layers = {"conv1": {"weights": grid, "biases": np.array([1, 2], np.float32)}, "fc6": [grid.T, np.array([3], np.float32)], "note": "converted"}
np.save(os.path.join(out, "dictionary.npy"), layers)


def pickled(name, protocol, change=lambda b: b):
    """The same with another version of pickle."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|O", "fortran_order": False, "shape": ()})
    with open(os.path.join(out, name), "wb") as f:
        f.write(header.getvalue() + change(pickle.dumps(np.array(layers, dtype=object), protocol=protocol)))


pickled("protocol2.npy", 2)  # NumPy before 1.17: bytes as Latin-1 text
pickled("protocol4.npy", 4, lambda b: b.replace(b"numpy.core", b"numpy._core").replace(b"\x8c\x15numpy._core", b"\x8c\x16numpy._core"))  # NumPy 2

# As Python 2 wrote it, where every string is bytes.
ascii_ = lambda s: b"U" + bytes([len(s)]) + s
python2 = (b"\x80\x02cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00t" + ascii_(b"b") + b"tR(K\x01)cnumpy\ndtype\n(" + ascii_(b"O8")
           + b"K\x00K\x01tR(K\x03" + ascii_(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x3ftb\x89]}" + ascii_(b"w")
           + b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00t" + ascii_(b"b") + b"tR(K\x01(K\x02tcnumpy\ndtype\n(" + ascii_(b"f4")
           + b"K\x00K\x01tR(K\x03" + ascii_(b"<") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89" + ascii_(np.array([1, 2], np.float32).tobytes()) + b"tbsatb.")
assert (pickle.loads(python2, encoding="latin1").item()["w"] == [1, 2]).all()
pickled("python2.npy", 2, lambda b: python2)
