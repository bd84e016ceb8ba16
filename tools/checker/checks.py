"""What must hold in a pipeline that has come to rest, from its contract alone. Each check yields problems as (what, which)."""
import collections, hashlib, io, json, math, tarfile

CLASSES = ["negative", "neutral", "positive"]
NEAR = 31          # bits of PDQ
SURE_HASH = 50     # PDQ quality


def problems(world, balanced=(), slack=1):
    """All of them; balanced names the data sets whose classes may differ by at most slack photos."""
    found = []
    for check in (cursors, tweets, scored, fates, labels, balance, duplicates, images, shards, deletions, checkpoints, accuracies, letters):
        arguments = (balanced, slack) if check is balance else ()
        found += list(check(world, *arguments))
    return found


def photo(event):
    return event["tweetId"], event["image"]["index"]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def repeated(ids):
    return [name for name, times in collections.Counter(ids).items() if times > 1]


# ---- the crawler

def cursors(world):
    last = {r.key: r.value for r in world.events("crawler-cursors")}
    for feed, cursor in last.items():
        parts = sum(cursor[part] for part in ("admitted", "rejected", "deletions", "duplicates", "malformed"))
        if cursor["records"] != parts:
            yield "a cursor's parts do not add up to its records", f"{feed}: {cursor['records']} and {parts}"
    sent = {r.key for r in world.topics["tweets"] if not r.is_end}
    admitted = sum(cursor["admitted"] for cursor in last.values())
    if last and len(sent) != admitted:
        yield "tweets on the topic are not as many as the cursors admitted", f"{len(sent)} and {admitted}"
    malformed = sum(cursor["malformed"] for cursor in last.values())
    if last and len(world.dead_letters("crawler")) != malformed:
        yield "dead letters of the crawler are not as many as the cursors' malformed records", f"{len(world.dead_letters('crawler'))} and {malformed}"
    refused = {r.value["tweetId"] for r in world.events("rejections") if r.value["stage"] == "crawler"} - sent
    rejected = sum(cursor["rejected"] for cursor in last.values())
    if last and len(refused) != rejected:
        yield "records rejected by the crawler are not as many as its cursors say", f"{len(refused)} and {rejected}"


def tweets(world):
    for name in repeated(r.key for r in world.events("tweets")):
        yield "a tweet was sent twice", name


def deleted(world, topic="tweets"):
    return {r.key for r in world.topics[topic] if r.is_deletion}


# ---- teacher and filter

def scored(world):
    sent = {r.key: r.value for r in world.events("tweets")}
    gone = deleted(world)
    for name in repeated(r.key for r in world.events("scored-tweets")):
        yield "a tweet was scored twice", name
    letters = {r.key for r in world.dead_letters("teacher")}
    have = {r.key for r in world.events("scored-tweets")}
    for name in sent.keys() - have - letters - gone:
        yield "a tweet was not scored", name
    for r in world.events("scored-tweets"):
        if r.key not in sent and r.key not in gone:
            yield "a scored tweet that the crawler never sent", r.key
        elif r.key in sent and r.value["tweet"]["images"] != sent[r.key]["images"]:
            yield "a scored tweet has other photos than the tweet", r.key
        if not math.isclose(sum(r.value["scores"].values()), 1, abs_tol=2e-4):
            yield "scores do not add up to 1", r.key
    for name in gone - deleted(world, "scored-tweets"):
        yield "a deletion was not passed on by the teacher", name


def fates(world):
    """Every photo of every tweet is labelled, rejected or dead-lettered, once; what the packer rejects was labelled before."""
    labelled = collections.Counter(photo(r.value) for r in world.events("labelled-images"))
    by_photo, whole, packer = collections.Counter(), collections.Counter(), set()
    for r in world.events("rejections"):
        e = r.value
        if e["stage"] == "shards":
            packer.add((e["tweetId"], e["imageIndex"]))
        elif e["stage"] != "crawler" or e["imageIndex"] is not None:
            (whole if e["imageIndex"] is None else by_photo)[e["tweetId"] if e["imageIndex"] is None else (e["tweetId"], e["imageIndex"])] += 1
    dead = collections.Counter(r.key for s in ("teacher", "filter") for r in world.dead_letters(s))
    gone = deleted(world)
    sent = {r.key: r.value for r in world.events("tweets")}
    photos = {(name, image["index"]) for name, tweet in sent.items() for image in tweet["images"]}
    for name in photos:
        times = labelled[name] + by_photo[name] + whole[name[0]] + dead[name[0]]
        if times == 0 and name[0] not in gone:
            yield "a photo is lost", f"{name[0]}#{name[1]}"
        if times > 1:
            yield "a photo has more than one fate", f"{name[0]}#{name[1]}"
    for name in labelled.keys() - photos:
        if name[0] not in gone:
            yield "a labelled photo that no tweet has", f"{name[0]}#{name[1]}"
    for name in packer:
        if name[1] is not None and not labelled[name]:
            yield "the packer rejected a photo that was never labelled", f"{name[0]}#{name[1]}"


