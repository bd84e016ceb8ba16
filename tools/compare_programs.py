"""Compares the model programs of this tree with those of a commit, in one run: every output bit for bit, time and memory.

usage: python tools/compare_programs.py [COMMIT] [--threads N] [--bits | --time | --calls]
needs: torch 2.7.1 (the version of our libtorch), git. Ends with 1 if a bit differs.

COMMIT is by default the last one whose programs are in the serialized form of TorchScript. --bits and --time do one half of it: the latter are steps of
ViT-B/32 and S/16 and batches of RoBERTa-base, 8 of each, the medians of 5, the two programs taking turns. --calls counts what the host
does in a step and in a batch as a GPU would run them: its branches are taken on this processor, and each call of an operator is a kernel or
a copy there, each number that is read a wait.

Both are packed into archives as ProgramArchive does it (before natural PyTorch: format 3, student.py put behind the network's text) and run by libtorch, without Python inside.
"""
import argparse, collections, io, pathlib, re, struct, subprocess, sys, time, zipfile
import torch

ROOT = pathlib.Path(__file__).resolve().parent.parent
STUDENT = "libs/student/src/main/resources/dev/murmuration/student/"
TEACHER = "services/teacher/src/main/resources/dev/murmuration/teacher/"
MAPS = "services/evaluator/src/main/resources/dev/murmuration/evaluator/map/"
LAST_SERIALIZED = "255c2cb"
RENAMED = {"encoder.py": "roberta.py"}

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("commit", nargs="?", default=LAST_SERIALIZED)
arguments.add_argument("--threads", type=int, default=torch.get_num_threads())
arguments.add_argument("--bits", action="store_true")
arguments.add_argument("--time", action="store_true")
arguments.add_argument("--calls", action="store_true")
options = arguments.parse_args()
torch.set_num_threads(options.threads)


# --- archives
def merged(read, path):
    """What ProgramSource makes of a program in natural PyTorch: name of its class, members of it and of what it inherits from."""
    text = read(path)
    header = re.search(r"(?m)^class (\w+)\((\w+)\):\n", text)
    members = text[header.end():]
    if header.group(2) != "Module":
        file = re.search(rf"(?m)^from (\w+) import {header.group(2)}$", text).group(1) + ".py"
        members += merged(read, str(pathlib.PurePath(path).parent / file))[1]
    return header.group(1), members


def archive(read, path, values):
    """A program with its attributes, as libtorch loads it."""
    if re.search(r"\(Module\):\n  \w", read(path)):
        text, version = read(path) + (read(STUDENT + "student.py") if path.startswith(STUDENT) else ""), "3"
    else:
        name, members = merged(read, path)
        text, version = f"class {name}(Module):\n    training: bool\n{members}", "10"
        text = re.sub(r"\bF\.", "torch.", text).replace("torch.bfloat16", "15").replace("torch.float32", "6")
    if options.calls:
        text = re.sub(r"ops\.prim\.is_cuda\(\w+\)|\w+\.is_cuda", "True", text).replace(".pin_memory()", "").replace(", pin_memory=True", "")
    string = lambda s: b"X" + struct.pack("<I", len(s)) + s.encode()
    encode = {"List[Tensor]": lambda v: b"ctorch.jit._pickle\nbuild_tensorlist\n]\x85R", "bool": lambda v: b"\x88" if v else b"\x89",
              "float": lambda v: b"G" + struct.pack(">d", v), "int": lambda v: b"\x8a\x08" + struct.pack("<q", v)}
    pickle = b"\x80\x02c__torch__\n" + re.search(r"(?m)^class (\w+)", text).group(1).encode() + b"\n)\x81}("
    for name, kind in re.findall(r"(?m)^(?:  |    )(\w+) ?: ([\w\[\]]+)\s*(?:#.*)?$", text):
        pickle += string(name) + encode[kind](values.get(name, True))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in (("data.pkl", pickle + b"ub."), ("code/__torch__.py", text), ("constants.pkl", b"\x80\x02)."), ("version", version + "\n")):
            file.writestr("program/" + name, content)
    packed.seek(0)
    return packed


def git(*command):
    return subprocess.run(["git", "-C", ROOT, *command], check=True, capture_output=True, text=True).stdout


