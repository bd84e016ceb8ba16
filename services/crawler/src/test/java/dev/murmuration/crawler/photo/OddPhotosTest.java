package dev.murmuration.crawler.photo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.murmuration.crawler.Forked;
import dev.murmuration.crawler.photo.Inspected.Photo;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever arrives ends as a photo or as a reason, in a JVM that has 300 MiB and ends at once when they do not suffice. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class OddPhotosTest {

    private static final Path ODD =
            Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data/odd-images");
    private static final String MEMORY = "300m";

    @TempDir
    Path folder;

    @Test
    void everyOddImageIsAPhotoOrHasAReason() throws Exception {
        assumeTrue(Files.isDirectory(ODD), "the odd images are not here");

        List<String> printed = inspectedIn(ODD.toAbsolutePath());

        try (Stream<Path> files = Files.list(ODD)) {
            assertThat(printed).hasSize((int) files.count()).allMatch(line -> line.matches("\\d+ ms (photo|image-).*"));
        }
        assertThat(printed).filteredOn(line -> line.contains(" photo ")).hasSizeGreaterThan(200);
        assertThat(printed).filteredOn(line -> line.contains(" image-corrupt ")).hasSizeGreaterThan(2);
    }

    @Test
    void bombsEndAsAPhotoOrHaveAReason() throws Exception {
        byte[] zeros = deflated(600_000_000L, new byte[0]);
        write("text.png", png(chunk("zTXt", join("a\0\0".getBytes(US_ASCII), zeros))));
        write("profile.png", png(chunk("iCCP", join("a\0\0".getBytes(US_ASCII), zeros))));
        write("international.png", png(chunk("iTXt", join("a\0\1\0\0\0".getBytes(US_ASCII), zeros))));
        // 39.7 megapixels of 8 bytes from some kilobytes: within the limit by its header.
        write("even.png", raw(6300, 6300, 16, 6, deflated(6300L * (1 + 6300 * 8), new byte[0])));
        write("endless-rows.png", raw(64, 64, 8, 2, zeros));
        write("wide.png", raw(1_200_000, 33, 8, 2, deflated(33L * (1 + 1_200_000 * 3), new byte[0])));
        write("short.png", raw(6000, 6000, 8, 2, deflated(1_000_000, new byte[0])));

        List<String> printed = inspectedIn(folder);

        assertThat(printed)
                .hasSize(7)
                .allMatch(line -> line.matches("\\d+ ms (photo|image-).*"))
                .anyMatch(line -> line.endsWith("photo text.png"))
                .anyMatch(line -> line.endsWith("photo profile.png"))
                .anyMatch(line -> line.endsWith("photo even.png"))
                .anyMatch(line -> line.endsWith("image-corrupt short.png"));
    }

    // The JDK may have something to say besides.
    private static List<String> inspectedIn(Path photos) throws IOException, InterruptedException {
        return Forked.run(MEMORY, Inspecting.class, photos.toString()).stream()
                .filter(line -> line.matches("\\d+ ms .*"))
                .toList();
    }

    /** Prints what becomes of each file of a folder and how long it took. */
    static final class Inspecting {

        private Inspecting() {}

        public static void main(String... args) throws Exception {
            Inspection inspection = new Inspection(new InspectionLimits(40_000_000, 32), 2);
            try (Stream<Path> files = Files.list(Path.of(args[0]))) {
                for (Path file : files.sorted().toList()) {
                    long start = System.nanoTime();
                    Inspected inspected = inspection.inspect(Files.readAllBytes(file));
                    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                    String outcome =
                            switch (inspected) {
                                case Photo photo -> "photo";
                                case Inspected.Refused(Refusal refusal) ->
                                    refusal.reason().wireName();
                            };
                    System.out.println(millis + " ms " + outcome + " " + file.getFileName());
                }
            }
            System.exit(0);
        }
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
    }

    // A good photo with this chunk before its pixels.
    private static byte[] png(byte[] chunk) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR), "png", whole);
        byte[] png = whole.toByteArray();
        int afterHeader = 8 + 25;
        return join(Arrays.copyOf(png, afterHeader), chunk, Arrays.copyOfRange(png, afterHeader, png.length));
    }

    private static byte[] raw(int width, int height, int depth, int colours, byte[] pixels) {
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) depth)
                .put((byte) colours)
                .array();
        return join(
                new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'},
                chunk("IHDR", header),
                chunk("IDAT", pixels),
                chunk("IEND", new byte[0]));
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] body = join(type.getBytes(US_ASCII), data);
        CRC32 crc = new CRC32();
        crc.update(body);
        return join(
                ByteBuffer.allocate(4).putInt(data.length).array(),
                body,
                ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static byte[] deflated(long zeros, byte[] first) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(first);
            byte[] block = new byte[1 << 16];
            for (long left = zeros; left > 0; left -= block.length) {
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
