package dev.murmuration.photo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the one EXIF tag that affects pixels. Nothing else in the block is read, and nothing outside it. */
final class Exif {

    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int ENTRY = 12;

    private Exif() {}

    /** Returns the orientation in a TIFF structure's first directory; upright if it has none or is malformed. */
    static Orientation orientation(byte[] file, int from, int length) {
        ByteBuffer tiff = ByteBuffer.wrap(file, from, length).slice();
        if (length < 8) {
            return Orientation.UPRIGHT;
        }
        int order = tiff.getShort(0);
        if (order != 0x4949 && order != 0x4d4d) {
            return Orientation.UPRIGHT;
        }
        tiff.order(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = Integer.toUnsignedLong(tiff.getInt(4));
        if (directory + 2 > length) {
            return Orientation.UPRIGHT;
        }
        int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
        for (int i = 0; i < entries; i++) {
            int at = (int) directory + 2 + i * ENTRY;
            if (at + ENTRY > length) {
                break;
            }
            if (Short.toUnsignedInt(tiff.getShort(at)) == ORIENTATION) {
                return switch (Short.toUnsignedInt(tiff.getShort(at + 2))) {
                    case SHORT -> Orientation.of(Short.toUnsignedInt(tiff.getShort(at + 8)));
                    case LONG -> Orientation.of(tiff.getInt(at + 8));
                    default -> Orientation.UPRIGHT;
                };
            }
        }
        return Orientation.UPRIGHT;
    }
}
