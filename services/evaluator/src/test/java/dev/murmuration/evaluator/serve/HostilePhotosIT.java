package dev.murmuration.evaluator.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.murmuration.evaluator.BrightnessStudent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Photos made to take all memory or all time, by HTTP: each has its answer, and the service answers others meanwhile and afterwards. */
@QuarkusTest
@QuarkusTestResource(value = ServedStudent.class, restrictToAnnotatedClass = true)
class HostilePhotosIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Path REPORTED =
            Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data/reported-faults");
    private static final long INFLATED = 500_000_000;
    private static final int SCANS = 4_000;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    @TestHTTPResource
    URI service = URI.create("");

    @AfterEach
    void isLiveAndAnswersAnOrdinaryPhoto() throws Exception {
        HttpResponse<String> live = client.send(
                HttpRequest.newBuilder(service.resolve("/q/health/live"))
                        .timeout(TIMEOUT)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(ask("/predict", BrightnessStudent.photo(1, 0)).get().body()).contains("\"label\":\"neutral\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zTXt", "iTXt", "iCCP"})
    void scoresAPngWhoseChunkInflatesToHalfAGigabyte(String kind) throws Exception {
        byte[] png = withChunk(BrightnessStudent.photo(2, 0), kind);

        HttpResponse<String> answer = ask("/predict", png).get();

        assertThat(png).hasSizeLessThan(1_000_000);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"label\":\"positive\"");
    }

    @Test
    void refusesAJpegOfThousandsOfScansAndAnswersOthersMeanwhile() throws Exception {
        byte[] jpeg = withScans();
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            asked.add(ask("/predict", jpeg));
        }

        HttpResponse<String> ordinary =
                ask("/predict", BrightnessStudent.photo(0, 0)).get();

        assertThat(ordinary.body()).contains("\"label\":\"negative\"");
        for (CompletableFuture<HttpResponse<String>> each : asked) {
            assertThat(each.get().statusCode()).isEqualTo(422);
            assertThat(each.get().body()).contains("scans, more than 100");
        }
    }

    @Test
    void drawsNoMapOfAJpegOfThousandsOfScans() throws Exception {
        HttpResponse<String> answer = ask("/sentiment-map", withScans()).get();

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("scans, more than 100");
    }

    @ParameterizedTest
    @CsvSource({
        "24-inflating-chunks/ztxt.png, 200, label",
        "24-inflating-chunks/itxt.png, 200, label",
        "25-thousands-of-scans/4000-scans.jpg, 422, 'JPEG of 4001 scans, more than 100'"
    })
    void answersThePhotosThatWereReported(String name, int status, String text) throws Exception {
        Path photo = REPORTED.resolve(name);
        assumeTrue(Files.isRegularFile(photo), "the reported photos are not here");

        HttpResponse<String> answer = ask("/predict", Files.readAllBytes(photo)).get();

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(text);
    }

    @Test
    void refusesAPngOfMorePixelsThanTheLimit() throws Exception {
        byte[] png = BrightnessStudent.photo(0, 0);
        ByteBuffer.wrap(png).putInt(16, 1 << 20).putInt(20, 1 << 20);

        HttpResponse<String> answer = ask("/predict", png).get();

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("1048576 x 1048576 pixels, more than ");
    }

    private CompletableFuture<HttpResponse<String>> ask(String path, byte[] photo) {
        return client.sendAsync(
                HttpRequest.newBuilder(service.resolve(path))
                        .timeout(TIMEOUT)
                        .header("Content-Type", "image/png")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(photo))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Puts a chunk of compressed zeros behind the header. */
    private static byte[] withChunk(byte[] png, String kind) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(kind.getBytes(StandardCharsets.US_ASCII));
        body.writeBytes((kind.equals("iTXt") ? "a\0\1\0\0\0" : "a\0\0").getBytes(StandardCharsets.US_ASCII));
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(body)) {
            byte[] zeros = new byte[1_000_000];
            for (long done = 0; done < INFLATED; done += zeros.length) {
                deflater.write(zeros);
            }
        }
        CRC32 crc = new CRC32();
        crc.update(body.toByteArray());
        int afterHeader = 33;
        return ByteBuffer.allocate(png.length + 8 + body.size())
                .put(png, 0, afterHeader)
                .putInt(body.size() - 4)
                .put(body.toByteArray())
                .putInt((int) crc.getValue())
                .put(png, afterHeader, png.length - afterHeader)
                .array();
    }

    /** A progressive JPEG whose last scan, a refinement, comes again and again. */
    private static byte[] withScans() throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam progressive = writer.getDefaultWriteParam();
        progressive.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BufferedImage black = new BufferedImage(2048, 2048, BufferedImage.TYPE_INT_RGB);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(black, null, null), progressive);
        } finally {
            writer.dispose();
        }
        byte[] jpeg = bytes.toByteArray();
        int end = jpeg.length - 2;
        int last = end;
        while ((jpeg[last] & 0xff) != 0xff || (jpeg[last + 1] & 0xff) != 0xda) {
            last--;
        }
        byte[] scan = Arrays.copyOfRange(jpeg, last, end);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(jpeg, 0, end);
        for (int i = 0; i < SCANS; i++) {
            many.write(scan);
        }
        many.write(jpeg, end, 2);
        return many.toByteArray();
    }
}