def labels(world):
    scores = {r.key: r.value for r in world.events("scored-tweets")}
    splits = {}
    for r in world.events("labelled-images"):
        e, name = r.value, "{}#{}".format(*photo(r.value))
        best = max(CLASSES, key=lambda c: e["scores"][c])   # the first of equals
        if e["label"] != best:
            yield "a label is not the class with the highest score", name
        if r.key in scores and scores[r.key]["scores"] != e["scores"]:
            yield "a labelled photo has other scores than its tweet", name
        for dataset, threshold in zip(e["datasets"], e["thresholds"]):
            if not e["scores"][e["label"]] > threshold[e["label"]]:
                yield "a data set took a photo that is not over its threshold", f"{name} of {dataset}"
        if splits.setdefault(r.key, e["split"]) != e["split"]:
            yield "photos of one tweet are in two splits", r.key


def balance(world, balanced, slack):
    """A deleted photo leaves the count, and others of its class come in its place: by so many the classes may differ besides."""
    gone = deleted(world, "labelled-images")
    for dataset in balanced:
        taken = [r for r in world.events("labelled-images") if dataset in r.value["datasets"]]
        counts = collections.Counter(r.value["label"] for r in taken)
        if counts and max(counts.values()) - min(counts[c] for c in CLASSES) > slack + sum(r.key in gone for r in taken):
            yield "the classes of a balanced data set differ by more than the slack", f"{dataset}: {dict(counts)}"


def duplicates(world):
    """No two photos of a data set have the same bytes, or near hashes that are sure."""
    kept = collections.defaultdict(list)
    for r in world.events("labelled-images"):
        for dataset in r.value["datasets"]:
            kept[dataset].append(("{}#{}".format(*photo(r.value)), r.value["image"]))
    for dataset, photos in kept.items():
        for name in repeated(image["sha256"] for _, image in photos):
            yield "a data set has the same bytes twice", f"{name} in {dataset}"
        sure = [(name, int.from_bytes(image["pdq"], "big"), image["sha256"]) for name, image in photos if image["pdqQuality"] >= SURE_HASH]
        for i, (name, bits, content) in enumerate(sure):
            for other, others, its in sure[:i]:
                if (bits ^ others).bit_count() <= NEAR and content != its:
                    yield "a data set has two photos that are near duplicates", f"{name} and {other} in {dataset}"


# ---- the object store

def images(world):
    gone = deleted(world)
    wanted = {image["key"]: image for r in world.events("tweets") if r.key not in gone for image in r.value["images"]}
    for key, image in wanted.items():
        data = world.fetch(key)
        if data is None:
            yield "a photo is not in the store", key
        elif len(data) != image["bytes"] or sha256(data) != image["sha256"]:
            yield "a photo in the store is not what its event says", key


def samples(data):
    """key -> (class, metadata) of a shard; raises what tarfile raises."""
    parts = collections.defaultdict(dict)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            name, _, kind = member.name.partition(".")
            if kind in parts[name]:
                raise tarfile.TarError(f"{member.name} twice")
            parts[name][kind] = tar.extractfile(member).read()
    for name, files in parts.items():
        if set(files) != {"jpg", "json", "cls"}:
            raise tarfile.TarError(f"{name} has {sorted(files)}")
    return {name: (int(files["cls"]), json.loads(files["json"])) for name, files in parts.items()}


def sample_key(tweet, index):
    return f"{sha256(tweet.encode())[:16]}-{index}"