def both(path, values):
    """The program of the commit and that of this tree, found by its file name: packages were renamed in between, and one program."""
    name = pathlib.PurePath(path).name
    def found(files):
        return next(f for n in (name, RENAMED.get(name)) for f in files.splitlines() if "/src/main/resources/" in f and f.endswith(f"/{n}"))
    of_commit = lambda p: git("show", f"{options.commit}:{p}")
    of_tree = lambda p: (ROOT / p).read_text()
    paths = found(git("ls-tree", "-r", "--name-only", options.commit)), found(git("ls-files"))
    return [torch.jit.load(archive(read, p, values)) for read, p in zip((of_commit, of_tree), paths)]


# --- bits
compared = differing = 0


def same(what, before, now):
    global compared, differing
    for name in before:
        for b, n in zip(*(x[name] if isinstance(x[name], list) else [x[name]] for x in (before, now)), strict=True):
            compared += 1
            if not torch.equal(b, n):
                differing += 1
                print(f"DIFFERS: {what}, {name}: by {(b.double() - n.double()).abs().max():.2g} of {b.double().abs().max():.2g}")


def vector(how):
    return torch.tensor(how, dtype=torch.float64)


def student_outputs(student, side, asked, head_only=0, dropout=0., branches=0, rectified=0, max_norm=1e9):
    """What a student answers and how it learns in three updates of two batches each."""
    numbers = torch.Generator().manual_seed(1)
    weights = torch.randn(sum(student.pieces()), generator=numbers) * .2
    pixels = torch.randn(4, 3, side, side, generator=numbers)
    targets = torch.randn(4, 3, generator=numbers).softmax(-1)
    paths = (torch.rand(branches, 4, generator=numbers) > .3) / .7 if branches else torch.ones(1)
    out = {}
    with torch.inference_mode():
        student.load([weights])
        for method in asked:
            out[method] = getattr(student, method)(pixels)
    student.begin([weights])
    for which, state in enumerate((weights * .9, weights * .01, (weights * .01) ** 2), 1):
        student.resume(state, torch.tensor(which))
    for step in range(1, 4):
        for part in range(2):
            torch.manual_seed(step)
            out[f"loss {step}.{part}"] = student.accumulate(pixels, targets, paths, vector([.5, 2, head_only, 1 - part, dropout]))
        out[f"gradient {step}"] = student.gradient()
        numbers = student.update(vector([1e-3, step, max_norm, .9, .98, 1e-6, .1, .75, .9, rectified]))
        out[f"norm {step}"] = numbers if len(numbers) == 1 else numbers[-2:-1]    # the losses before it and a 1 behind it came later
        out[f"state {step}"] = [s.clone() for s in student.state()]
    student.load_average()
    with torch.inference_mode():
        out["forward by the average"] = student.forward(pixels)
    return out


RUNS = (dict(), dict(dropout=.1, max_norm=.05), dict(head_only=1, rectified=1), dict(dropout=.1, rectified=1, max_norm=.05))


def students():
    plain = dict(side=16, patch=8, dim=16, depth=2, heads=2, hidden=40, inner=0, tanh=False, mean=False, eps=1e-6, convolves=False, classes=3, bf16=False, averages=True)
    for changed in (dict(), dict(inner=8), dict(mean=True), dict(convolves=True), dict(averages=False), dict(bf16=True), dict(bf16=True, inner=8, mean=True)):
        values = plain | changed
        for run in RUNS:
            programs = both(STUDENT + "vit.py", values)
            branches = 4 if "dropout" in run else 0
            same(f"vit.py {changed} {run}", *(student_outputs(p, 16, ("forward", "logits", "patches", "patch_logits"), branches=branches, **run) for p in programs))
    for vgg, norm_first, bf16 in ((True, False, False), (False, True, False), (False, False, False), (False, False, True)):
        seen = 32 if vgg else 67
        values = dict(vgg=vgg, norm_first=norm_first, seen=seen, cells=1, width1=8, width2=8, width3=4, width4=8, width5=8, dense6=12, dense7=10, classes=3, bf16=bf16, averages=True)
        for run in RUNS:
            programs = both(STUDENT + "convnet.py", values)
            same(f"convnet.py {values} {run}", *(student_outputs(p, seen + 5, ("forward", "logits", "forward_ten", "regions"), **run) for p in programs))


def layer_of(width, hidden, draw):
    shapes = [(width, width), (width,)] * 4 + [(width,), (width,), (hidden, width), (hidden,), (width, hidden), (width,), (width,), (width,)]
    return [draw(*shape) for shape in shapes]


