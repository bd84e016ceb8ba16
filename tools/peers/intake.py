"""img2dataset on the photos of urls.txt, by its own clock, and pdqhash on photos of a folder, by processor time.

usage: python intake.py download WORK | hash FOLDER
"""
import json, pathlib, shutil, subprocess, sys, time

if sys.argv[1] == "download":
    work = pathlib.Path(sys.argv[2])
    out = work / "downloaded"
    shutil.rmtree(out, ignore_errors=True)
    command = "img2dataset --output_format webdataset --processes_count 1 --resize_mode no --skip_reencode True --enable_wandb False"
    program = pathlib.Path(sys.executable).parent / "img2dataset"
    options = [*command.split()[1:], "--url_list", str(work / "urls.txt"), "--output_folder", str(out)]
    subprocess.run([str(program), *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stats = [json.loads(file.read_text()) for file in out.glob("*_stats.json")]
    print(f"rate {sum(s['successes'] for s in stats) / sum(s['duration'] for s in stats):.1f}")
else:
    import cv2, pdqhash

    cv2.setNumThreads(1)
    images = [cv2.imread(str(file)) for file in sorted(pathlib.Path(sys.argv[2]).glob("*"))[:600]]
    images = [cv2.cvtColor(image, cv2.COLOR_BGR2RGB) for image in images if image is not None]
    for _ in range(3):
        start = time.process_time()
        for image in images:
            pdqhash.compute(image)
        print(f"rate {len(images) / (time.process_time() - start):.1f}")
