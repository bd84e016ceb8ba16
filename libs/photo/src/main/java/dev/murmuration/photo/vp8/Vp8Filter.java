package dev.murmuration.photo.vp8;

/** The loop filter, which smooths the edges of blocks (RFC 6386, section 15). */
final class Vp8Filter {

    private final int interior;
    private final int limit;
    private final int variance;

    /**
     * Creates the filter for blocks of one strength.
     *
     * @param level 1 to 63
     * @param sharpness 0 to 7
     */
    Vp8Filter(int level, int sharpness) {
        int sharpened = sharpness == 0 ? level : Math.min(level >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
        this.interior = Math.max(1, sharpened);
        this.limit = 2 * level + interior;
        this.variance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
    }

    /**
     * Applies the simple filter, for luma alone, along an edge.
     *
     * @param across distance from a sample to the next one across the edge
     * @param along likewise along it
     */
    void simple(Vp8Plane plane, int at, int across, int along, boolean isOfMacroblock) {
        int most = 2 * (isOfMacroblock ? limit + 4 : limit) + 1;
        for (int i = 0; i < 16; i++) {
            int here = at + i * along;
            if (step(plane, here, across) <= most) {
                two(plane, here, across);
            }
        }
    }

    /** Applies the normal filter along an edge of the given number of samples. */
    void normal(Vp8Plane plane, int at, int across, int along, int size, boolean isOfMacroblock) {
        int most = 2 * (isOfMacroblock ? limit + 4 : limit) + 1;
        for (int i = 0; i < size; i++) {
            int here = at + i * along;
            if (step(plane, here, across) <= most && isSmooth(plane, here, across)) {
                if (isVaried(plane, here, across)) {
                    two(plane, here, across);
                } else if (isOfMacroblock) {
                    six(plane, here, across);
                } else {
                    four(plane, here, across);
                }
            }
        }
    }

    private static int step(Vp8Plane plane, int at, int across) {
        return 4 * Math.abs(plane.get(at - across) - plane.get(at))
                + Math.abs(plane.get(at - 2 * across) - plane.get(at + across));
    }

    private boolean isSmooth(Vp8Plane plane, int at, int across) {
        for (int i = -4; i < 3; i++) {
            if (i != -1 && Math.abs(plane.get(at + i * across) - plane.get(at + (i + 1) * across)) > interior) {
                return false;
            }
        }
        return true;
    }

    private boolean isVaried(Vp8Plane plane, int at, int across) {
        return Math.abs(plane.get(at - 2 * across) - plane.get(at - across)) > variance
                || Math.abs(plane.get(at + across) - plane.get(at)) > variance;
    }

    private static void two(Vp8Plane plane, int at, int across) {
        int before = plane.get(at - across);
        int after = plane.get(at);
        int outer = signed(plane.get(at - 2 * across) - plane.get(at + across));
        int change = 3 * (after - before) + outer;
        plane.set(at - across, before + small((change + 3) >> 3));
        plane.set(at, after - small((change + 4) >> 3));
    }

    private static void four(Vp8Plane plane, int at, int across) {
        int before = plane.get(at - across);
        int after = plane.get(at);
        int change = 3 * (after - before);
        int less = small((change + 4) >> 3);
        int outer = (less + 1) >> 1;
        plane.set(at - 2 * across, plane.get(at - 2 * across) + outer);
        plane.set(at - across, before + small((change + 3) >> 3));
        plane.set(at, after - less);
        plane.set(at + across, plane.get(at + across) - outer);
    }

    private static void six(Vp8Plane plane, int at, int across) {
        int outer = signed(plane.get(at - 2 * across) - plane.get(at + across));
        int change = signed(3 * (plane.get(at) - plane.get(at - across)) + outer);
        for (int i = 0; i < 3; i++) {
            int share = ((27 - 9 * i) * change + 63) >> 7;
            plane.set(at - (1 + i) * across, plane.get(at - (1 + i) * across) + share);
            plane.set(at + i * across, plane.get(at + i * across) - share);
        }
    }

    private static int signed(int value) {
        return Math.max(-128, Math.min(value, 127));
    }

    private static int small(int value) {
        return Math.max(-16, Math.min(value, 15));
    }
}
