package dev.murmuration.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.photo.PhotoException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhotoDecoderTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final PhotoDecoder decoder = new PhotoDecoder(new Limits(1_000_000, 1, 100, LONG));

    @ParameterizedTest
    @CsvSource({
        "baseline-420.jpg, JPEG, 53, 39, 1",
        "progressive-420.jpg, JPEG, 53, 39, 10",
        "orientation-6.jpg, JPEG, 39, 53, 1",
        "rgb-8.png, PNG, 53, 39, 1",
        "late-exif.png, PNG, 39, 53, 1",
        "exif.webp, WEBP, 39, 53, 1",
        "lossless.webp, WEBP, 53, 39, 1",
        "offset.gif, GIF, 70, 50, 1"
    })
    void readsAHeader(String name, Format format, int width, int height, int scans) throws PhotoException {
        Header header = decoder.open(Golden.photo(name)).header();

        assertThat(header.format()).isEqualTo(format);
        assertThat(header.width()).isEqualTo(width);
        assertThat(header.height()).isEqualTo(height);
        assertThat(header.scans()).isEqualTo(scans);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "B", "BM......", "<html>", "%PDF-1.4", "RIFF....WAVE", "GIF90a"})
    void refusesWhatIsNoPhoto(String bytes) {
        assertRefused(decoder, bytes.getBytes(StandardCharsets.US_ASCII), Reason.UNSUPPORTED, "neither JPEG");
    }

    @ParameterizedTest
    @CsvSource({"2067, 39, 10", "2066, 39, TOO_LARGE", "2067, 40, TOO_SMALL"})
    void holdsToBothLimitsOfSize(long maxPixels, int minSide, String expected) throws PhotoException {
        PhotoDecoder limited = new PhotoDecoder(new Limits(maxPixels, minSide, 100, LONG));
        byte[] photo = Golden.photo("progressive-420.jpg");

        if (expected.equals("10")) {
            assertThat(limited.open(photo).header().scans()).isEqualTo(10);
        } else {
            assertRefused(limited, photo, Reason.valueOf(expected), "53 x 39 pixels");
        }
    }

    @Test
    void refusesAJpegOfTooManyScansByItsHeader() throws PhotoException {
        byte[] photo = Golden.photo("progressive-420.jpg");

        assertThat(new PhotoDecoder(new Limits(10_000, 1, 10, LONG))
                        .decode(photo)
                        .width())
                .isEqualTo(53);
        assertRefused(
                new PhotoDecoder(new Limits(10_000, 1, 9, LONG)),
                photo,
                Reason.CORRUPT,
                "JPEG of 10 scans, more than 9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baseline-420.jpg",
                "progressive-420.jpg",
                "baseline-440.jpg",
                "rgba-16-interlaced.png",
                "palette-4.png",
                "lossy-75.webp",
                "lossless.webp",
                "plain.gif"
            })
    void endsWhenTimeIsOver(String name) {
        PhotoDecoder hurried = new PhotoDecoder(new Limits(10_000, 1, 100, Duration.ofNanos(1)));

        assertRefused(hurried, Golden.photo(name), Reason.TIMEOUT, "not decoded within 0 ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c9", "ca", "cb", "cd", "ce", "cf", "c3", "c5", "c6", "c7"})
    void refusesOtherCodesThanHuffmans(String marker) {
        byte[] photo = Golden.photo("baseline-444.jpg");
        photo[frame(photo) + 1] = (byte) Integer.parseInt(marker, 16);

        assertRefused(decoder, photo, Reason.UNSUPPORTED, marker.compareTo("c8") > 0 ? "arithmetic" : "lossless");
    }

    @Test
    void refusesSamplesOf12Bits() {
        byte[] photo = Golden.photo("baseline-444.jpg");
        photo[frame(photo) + 4] = 12;

        assertRefused(decoder, photo, Reason.UNSUPPORTED, "3 components of 12 bits");
    }

    private static int frame(byte[] jpeg) {
        for (int at = 0; ; at++) {
            if (jpeg[at] == (byte) 0xff && jpeg[at + 1] == (byte) 0xc0) {
                return at;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baseline-420.jpg",
                "progressive-420.jpg",
                "gray.jpg",
                "restarts.jpg",
                "rgb-8.png",
                "gray-16-interlaced.png",
                "lossy-75.webp",
                "lossy-alpha.webp",
                "lossless.webp",
                "moving.webp",
                "plain.gif"
            })
    void refusesAPhotoThatIsCutAnywhere(String name) throws PhotoException {
        byte[] whole = Golden.photo(name);
        // A PNG whose last chunk is cut has all its pixels, and so has a GIF without its last byte.
        int needed = name.endsWith("png") ? whole.length - 12 : name.endsWith("gif") ? whole.length - 2 : whole.length;

        for (int length = 12; length < needed; length++) {
            assertRefused(decoder, Arrays.copyOf(whole, length), Reason.CORRUPT, "");
        }
        assertThat(decoder.decode(whole).width()).isEqualTo(53);
    }

    @Test
    void endsAReaderThatDoesNotHeedTheEnd() {
        ByteBuffer webp = ByteBuffer.allocate(404).order(ByteOrder.LITTLE_ENDIAN);
        webp.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(396);
        webp.put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII)).putInt(383);
        webp.put(new byte[] {0x2f, 0x34, (byte) 0x80, 9, 0});
        while (webp.remaining() > 4) {
            webp.put(new byte[] {0x37, (byte) 0xa0, (byte) 0xa0, 1});
        }
        PhotoDecoder patient = new PhotoDecoder(new Limits(10_000, 1, 100, Duration.ofSeconds(5)));

        assertRefused(patient, webp.array(), Reason.CORRUPT, "cut short");
    }

    @Test
    void refusesAJpegThatWasCutAndClosed() {
        byte[] whole = Golden.photo("fine.jpg");
        byte[] cut = Arrays.copyOf(whole, whole.length * 2 / 3);
        cut[cut.length - 2] = (byte) 0xff;
        cut[cut.length - 1] = (byte) 0xd9;

        assertRefused(decoder, cut, Reason.CORRUPT, "cut short");
    }

    @Test
    void readsNoTextOrProfileOfAPng() throws IOException {
        byte[] zeros = deflated(300_000_000L);
        for (String kind : new String[] {"zTXt", "iCCP", "iTXt"}) {
            byte[] head = (kind.equals("iTXt") ? "a\0\1\0\0\0" : "a\0\0").getBytes(StandardCharsets.US_ASCII);
            byte[] png = withChunk(Golden.photo("rgb-8.png"), kind, join(head, zeros));
            long before = allocated();

            Photo photo = decoder.decode(png);

            assertThat(photo.rgb())
                    .isEqualTo(decoder.decode(Golden.photo("rgb-8.png")).rgb());
            assertThat(allocated() - before).isLessThan(50_000_000);
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private static byte[] withChunk(byte[] png, String kind, byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(kind.getBytes(StandardCharsets.US_ASCII));
        crc.update(body);
        byte[] chunk = ByteBuffer.allocate(12 + body.length)
                .putInt(body.length)
                .put(kind.getBytes(StandardCharsets.US_ASCII))
                .put(body)
                .putInt((int) crc.getValue())
                .array();
        return join(Arrays.copyOf(png, 33), chunk, Arrays.copyOfRange(png, 33, png.length));
    }

    private static byte[] deflated(long zeros) {
        Deflater deflater = new Deflater();
        byte[] block = new byte[1 << 20];
        byte[] out = new byte[1 << 20];
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long done = 0; done < zeros; done += block.length) {
            deflater.setInput(block);
            while (!deflater.needsInput()) {
                bytes.write(out, 0, deflater.deflate(out));
            }
        }
        deflater.finish();
        while (!deflater.finished()) {
            bytes.write(out, 0, deflater.deflate(out));
        }
        deflater.end();
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void refusesABombByWhatItClaims() {
        byte[] bomb = Golden.photo("rgb-8.png");
        ByteBuffer.wrap(bomb).putInt(16, 50_000).putInt(20, 50_000);

        assertRefused(decoder, bomb, Reason.TOO_LARGE, "50000 x 50000 pixels, more than 1000000");
        byte[] headerAlone = Arrays.copyOf(bomb, 33);
        assertRefused(decoder, headerAlone, Reason.TOO_LARGE, "50000 x 50000 pixels, more than 1000000");
        ByteBuffer.wrap(bomb).putInt(16, -1);
        assertRefused(decoder, bomb, Reason.CORRUPT, "-1 x 50000 pixels");
    }

    @Test
    void givesJavasImagesTheSamePixels() throws PhotoException {
        Photo photo = decoder.decode(Golden.photo("lossy-75.webp"));

        BufferedImage image = photo.image();

        for (int i = 0; i < 53 * 39; i++) {
            int pixel = image.getRGB(i % 53, i / 53);
            assertThat(new byte[] {(byte) (pixel >> 16), (byte) (pixel >> 8), (byte) pixel})
                    .isEqualTo(Arrays.copyOfRange(photo.rgb(), 3 * i, 3 * i + 3));
        }
    }

    private static void assertRefused(PhotoDecoder decoder, byte[] photo, Reason reason, String message) {
        assertThatExceptionOfType(PhotoException.class)
                .isThrownBy(() -> decoder.decode(photo))
                .withMessageContaining(message)
                .extracting(PhotoException::reason)
                .isEqualTo(reason);
    }
}
