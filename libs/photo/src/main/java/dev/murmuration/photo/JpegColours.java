package dev.murmuration.photo;

/** The ways in which a JPEG's samples mean colours, converted as libjpeg and Pillow do it: four colours without a profile, inverted as Adobe writes them. */
enum JpegColours {
    GRAY {
        @Override
        void convert(byte[] samples, byte[] rgb) {
            for (int x = 0; x < samples.length; x++) {
                rgb[3 * x] = samples[x];
                rgb[3 * x + 1] = samples[x];
                rgb[3 * x + 2] = samples[x];
            }
        }
    },
    RGB {
        @Override
        void convert(byte[] samples, byte[] rgb) {
            System.arraycopy(samples, 0, rgb, 0, rgb.length);
        }
    },
    /** Brightness, blueness and redness (ITU-T T.871). */
    YCC {
        @Override
        void convert(byte[] samples, byte[] rgb) {
            for (int i = 0; i < rgb.length; i += 3) {
                int bright = samples[i] & 0xff;
                int blue = samples[i + 1] & 0xff;
                int red = samples[i + 2] & 0xff;
                rgb[i] = clamped(bright + RED_OF_RED[red]);
                rgb[i + 1] = clamped(bright + ((GREEN_OF_BLUE[blue] + GREEN_OF_RED[red]) >> 16));
                rgb[i + 2] = clamped(bright + BLUE_OF_BLUE[blue]);
            }
        }
    },
    CMYK {
        @Override
        void convert(byte[] samples, byte[] rgb) {
            for (int x = 0; x < samples.length / 4; x++) {
                int black = samples[4 * x + 3] & 0xff;
                for (int c = 0; c < 3; c++) {
                    rgb[3 * x + c] = onBlack(samples[4 * x + c] & 0xff, black);
                }
            }
        }
    },
    YCCK {
        @Override
        void convert(byte[] samples, byte[] rgb) {
            for (int x = 0; x < samples.length / 4; x++) {
                int bright = samples[4 * x] & 0xff;
                int blue = samples[4 * x + 1] & 0xff;
                int red = samples[4 * x + 2] & 0xff;
                int black = samples[4 * x + 3] & 0xff;
                rgb[3 * x] = onBlack(255 - (clamped(bright + RED_OF_RED[red]) & 0xff), black);
                int green = bright + ((GREEN_OF_BLUE[blue] + GREEN_OF_RED[red]) >> 16);
                rgb[3 * x + 1] = onBlack(255 - (clamped(green) & 0xff), black);
                rgb[3 * x + 2] = onBlack(255 - (clamped(bright + BLUE_OF_BLUE[blue]) & 0xff), black);
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

    /** Converts a row of interleaved samples. */
    abstract void convert(byte[] samples, byte[] rgb);

    private static byte clamped(int value) {
        return (byte) ((value & ~0xff) == 0 ? value : ~value >> 31);
    }

    // Pillow's: what black leaves, less the inverted colour's share of it.
    private static byte onBlack(int inverted, int black) {
        int share = (255 - inverted) * black + 128;
        return clamped(black - (((share >> 8) + share) >> 8));
    }
}
