"""From a shard (or the peer's own format) to batches of 16 normalised photos of 224 by 224, in the process itself: no worker to hand them over.

usage: python loader.py KIND WORK PASSES      KIND: webdataset,torchvision  webdataset,pillow  mds,torchvision  litdata
"""
import io, pathlib, sys, time
import torch, torchvision
from PIL import Image
from torchvision import transforms
from torchvision.transforms import v2

kind, work, passes = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(1)
BATCH = 16
by_pillow = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor(), transforms.Normalize([0.5] * 3, [0.5] * 3)])
by_torchvision = v2.Compose(
    [v2.Resize((224, 224), antialias=True), v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5] * 3, [0.5] * 3)]
)


def pillow(photo):
    return by_pillow(Image.open(io.BytesIO(photo)).convert("RGB"))


def decoded(photo):
    return by_torchvision(torchvision.io.decode_jpeg(torch.frombuffer(bytearray(photo), dtype=torch.uint8)))


def files():
    return sorted((work / "photos").glob("*.jpg"))


def example(path):
    return {"image": Image.open(path), "label": 2}


def loader():
    if kind.startswith("webdataset"):
        import webdataset

        read = pillow if kind.endswith("pillow") else decoded
        data = webdataset.WebDataset([str(work / "shard.tar")], shardshuffle=False, empty_check=False)
        data = data.to_tuple("jpg", "cls").map_tuple(read, int).batched(BATCH)
        return torch.utils.data.DataLoader(data, batch_size=None, num_workers=0)
    elif kind == "mds,torchvision":
        from streaming import MDSWriter, StreamingDataset

        folder = work / "mds"
        if not folder.exists():
            with MDSWriter(out=str(folder), columns={"image": "bytes", "label": "int"}) as writer:
                for file in files():
                    writer.write({"image": file.read_bytes(), "label": 2})

        class Mds(StreamingDataset):
            def __getitem__(self, index):
                sample = super().__getitem__(index)
                return decoded(sample["image"]), sample["label"]

        return torch.utils.data.DataLoader(Mds(local=str(folder), batch_size=BATCH, shuffle=False), batch_size=BATCH, num_workers=0)
    else:
        import litdata

        folder = work / "litdata"
        if not folder.exists():
            litdata.optimize(fn=example, inputs=[str(f) for f in files()], output_dir=str(folder), chunk_bytes="64MB", num_workers=1)

        class Lit(litdata.StreamingDataset):
            def __getitem__(self, index):
                sample = super().__getitem__(index)
                image = sample["image"]
                return (by_torchvision(image) if isinstance(image, torch.Tensor) else by_pillow(image.convert("RGB"))), sample["label"]

        return litdata.StreamingDataLoader(Lit(str(folder), shuffle=False), batch_size=BATCH, num_workers=0)


# The peers start processes that import this file.
if __name__ == "__main__":
    batches = loader()
    for _ in range(passes):
        start, photos = time.perf_counter(), 0
        for pixels, _labels in batches:
            assert pixels.dtype == torch.float32 and pixels.shape[1:] == (3, 224, 224)
            photos += len(pixels)
        print(f"rate {photos / (time.perf_counter() - start):.1f}", flush=True)
