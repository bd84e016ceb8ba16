package dev.murmuration.student;

import java.util.List;

/**
 * A photo as its JPEG keeps it. Squashing is linear and so is the way from brightness and two colour differences to red, green and blue: done in this order only the
 * student's pixels are converted, and colours at half size are never enlarged.
 *
 * @param planes brightness; or brightness, blueness, redness (ITU-T T.871)
 * @param orientation how it lies
 */
record Planes(List<Plane> planes, Orientation orientation) {

    /** Squashed to side by side pixels and turned upright, (side, side, 3), values 0 to 255. */
    float[] squash(Resize resize, int side) {
        float[] brightness = resize.apply(planes.getFirst(), side);
        boolean isGray = planes.size() == 1;
        float[] blueness = isGray ? brightness : resize.apply(planes.get(1), side);
        float[] redness = isGray ? brightness : resize.apply(planes.get(2), side);
        float[] rgb = new float[3 * side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int from = y * side + x;
                int to = 3 * orientation.place(x, y, side, side);
                float blue = isGray ? 0 : blueness[from] - 128;
                float red = isGray ? 0 : redness[from] - 128;
                rgb[to] = resize.value(brightness[from] + 1.402f * red);
                rgb[to + 1] = resize.value(brightness[from] - .344136f * blue - .714136f * red);
                rgb[to + 2] = resize.value(brightness[from] + 1.772f * blue);
            }
        }
        return rgb;
    }
}