def roberta(layers, heads, width, hidden, bf16):
    numbers = torch.Generator().manual_seed(1)
    draw = lambda *shape: torch.randn(*shape, generator=numbers) * .05
    embeddings = [draw(500, width), draw(80, width), draw(1, width), draw(width), draw(width)]
    encoder = [layer_of(width, hidden, draw) for _ in range(layers)]
    head = [draw(width, width), draw(width), draw(3, width), draw(3)]
    programs = both(TEACHER + "encoder.py", dict(layers=layers, heads=heads, eps=1e-5, bf16=bf16, relu=False))
    for program in programs:
        program.embeddings(embeddings)
        for weights in encoder:
            program.layer(weights)
        program.head(head)
    return programs


def packed_texts(groups):
    lengths = torch.tensor([n for count, n in groups for _ in range(count)])
    ids = torch.randint(2, 500, (int(lengths.sum()),), generator=torch.Generator().manual_seed(2))
    return ids, torch.cat([torch.arange(2, 2 + n) for n in lengths]), torch.tensor(groups), lengths.cumsum(0) - lengths


@torch.inference_mode()
def teachers_and_maps():
    for bf16 in (False, True):
        programs = roberta(3, 2, 32, 64, bf16)
        for groups in ([[3, 5], [2, 9], [1, 50]], [[1, 7]], [[40, 12], [1, 31]]):
            same(f"encoder.py {groups}, bf16 {bf16}", *({"logits": p.forward(*packed_texts(groups))} for p in programs))
    numbers = torch.Generator().manual_seed(1)
    draw = lambda *shape: torch.randn(*shape, generator=numbers) * .2
    weights, ids = (draw(100, 3), draw(3)), torch.randint(0, 100, (40,), generator=numbers)
    programs = both(TEACHER + "hashed_ngrams.py", {})
    for program in programs:
        program.load(*weights)
    same("hashed_ngrams.py", *({"probabilities": p.forward(ids, torch.tensor([0, 7, 20]), torch.rand(3, 1, generator=numbers.manual_seed(2)))} for p in programs))
    for mean in (False, True):
        programs = both(MAPS + "attention.py", dict(side=16, patch=8, dim=16, depth=2, heads=2, mean=mean, eps=1e-6))
        weights = [draw(16, 192), draw(16), draw(16), draw(5, 16)]
        for _ in range(2):
            linear = layer_of(16, 40, draw)
            weights += [draw(16), draw(16), *linear[:8], draw(16), draw(16), *linear[10:14]]
        pixels = draw(2, 3, 16, 16) * 5
        for program in programs:
            program.load(weights)
        same(f"attention.py, mean {mean}", *({"rollout": p.rollout(pixels)} for p in programs))


# --- time and memory
def resident():
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path("/proc/self/status").read_text()).group(1)) / 1024


def timings(what, work, unit):
    """work: of the commit and of this tree. They take turns, because the pace of a shared machine drifts."""
    times = [[], []]
    for round in range(8):
        for which in (0, 1) if round % 2 else (1, 0):
            begin = time.perf_counter()
            work[which](round + 1)
            times[which].append(time.perf_counter() - begin)
    before, now = (sorted(t[3:])[2] * 1000 for t in times)
    print(f"{what:<34} {before:>9,.1f} {now:>9,.1f} {before / now:>8.3f}   {unit}")


def time_students():
    for name, side, patch, dim, heads in (("vit-b-32-224", 224, 32, 768, 12), ("vit-s-16-224", 224, 16, 384, 6)):
        for bf16 in (False, True):
            values = dict(side=side, patch=patch, dim=dim, depth=12, heads=heads, hidden=4 * dim, inner=0, tanh=False, mean=False, eps=1e-12, convolves=False, classes=3, bf16=bf16, averages=False)
            programs, memory = both(STUDENT + "vit.py", values), []
            pixels, targets = torch.randn(16, 3, side, side), torch.randn(16, 3).softmax(-1)
            weights = torch.randn(sum(programs[1].pieces())) * .02

            def step(program):
                def run(number):
                    program.accumulate(pixels, targets, torch.ones(1), vector([1, 1, 0, 1, 0]))
                    program.update(vector([1e-4, number, 1e9, .9, .999, 1e-8, .05, 1, 0, 0]))
                return run

            for program in programs:
                at = resident()
                program.begin([weights])
                for number in (1, 2, 3):
                    step(program)(number)
                memory.append(resident() - at)
            timings(f"{name}, {'bf16' if bf16 else 'fp32'}", [step(p) for p in programs], f"ms per step of 16; resident memory {memory[0]:+,.0f} and {memory[1]:+,.0f} MiB")


