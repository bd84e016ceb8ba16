"""Writes src/test/resources/golden/: small randomly initialised encoders of each family with small vocabularies, and what transformers makes of some texts.

usage: golden_transformers.py OUT_FOLDER      (made with transformers 4.57.1, tokenizers 0.22.1, torch 2.7.1)

golden.json holds texts, their token ids and their logits in fp32 and in bf16. Both were computed one text at a time, so that no padding is involved.
"""
import json
import os
import random
import sys

import torch
from tokenizers import BertWordPieceTokenizer, ByteLevelBPETokenizer
from tokenizers.processors import BertProcessing
from transformers import (BertConfig, BertForSequenceClassification, BertTokenizerFast, DistilBertConfig, DistilBertForSequenceClassification, RobertaConfig,
                          RobertaForSequenceClassification, RobertaTokenizerFast)

out = sys.argv[1]
WORDS = "what a lovely day in rome http @user #sunset never again so good bad happy sad rain sun the train is late love hate this worst best ever".split()
HARD = [
    "", " ", "a", "!", "Hello world!", "  two  spaces  ", "I'm can't won't it's", "tab\there\nand there", "@user http #sunset \U0001F600\U0001F468\u200d\U0001F469\u200d\U0001F467 \u2764\ufe0f",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645", "\u05e9\u05dc\u05d5\u05dd \u202e\u05e2\u05d5\u05dc\u05dd\u202c", "caf\u00e9 cafe\u0301 na\u00efve \u4f60\u597d \u3053\u3093\u306b\u3061\u306f",
    "\x00\x01\x1b[31m \ufeff\ufffd", "</s> in the text <s> <mask> <pad> <unk>", "null NaN None 0 -1 1e9", "x" * 40, "\U0001F600" * 20,
]


def texts():
    rng = random.Random(5)
    made = list(HARD)
    for words in (2, 3, 5, 8, 13, 21, 34, 60, 130, 250, 400, 700):
        made.append(" ".join(rng.choice(WORDS) for _ in range(words)))
    for _ in range(16):
        made.append(" ".join(rng.choice(WORDS) for _ in range(rng.randint(4, 30))))
    return made


def byte_level(folder):
    bpe = ByteLevelBPETokenizer()
    bpe.train_from_iterator(texts() + [" ".join(WORDS)] * 20, vocab_size=420, min_frequency=2, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    bpe.save_model(folder)
    return RobertaTokenizerFast(os.path.join(folder, "vocab.json"), os.path.join(folder, "merges.txt"))


def word_pieces(folder):
    pieces = BertWordPieceTokenizer(lowercase=True)
    pieces.train_from_iterator(texts() + [" ".join(WORDS)] * 20, vocab_size=300, min_frequency=2, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    pieces._tokenizer.post_processor = BertProcessing(*((mark, pieces.token_to_id(mark)) for mark in ("[SEP]", "[CLS]")))
    return BertTokenizerFast(tokenizer_object=pieces._tokenizer)


def write(name, seed, safe, labels, tokenizer_of, config_class, model_class, **sizes):
    folder = os.path.join(out, name)
    os.makedirs(folder, exist_ok=True)
    tokenizer = tokenizer_of(folder)
    torch.manual_seed(seed)
    config = config_class(vocab_size=len(tokenizer), initializer_range=.15, pad_token_id=tokenizer.pad_token_id, id2label=dict(enumerate(labels)),
                          label2id={label: i for i, label in enumerate(labels)}, **sizes)
    model = model_class(config).eval()
    with torch.no_grad():  # So that no norm is the identity and no bias zero.
        for parameter in model.parameters():
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * .1)
    model.save_pretrained(folder, safe_serialization=safe)
    if name != "roberta-tiny":
        tokenizer.backend_tokenizer.save(os.path.join(folder, "tokenizer.json"))
    golden = {"texts": texts(), "ids": [], "fp32": [], "bf16": []}
    half = model_class(config).eval()
    half.load_state_dict(model.state_dict())
    half = half.to(torch.bfloat16)
    with torch.inference_mode():
        for text in golden["texts"]:
            encoded = tokenizer(text, truncation=True, max_length=512, return_tensors="pt")
            encoded = {"input_ids": encoded["input_ids"], "attention_mask": encoded["attention_mask"]}
            golden["ids"].append(encoded["input_ids"][0].tolist())
            golden["fp32"].append([round(x, 7) for x in model(**encoded).logits[0].tolist()])
            golden["bf16"].append(half(**encoded).logits[0].float().tolist())
    with open(os.path.join(folder, "golden.json"), "w") as file:
        json.dump(golden, file)
    print(name, "texts", len(golden["texts"]), "tokens", sorted(len(ids) for ids in golden["ids"]))
    print("largest logit", max(abs(x) for row in golden["fp32"] for x in row),
          "transformers' own bf16 differs by", max(abs(a - b) for x, y in zip(golden["fp32"], golden["bf16"]) for a, b in zip(x, y)))


roberta = dict(tokenizer_of=byte_level, config_class=RobertaConfig, model_class=RobertaForSequenceClassification, max_position_embeddings=514, type_vocab_size=1,
               layer_norm_eps=1e-5, bos_token_id=0, eos_token_id=2)
write("roberta-tiny", 1, False, ["negative", "neutral", "positive"], hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, **roberta)
write("roberta-deep", 2, True, ["Positive", "Negative", "Neutral"], hidden_size=20, num_hidden_layers=12, num_attention_heads=2, intermediate_size=40, **roberta)
write("bert-tiny", 3, True, ["negative", "neutral", "positive"], word_pieces, BertConfig, BertForSequenceClassification, max_position_embeddings=512,
      hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)
write("distilbert-tiny", 4, True, ["NEG", "NEU", "POS"], word_pieces, DistilBertConfig, DistilBertForSequenceClassification, max_position_embeddings=512,
      dim=32, n_layers=2, n_heads=4, hidden_dim=64)
