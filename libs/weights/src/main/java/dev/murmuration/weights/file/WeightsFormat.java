package dev.murmuration.weights.file;

import dev.murmuration.weights.TensorFile;
import dev.murmuration.weights.zip.ZipDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The format of a weights file, recognised by its first bytes. */
enum WeightsFormat {
    /** A zip archive with a pickle, or the bare pickles of PyTorch before 1.6. */
    PYTORCH,
    /** HDF5. */
    KERAS,
    /** One array, or a zip archive of arrays. */
    NUMPY,
    /** Anything else. */
    SAFETENSORS;

    private static final long HDF5 = 0x0a1a0a0d46444889L; // \211 H D F \r \n \032 \n
    private static final long NPY = 0x59504d554e93L; // \223 N U M P Y, and two bytes of version
    private static final long NPY_BITS = 0xffff_ffff_ffffL;
    private static final int BARE_PICKLE = 0x0a8a0280; // PROTO 2, then a number of 10 bytes: the magic number of old

    static WeightsFormat of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < Long.BYTES) {
                return SAFETENSORS;
            }
            ByteBuffer first = TensorFile.read(channel, 0, Long.BYTES);
            if (first.getLong(0) == HDF5) {
                return KERAS;
            }
            if ((first.getLong(0) & NPY_BITS) == NPY) {
                return NUMPY;
            }
            if (first.getInt(0) == ZipDirectory.LOCAL) {
                return ZipDirectory.read(file.toString(), channel).keySet().stream()
                                .allMatch(name -> name.endsWith(".npy"))
                        ? NUMPY
                        : PYTORCH;
            }
            return first.getInt(0) == BARE_PICKLE ? PYTORCH : SAFETENSORS;
        }
    }
}