@torch.inference_mode()
def time_teacher():
    for bf16 in (False, True):
        programs = roberta(12, 12, 768, 3072, bf16)
        texts = packed_texts([[16, 20], [16, 30], [16, 40], [8, 64]])
        timings(f"roberta-base, {'bf16' if bf16 else 'fp32'}", [lambda _, p=p: p.forward(*texts) for p in programs], "ms per 56 texts, 1,952 tokens")


# --- calls
def parents(event):
    while event.cpu_parent is not None:
        event = event.cpu_parent
        yield event.name


def counted(what, work):
    """Calls of operators by the commit's program and by this tree's, once each has run before. What _foreach_ and _fused_ do for each piece on a processor is not counted."""
    counts = []
    for run in work:
        run()
        with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
            run()
        events = [e for e in profile.events() if e.name.startswith("aten::") and not any(p.startswith(("aten::_foreach_", "aten::_fused_")) for p in parents(e))]
        count = collections.Counter(e.name for e in events)
        count["all"] = sum(not any(p.startswith("aten::") for p in parents(e)) for e in events)
        counts.append(count)
    print(f"{what:<50} {'before':>8} {'now':>8}")
    for label, name in (("numbers read by the host", "aten::_local_scalar_dense"), ("calls of the fused optimizer", "aten::_fused_adamw_"), ("calls of attention", "aten::scaled_dot_product_attention"),
                        ("norms of one piece", "aten::linalg_vector_norm"), ("copies", "aten::copy_"), ("all calls of operators that the program makes", "all")):
        if any(c[name] for c in counts):
            print(f"  {label:<48} {counts[0][name]:>8,} {counts[1][name]:>8,}", flush=True)


def calls():
    values = dict(side=64, patch=16, dim=48, depth=12, heads=12, hidden=96, inner=0, tanh=False, mean=False, eps=1e-6, convolves=False, classes=3, bf16=True, averages=True)
    programs = both(STUDENT + "vit.py", values)
    photos = torch.randint(0, 256, (8, 64, 64, 3), dtype=torch.uint8)
    pixels, targets = photos.permute(0, 3, 1, 2) / 127.5 - 1, torch.randn(8, 3).softmax(-1)
    weights = torch.randn(sum(programs[1].pieces())) * .02
    for rectified in (0, 1):
        def step(program):
            program.begin([weights])

            def run():
                shown = program.values(photos, vector([1 / 127.5] * 3 + [-1.] * 3)) if hasattr(program, "values") else pixels
                program.accumulate(shown, targets, torch.ones(1), vector([1, 1, 0, 1, 0]))
                program.update(vector([1e-4, 1, 1, .9, .999, 1e-8, .05, 1, .99, rectified]))
            return run
        counted(f"a step of 12 layers, bf16, {'RAdam' if rectified else 'AdamW'}", [step(p) for p in programs])
    lengths = [n for n in range(8, 40) for _ in range(4)]
    ids, positions, groups, firsts = packed_texts([[4, n] for n in range(8, 40)])
    places = torch.cat([row * lengths[-1] + torch.arange(n) for row, n in enumerate(lengths)])
    before, now = roberta(12, 2, 32, 64, True)
    with torch.inference_mode():
        counted(f"a batch of the teacher, 12 layers, {len(groups)} lengths",
                [lambda: before.forward(ids, positions, groups, firsts), lambda: now.forward_padded(ids, positions, places, torch.tensor([len(lengths), lengths[-1]]), firsts)])


print(f"torch {torch.__version__}, {options.threads} threads; {options.commit} against this tree")
if options.calls:
    calls()
    sys.exit()
if not options.time:
    students()
    teachers_and_maps()
    print(f"{compared:,} tensors compared bit for bit, {differing} differ")
if not options.bits:
    print(f"{'medians of 5, taking turns':<34} {'before':>9} {'now':>9} {'ratio':>8}")
    time_students()
    time_teacher()
sys.exit(differing > 0)
