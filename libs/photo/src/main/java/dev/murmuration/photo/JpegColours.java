package dev.murmuration.photo;

/**
 * The colour spaces of JPEG samples and their conversion to RGB as in libjpeg and Pillow: four colours without a profile, inverted as Adobe
 * writes them.
 */
enum JpegColours {
    GRAY(1) {
        @Override
        void convert(byte[] samples, int from, byte[] rgb, int to, int pixels) {
            for (int x = 0; x < pixels; x++) {
                rgb[to + 3 * x] = samples[from + x];
                rgb[to + 3 * x + 1] = samples[from + x];
                rgb[to + 3 * x + 2] = samples[from + x];
            }
        }
    },
    RGB(3) {
        @Override
        void convert(byte[] samples, int from, byte[] rgb, int to, int pixels) {
            System.arraycopy(samples, from, rgb, to, 3 * pixels);
        }
    },
    /** Luma, blue difference and red difference (ITU-T T.871). */
    YCC(3) {
        @Override
        void convert(byte[] samples, int from, byte[] rgb, int to, int pixels) {
            for (int i = 0; i < 3 * pixels; i += 3) {
                int bright = samples[from + i] & 0xff;
                int blue = samples[from + i + 1] & 0xff;
                int red = samples[from + i + 2] & 0xff;
                rgb[to + i] = clamped(bright + RED_OF_RED[red]);
                rgb[to + i + 1] = clamped(bright + ((GREEN_OF_BLUE[blue] + GREEN_OF_RED[red]) >> 16));
                rgb[to + i + 2] = clamped(bright + BLUE_OF_BLUE[blue]);
            }
        }
    },
    CMYK(4) {
        @Override
        void convert(byte[] samples, int from, byte[] rgb, int to, int pixels) {
            for (int x = 0; x < pixels; x++) {
                int black = samples[from + 4 * x + 3] & 0xff;
                for (int c = 0; c < 3; c++) {
                    rgb[to + 3 * x + c] = onBlack(255 - (samples[from + 4 * x + c] & 0xff), black);
                }
            }
        }
    },
    YCCK(4) {
        @Override
        void convert(byte[] samples, int from, byte[] rgb, int to, int pixels) {
            byte[] colour = new byte[3];
            for (int x = 0; x < pixels; x++) {
                YCC.convert(samples, from + 4 * x, colour, 0, 1);
                int black = samples[from + 4 * x + 3] & 0xff;
                for (int c = 0; c < 3; c++) {
                    rgb[to + 3 * x + c] = onBlack(colour[c] & 0xff, black);
                }
            }
        }
    };

    private static final int[] RED_OF_RED = new int[256];
    private static final int[] BLUE_OF_BLUE = new int[256];
    private static final int[] GREEN_OF_RED = new int[256];
    private static final int[] GREEN_OF_BLUE = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            RED_OF_RED[i] = (91881 * (i - 128) + 32768) >> 16;
            BLUE_OF_BLUE[i] = (116130 * (i - 128) + 32768) >> 16;
            GREEN_OF_RED[i] = -46802 * (i - 128);
            GREEN_OF_BLUE[i] = -22554 * (i - 128) + 32768;
        }
    }

    private final int samples;

    JpegColours(int samples) {
        this.samples = samples;
    }

    /** Returns the number of samples per pixel. */
    int samples() {
        return samples;
    }

    /** Converts interleaved samples; if a pixel has three, source and target may be the same array and position. */
    abstract void convert(byte[] samples, int from, byte[] rgb, int to, int pixels);

    private static byte clamped(int value) {
        return (byte) ((value & ~0xff) == 0 ? value : ~value >> 31);
    }

    // Pillow's formula: the light that black leaves, less the inverted colour's share of it.
    private static byte onBlack(int colour, int black) {
        int share = colour * black + 128;
        return clamped(black - (((share >> 8) + share) >> 8));
    }
}