def shards(world):
    """Each committed shard is in the store as it was announced, and each label is in one shard of each of its data sets."""
    taken_back = {(r.value["tweetId"], r.value["imageIndex"]) for r in world.events("rejections") if r.value["stage"] == "shards"}
    promised = collections.defaultdict(dict)
    for r in world.events("labelled-images"):
        for dataset in r.value["datasets"]:
            promised[dataset][sample_key(*photo(r.value))] = r
    packed = collections.defaultdict(collections.Counter)
    ranges = collections.defaultdict(list)
    for r in world.events("shards"):
        e = r.value
        data = world.fetch(e["key"])
        if data is None:
            yield "a shard is not in the store", e["key"]
            continue
        if len(data) != e["bytes"] or sha256(data) != e["sha256"]:
            yield "a shard in the store is not what its event says", e["key"]
            continue
        if e["key"] != f"shards/{e['dataset']}/{e['split']}/{e['sourcePartition']}-{e['firstOffset']}-{e['sha256']}.tar":
            yield "a shard's key is not the one of its event", e["key"]
        try:
            inside = samples(data)
        except (tarfile.TarError, ValueError) as e2:
            yield "a shard cannot be read", f"{e['key']}: {e2}"
            continue
        counts = collections.Counter(CLASSES[c] for c, _ in inside.values())
        if len(inside) != e["samples"] or any(counts[c] != e["perClass"][c] for c in CLASSES):
            yield "a shard has other samples than its event says", e["key"]
        for name, (number, text) in inside.items():
            packed[e["dataset"]][name] += 1
            label = promised[e["dataset"]].get(name)
            if label is None:
                yield "a sample that nobody labelled", f"{name} in {e['key']}"
            elif (label.value["split"], label.value["label"]) != (e["split"], CLASSES[number]) or text["sha256"] != label.value["image"]["sha256"]:
                yield "a sample is not what was labelled", f"{name} in {e['key']}"
            elif label.partition != e["sourcePartition"] or not e["firstOffset"] <= label.offset <= e["lastOffset"]:
                yield "a sample's offset is outside of its shard's", f"{name} in {e['key']}"
        ranges[e["dataset"], e["split"], e["sourcePartition"]].append((e["firstOffset"], e["lastOffset"], e["key"]))
    for cuts in ranges.values():
        cuts.sort()
        for (_, last, one), (first, _, other) in zip(cuts, cuts[1:]):
            if first <= last:
                yield "two shards cover the same offsets", f"{one} and {other}"
    for dataset, wanted in promised.items():
        for name, label in wanted.items():
            times = packed[dataset][name]
            back = photo(label.value) in taken_back or (label.value["tweetId"], None) in taken_back
            if times > 1:
                yield "a sample is in more than one shard of a data set", f"{name} of {dataset}"
            elif times and back:
                yield "a sample is in a shard although the packer rejected it", f"{name} of {dataset}"
            elif not times and not back:
                yield "a labelled photo is in no shard", f"{name} of {dataset}"


def deletions(world):
    """What was deleted before a cut is in none of its shards."""
    gone = {r.key: r for r in world.topics["labelled-images"] if r.is_deletion}
    labelled = collections.defaultdict(list)
    for r in world.events("labelled-images"):
        labelled[r.key].append(r)
    for r in world.events("shards"):
        e = r.value
        data = world.fetch(e["key"])
        inside = None
        for name, deletion in gone.items():
            before = [label for label in labelled[name] if label.offset < deletion.offset]
            if before and deletion.partition == e["sourcePartition"] and deletion.offset <= e["lastOffset"]:
                inside = inside if inside is not None else (samples(data) if data else {})
                for label in before:
                    if sample_key(*photo(label.value)) in inside:
                        yield "a deleted tweet's photo is in a shard that was cut later", f"{name} in {e['key']}"


# ---- trainer and evaluator

def checkpoints(world):
    runs = collections.defaultdict(list)
    for r in world.events("checkpoints"):
        runs[r.key].append(r.value)
    known = {r.value["key"] for r in world.events("shards")}
    for run, events in runs.items():
        for before, after in zip(events, events[1:]):
            if after["step"] <= before["step"] or after["samplesSeen"] < before["samplesSeen"]:
                yield "a run's checkpoints do not go forward", f"{run} at step {after['step']}"
            if after["continues"] and after["continues"] != before["sha256"]:
                yield "a checkpoint continues another one than the last", f"{run} at step {after['step']}"
            offsets = {o["partition"]: o["offset"] for o in before["shardOffsets"]}
            if any(o["offset"] < offsets.get(o["partition"], 0) for o in after["shardOffsets"]):
                yield "a checkpoint's position goes back", f"{run} at step {after['step']}"
        for event in events:
            for learned in event["learned"] or []:
                if learned["key"] not in known:
                    yield "a checkpoint learned of a shard that nobody committed", f"{run}: {learned['key']}"
        data = world.fetch(events[-1]["key"])
        if data is None or sha256(data) != events[-1]["sha256"]:
            yield "a run's newest checkpoint is not in the store as announced", f"{run}: {events[-1]['key']}"


def accuracies(world):
    known = {r.value["sha256"] for r in world.events("checkpoints")}
    seen = []
    for r in world.events("accuracies"):
        e = r.value
        seen.append((e["checkpoint"]["sha256"], e["benchmark"], e["protocol"], e["fold"]))
        if e["checkpoint"]["sha256"] not in known:
            yield "an accuracy of a checkpoint that nobody announced", f"{r.key} at step {e['checkpoint']['step']}"
        total = sum(map(sum, e["confusion"]))
        right = sum(row[i] for i, row in enumerate(e["confusion"]))
        if total != e["samples"] or not math.isclose(right / max(1, total), e["accuracy"], abs_tol=1e-9):
            yield "an accuracy is not that of its confusion matrix", f"{e['benchmark']} {e['protocol']}"
    for name in repeated(seen):
        yield "a checkpoint was measured twice", f"{name[1]} {name[2]} of {name[0]}"


def letters(world):
    for service in ("crawler", "teacher", "filter", "trainer", "evaluator"):
        for r in world.dead_letters(service):
            if "dead-letter-reason" not in r.headers:
                yield "a dead letter without a reason", f"{service} {r.partition}/{r.offset}"
