"""RoBERTa-base with random weights on tweets: transformers' pipeline, and ONNX Runtime on texts sorted by length, batches of 32.

usage: python teacher.py prepare WORK TWEETS | MODE WORK      MODE: transformers,fp32  transformers,bf16  onnxruntime,fp32  onnxruntime,int8
"""
import pathlib, sys, time
import numpy, torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

COUNT, BATCH = 1000, 32
mode, work = sys.argv[1], pathlib.Path(sys.argv[2])
folder, texts_file = work / "roberta", work / "tweets.txt"
tokenizer = AutoTokenizer.from_pretrained(folder)


def masked(text):
    words = ("@user" if w.startswith("@") and len(w) > 1 else "http" if w.startswith("http") else w for w in text.split(" "))
    return " ".join(words)


if mode == "prepare":
    if not texts_file.exists():
        lines = pathlib.Path(sys.argv[3]).read_text(encoding="utf-8").split("\n")
        texts = dict.fromkeys(masked(line.split("\t", 1)[1]) for line in lines if "\t" in line)
        texts_file.write_text("\n".join(list(texts)[:COUNT]) + "\n", encoding="utf-8")
    plain = work / "roberta.onnx"
    if not plain.exists():
        model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
        example = tokenizer(["a text", "another one, longer"], padding=True, return_tensors="pt")
        axes = {name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask")}
        inputs = (example["input_ids"], example["attention_mask"])
        names = {"input_names": ["input_ids", "attention_mask"], "output_names": ["logits"]}
        torch.onnx.export(model, inputs, str(plain), dynamic_axes=axes, opset_version=18, dynamo=False, **names)
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(str(plain), str(work / "roberta.int8.onnx"), per_channel=True, weight_type=QuantType.QInt8)
    sys.exit()

texts = texts_file.read_text(encoding="utf-8").splitlines()
order = sorted(range(len(texts)), key=lambda i: len(tokenizer(texts[i])["input_ids"]))
ordered = [texts[i] for i in order]
if mode.startswith("onnxruntime"):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    name = "roberta.int8.onnx" if mode.endswith("int8") else "roberta.onnx"
    session = onnxruntime.InferenceSession(str(work / name), options, providers=["CPUExecutionProvider"])

    def run(batch):
        for start in range(0, len(batch), BATCH):
            encoded = tokenizer(batch[start : start + BATCH], padding=True, truncation=True, max_length=512, return_tensors="np")
            session.run(None, {key: encoded[key].astype(numpy.int64) for key in ("input_ids", "attention_mask")})
else:
    dtype = torch.bfloat16 if mode.endswith("bf16") else torch.float32
    model = AutoModelForSequenceClassification.from_pretrained(folder, torch_dtype=dtype).eval()
    classify = pipeline(
        "text-classification", model=model, tokenizer=tokenizer, batch_size=BATCH, top_k=None, device="cpu", truncation=True, max_length=512
    )

    def run(batch):
        with torch.inference_mode():
            classify(batch)


run(ordered[:64])
start = time.perf_counter()
run(ordered)
print(f"rate {len(texts) / (time.perf_counter() - start):.1f}")
