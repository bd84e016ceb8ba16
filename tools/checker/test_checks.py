"""A pipeline in which nothing is wrong, and each kind of error planted in it: python -m unittest discover tools/checker. Needs nothing but Python."""
import copy, hashlib, io, json, tarfile, unittest
import checks
from world import Record, World

TEACHER = {"name": "bundled", "version": "0" * 16}
THRESHOLDS = {"negative": 0.7, "neutral": 0.7, "positive": 0.7}
SCORES = {"negative": {"negative": 0.9, "neutral": 0.06, "positive": 0.04}, "neutral": {"negative": 0.05, "neutral": 0.9, "positive": 0.05},
          "positive": {"negative": 0.02, "neutral": 0.03, "positive": 0.95}}


def sha(data):
    return hashlib.sha256(data).hexdigest()


def shard(labels, dataset, split):
    """The tar of these labelled photos and its event."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for label in labels:
            name = checks.sample_key(*checks.photo(label.value))
            for kind, content in (("jpg", b"photo"), ("json", json.dumps({"sha256": label.value["image"]["sha256"]}).encode()),
                                  ("cls", str(checks.CLASSES.index(label.value["label"])).encode())):
                info = tarfile.TarInfo(f"{name}.{kind}")
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    data = packed.getvalue()
    first, last, partition = labels[0].offset, labels[-1].offset, labels[0].partition
    counts = {c: sum(label.value["label"] == c for label in labels) for c in checks.CLASSES}
    key = f"shards/{dataset}/{split}/{partition}-{first}-{sha(data)}.tar"
    return data, {"dataset": dataset, "split": split, "key": key, "sha256": sha(data), "bytes": len(data), "samples": len(labels), "perClass": counts,
                  "sourcePartition": partition, "firstOffset": first, "lastOffset": last, "teacher": TEACHER, "thresholds": THRESHOLDS}


def correct():
    """Six tweets with a photo each, the last one unsure; five labelled, one taken back; one tweet rejected by the crawler, one malformed."""
    store, topics = {}, {name: [] for name in ("tweets", "scored-tweets", "labelled-images", "shards", "checkpoints", "accuracies", "rejections")}
    for i in range(6):
        mood = checks.CLASSES[i % 3]
        data = b"photo %d" % i
        image = {"index": 0, "key": f"images/{sha(data)[:2]}/{sha(data)}.jpg", "sha256": sha(data), "bytes": len(data),
                 "pdq": hashlib.sha256(b"pdq %d" % i).digest(), "pdqQuality": 100}
        store[image["key"]] = data
        tweet = {"id": f"t{i}", "images": [image]}
        scores = SCORES[mood] if i < 5 else {"negative": 0.4, "neutral": 0.3, "positive": 0.3}
        topics["tweets"].append(Record(0, i, f"t{i}", tweet))
        topics["scored-tweets"].append(Record(0, i, f"t{i}", {"tweet": tweet, "scores": scores, "teacher": TEACHER}))
        if i < 5:
            topics["labelled-images"].append(Record(0, i, f"t{i}", {"tweetId": f"t{i}", "image": image, "scores": scores, "label": mood, "split": "train",
                                                                    "datasets": ["bal"], "thresholds": [THRESHOLDS]}))
    topics["rejections"] = [Record(0, 0, "t5", {"tweetId": "t5", "imageIndex": 0, "stage": "filter", "reason": "unsure"}),
                            Record(0, 1, "x", {"tweetId": "x", "imageIndex": None, "stage": "crawler", "reason": "not-english"}),
                            Record(0, 2, "t4", {"tweetId": "t4", "imageIndex": 0, "stage": "shards", "reason": "deleted"})]
    for name in ("tweets", "scored-tweets", "labelled-images"):
        topics[name].append(Record(0, 6, "t4", None))
        topics[name].append(Record(0, 7, "end-of-feed:f:0", None, {"end-of-feed": b"f/0/1"}))
    for begin, end in ((0, 2), (2, 4)):
        data, event = shard(topics["labelled-images"][begin:end], "bal", "train")
        store[event["key"]] = data
        topics["shards"].append(Record(0, begin, "bal", event))
    for step in (10, 20):
        data = b"checkpoint %d" % step
        store[f"checkpoints/{step}"] = data
        topics["checkpoints"].append(Record(0, step, "student", {
            "run": "student", "step": step, "samplesSeen": 8 * step, "key": f"checkpoints/{step}", "sha256": sha(data), "continues": sha(b"checkpoint 10") if step == 20 else "",
            "shardOffsets": [{"partition": 0, "offset": step // 10}], "learned": [{"key": topics["shards"][step // 10 - 1].value["key"], "samples": 2}]}))
        topics["accuracies"].append(Record(0, step, "student", {"checkpoint": topics["checkpoints"][-1].value, "benchmark": "b", "protocol": "zero-shot", "fold": None,
                                                                "samples": 4, "accuracy": 0.75, "confusion": [[2, 0], [1, 1]]}))
    topics["crawler-cursors"] = [Record(0, 0, "f", {"records": 9, "admitted": 6, "rejected": 1, "deletions": 1, "duplicates": 0, "malformed": 1})]
    topics["crawler-dead-letters"] = [Record(0, 0, None, b"{", {"dead-letter-reason": b"not JSON"})]
    return topics, store


def event(topics, topic, i):
    return topics[topic][i].value


def again(topic):
    return lambda topics, store: topics[topic].append(copy.deepcopy(topics[topic][0]))


def without(topic, i):
    return lambda topics, store: topics[topic].pop(i)


def changed(topic, i, **values):
    return lambda topics, store: event(topics, topic, i).update(values)


def repacked(i, labels, **values):
    """Another shard in the place of this one, of these labelled photos."""
    def plant(topics, store):
        before = event(topics, "shards", i)
        data, after = shard([topics["labelled-images"][n] for n in labels], "bal", "train")
        after.update(firstOffset=before["firstOffset"], lastOffset=before["lastOffset"])
        after.update(values)
        after["key"] = f"shards/bal/{after['split']}/0-{after['firstOffset']}-{after['sha256']}.tar"
        store[after["key"]] = data
        topics["shards"][i].value = after
        event(topics, "checkpoints", i)["learned"][0]["key"] = after["key"]
    return plant


def copied_photo(near):
    """The photo of t3 becomes that of t0, whose class it has, or one that looks like it."""
    def plant(topics, store):
        image, original = event(topics, "labelled-images", 3)["image"], event(topics, "labelled-images", 0)["image"]
        if near:
            image["pdq"] = bytes([original["pdq"][0] ^ 7]) + original["pdq"][1:]
        else:
            image.update(key=original["key"], sha256=original["sha256"], bytes=original["bytes"])
            repacked(1, (2, 3))(topics, store)
    return plant


def torn(topics, store):
    key = event(topics, "shards", 0)["key"]
    store[key] = store[key][:600]


def deletion_missed(topics, store):
    """The deleted tweet is packed all the same, and nobody takes it back."""
    topics["rejections"].pop()
    repacked(1, (2, 3, 4), lastOffset=6)(topics, store)


PLANTED = {
    "a photo is lost": without("rejections", 0),
    "a photo has more than one fate": lambda t, s: t["rejections"].append(Record(0, 9, "t0", {"tweetId": "t0", "imageIndex": 0, "stage": "filter", "reason": "unsure"})),
    "a labelled photo that no tweet has": lambda t, s: t["labelled-images"].append(
        Record(0, 8, "ghost", event(t, "labelled-images", 0) | {"tweetId": "ghost", "datasets": [], "thresholds": []})),
    "the packer rejected a photo that was never labelled": changed("rejections", 2, tweetId="t5"),
    "a cursor's parts do not add up to its records": changed("crawler-cursors", 0, records=10),
    "tweets on the topic are not as many as the cursors admitted": changed("crawler-cursors", 0, records=10, admitted=7),
    "dead letters of the crawler are not as many as the cursors' malformed records": without("crawler-dead-letters", 0),
    "records rejected by the crawler are not as many as its cursors say": without("rejections", 1),
    "a tweet was sent twice": again("tweets"),
    "a tweet was scored twice": again("scored-tweets"),
    "a tweet was not scored": without("scored-tweets", 0),
    "a scored tweet that the crawler never sent": lambda t, s: t["scored-tweets"].append(Record(0, 9, "aborted", event(t, "scored-tweets", 0))),
    "a scored tweet has other photos than the tweet": lambda t, s: event(t, "scored-tweets", 0).update(tweet={"id": "t0", "images": []}),
    "scores do not add up to 1": changed("scored-tweets", 5, scores={"negative": 0.9, "neutral": 0.2, "positive": 0.1}),
    "a deletion was not passed on by the teacher": without("scored-tweets", 6),
    "a label is not the class with the highest score": changed("labelled-images", 4, label="negative"),
    "a labelled photo has other scores than its tweet": changed("labelled-images", 0, scores=SCORES["negative"] | {"neutral": 0.05, "positive": 0.05}),
    "a data set took a photo that is not over its threshold": changed("labelled-images", 0, thresholds=[THRESHOLDS | {"negative": 0.9}]),
    "photos of one tweet are in two splits": lambda t, s: t["labelled-images"].append(
        Record(0, 8, "t0", event(t, "labelled-images", 0) | {"split": "val", "datasets": [], "thresholds": []})),
    "the classes of a balanced data set differ by more than the slack": lambda t, s: [without("labelled-images", 4)(t, s), without("labelled-images", 1)(t, s)],
    "a data set has the same bytes twice": copied_photo(near=False),
    "a data set has two photos that are near duplicates": copied_photo(near=True),
    "a photo is not in the store": lambda t, s: s.pop(event(t, "tweets", 0)["images"][0]["key"]),
    "a photo in the store is not what its event says": lambda t, s: s.update({event(t, "tweets", 0)["images"][0]["key"]: b"other"}),
    "a shard is not in the store": lambda t, s: s.pop(event(t, "shards", 0)["key"]),
    "a shard in the store is not what its event says": torn,
    "a shard's key is not the one of its event": repacked(1, (2, 3), dataset="bal", split="train", sourcePartition=1),
    "a shard has other samples than its event says": changed("shards", 0, samples=3),
    "a sample that nobody labelled": lambda t, s: t["labelled-images"].pop(0),
    "a sample is not what was labelled": repacked(1, (2, 3), split="test"),
    "a sample's offset is outside of its shard's": changed("shards", 1, lastOffset=2),
    "two shards cover the same offsets": changed("shards", 0, lastOffset=2),
    "a sample is in more than one shard of a data set": repacked(1, (1, 2, 3)),
    "a sample is in a shard although the packer rejected it": repacked(1, (2, 3, 4), lastOffset=4),
    "a labelled photo is in no shard": repacked(1, (2,)),
    "a deleted tweet's photo is in a shard that was cut later": deletion_missed,
    "a run's checkpoints do not go forward": changed("checkpoints", 1, step=10),
    "a checkpoint continues another one than the last": changed("checkpoints", 1, continues="0" * 64),
    "a checkpoint's position goes back": changed("checkpoints", 1, shardOffsets=[{"partition": 0, "offset": 0}]),
    "a checkpoint learned of a shard that nobody committed": changed("checkpoints", 0, learned=[{"key": "shards/none.tar", "samples": 1}]),
    "a run's newest checkpoint is not in the store as announced": lambda t, s: s.pop("checkpoints/20"),
    "an accuracy of a checkpoint that nobody announced": lambda t, s: event(t, "accuracies", 0).update(
        checkpoint=event(t, "checkpoints", 0) | {"sha256": "0" * 64}),
    "an accuracy is not that of its confusion matrix": changed("accuracies", 0, accuracy=0.8),
    "a checkpoint was measured twice": again("accuracies"),
    "a dead letter without a reason": lambda t, s: t["crawler-dead-letters"][0].headers.clear(),
}


def found(plant=lambda topics, store: None):
    topics, store = copy.deepcopy(correct())
    plant(topics, store)
    return {what for what, _ in checks.problems(World(topics, store.get), ["bal"], 1)}


class ChecksTest(unittest.TestCase):

    def test_a_correct_pipeline_has_no_problem(self):
        self.assertEqual(found(), set())

    def test_each_planted_error_is_found(self):
        for what, plant in PLANTED.items():
            with self.subTest(what):
                self.assertIn(what, found(plant))

    def test_every_kind_of_problem_is_planted(self):
        import inspect, re
        self.assertEqual(set(re.findall(r'yield "([^"]+)"', inspect.getsource(checks))) - {"a shard cannot be read"}, set(PLANTED))

    def test_a_shard_that_is_no_archive_cannot_be_read(self):
        def plant(topics, store):
            old = event(topics, "shards", 0)
            data = b"no archive"
            old.update(sha256=sha(data), bytes=len(data), key=f"shards/bal/train/0-0-{sha(data)}.tar")
            store[old["key"]] = data
        self.assertIn("a shard cannot be read", found(plant))


if __name__ == "__main__":
    unittest.main()
