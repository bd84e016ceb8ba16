package dev.murmuration.evaluator.map;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Grids as files that {@code numpy.load} reads: the NPY format, version 1.0 (NumPy Enhancement Proposal 1). */
public final class Npy {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private Npy() {}

    /**
     * The grid as little-endian 32-bit floats of shape {@code (rows, columns, channels)}, or {@code (rows, columns)} where there
     * is one channel.
     */
    public static byte[] of(Grid grid) {
        String shape = grid.channels() == 1
                ? "(%d, %d)".formatted(grid.rows(), grid.columns())
                : "(%d, %d, %d)".formatted(grid.rows(), grid.columns(), grid.channels());
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }".formatted(shape);
        int unpadded = MAGIC.length + Short.BYTES + header.length() + 1;
        String padded = header + " ".repeat((ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT) + "\n";
        float[] values = grid.values();
        ByteBuffer file = ByteBuffer.allocate(
                        MAGIC.length + Short.BYTES + padded.length() + values.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put(MAGIC).putShort((short) padded.length()).put(padded.getBytes(StandardCharsets.US_ASCII));
        for (float value : values) {
            file.putFloat(value);
        }
        return file.array();
    }
}
