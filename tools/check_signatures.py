"""Verifies exports and checkpoints with upstream's program, and that it finds a changed, a missing and an added file.

usage: python tools/check_signatures.py KEY.pub FOLDER_OR_CHECKPOINT...

KEY.pub: the public key, such as run/keys/signing.pem.pub. FOLDER: a signed export. CHECKPOINT: a checkpoint's tar (in the object store, or
'./murmuration' fetches it), whose folder model/ is signed where trainer.signing-key is set. Needs: pip install model-signing. Exits with 1 if
a signature does not hold, or holds for a folder that was changed.
"""

import importlib.metadata
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile


def verifies(folder, key):
    """Whether upstream's program accepts the folder."""
    command = [sys.executable, "-m", "model_signing", "verify", "key", folder, "--signature", folder / "model.sig", "--public_key", key]
    ran = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    return ran.returncode == 0, (ran.stdout + ran.stderr).strip().splitlines()[-1:]


def signed_folder(path, scratch):
    copy = scratch / "signed"
    if path.is_dir():
        shutil.copytree(path, copy)
        return copy
    with tarfile.open(path) as tar:
        tar.extractall(copy, filter="data")
    return copy / "model"


def check(path, key):
    problems = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = signed_folder(path, pathlib.Path(scratch))
        held, said = verifies(folder, key)
        print(f"{path}: {'verified' if held else 'REFUSED'} {said}")
        problems += not held
        file = max((each for each in folder.rglob("*") if each.is_file() and each.name not in ("model.sig", "redactions.txt")), key=lambda each: each.stat().st_size)
        whole = file.read_bytes()
        changes = {
            "one byte changed": lambda: file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1])),
            "a file missing": file.unlink,
            "a file added": lambda: (folder / "added.txt").write_text("x"),
        }
        for name, change in changes.items():
            change()
            held, said = verifies(folder, key)
            print(f"    {name} ({file.name if 'added' not in name else 'added.txt'}): {'ACCEPTED' if held else 'refused'} {said}")
            problems += held
            file.write_bytes(whole)
    return problems


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    print("model-signing", importlib.metadata.version("model-signing"))
    key = pathlib.Path(sys.argv[1])
    sys.exit(1 if sum(check(pathlib.Path(path), key) for path in sys.argv[2:]) else 0)


if __name__ == "__main__":
    main()
