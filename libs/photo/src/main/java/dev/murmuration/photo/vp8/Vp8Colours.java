package dev.murmuration.photo.vp8;

/** Converts a VP8 frame to red, green and blue: chroma at half size is upsampled and converted as libwebp does by default. */
public final class Vp8Colours {

    private final Vp8Frame frame;
    private final byte[] blue;
    private final byte[] red;

    /** Converts the rows of this frame, which is decoded. */
    public Vp8Colours(Vp8Frame frame) {
        this.frame = frame;
        this.blue = new byte[frame.width];
        this.red = new byte[frame.width];
    }

    /** Converts a row into rgb, (width, 3). */
    public void row(int y, byte[] rgb) {
        enlarge(frame.blueness, y, blue);
        enlarge(frame.redness, y, red);
        int from = frame.brightness.at(0, y);
        for (int x = 0; x < frame.width; x++) {
            int u = blue[x] & 0xff;
            int v = red[x] & 0xff;
            int bright = (frame.brightness.get(from + x) * 19077) >> 8;
            rgb[3 * x] = (byte) Vp8Plane.clamped((bright + ((v * 26149) >> 8) - 14234) >> 6);
            rgb[3 * x + 1] = (byte) Vp8Plane.clamped((bright - ((u * 6419) >> 8) - ((v * 13320) >> 8) + 8708) >> 6);
            rgb[3 * x + 2] = (byte) Vp8Plane.clamped((bright + ((u * 33050) >> 8) - 17685) >> 6);
        }
    }

    // Each sample is the mean of its four neighbours weighted 9 3 3 1 by distance, in two steps rounded as in libwebp.
    private void enlarge(Vp8Plane plane, int y, byte[] into) {
        int last = (frame.height + 1) / 2 - 1;
        int near = plane.at(0, y / 2);
        int far = plane.at(0, Math.max(0, Math.min(y / 2 + ((y & 1) == 0 ? -1 : 1), last)));
        into[0] = (byte) ((3 * plane.get(near) + plane.get(far) + 2) >> 2);
        int columns = (frame.width + 1) / 2;
        for (int x = 1; x < columns; x++) {
            int nearLeft = plane.get(near + x - 1);
            int nearRight = plane.get(near + x);
            int farLeft = plane.get(far + x - 1);
            int farRight = plane.get(far + x);
            int sum = nearLeft + nearRight + farLeft + farRight + 8;
            into[2 * x - 1] = (byte) ((((sum + 2 * (nearRight + farLeft)) >> 3) + nearLeft) >> 1);
            into[2 * x] = (byte) ((((sum + 2 * (nearLeft + farRight)) >> 3) + nearRight) >> 1);
        }
        if ((frame.width & 1) == 0) {
            into[frame.width - 1] =
                    (byte) ((3 * plane.get(near + columns - 1) + plane.get(far + columns - 1) + 2) >> 2);
        }
    }
}
