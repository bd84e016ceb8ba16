package dev.murmuration.filter.shard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.schemas.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class SampleTest {

    private static final List<Sample> SAMPLES = List.of(
            new Sample(
                    Labelled.image("460000000000004994", 0, "flat"), new Photo.Ready(new byte[] {1, 2, 3}, true), ""),
            new Sample(
                    Labelled.image("at://did:plc:x/app.bsky.feed.post/3k", 2, "flat"),
                    new Photo.Ready(new byte[700], false),
                    ""));

    @Test
    void putsTheFilesOfASampleSideBySide() throws IOException {
        // First 16 digits of sha256sum of the ids.
        assertThat(files(Sample.tar(SAMPLES)).keySet())
                .containsExactly(
                        "19081801251f4fb2-0.jpg",
                        "19081801251f4fb2-0.json",
                        "19081801251f4fb2-0.cls",
                        "e37f86e5415821f6-2.jpg",
                        "e37f86e5415821f6-2.json",
                        "e37f86e5415821f6-2.cls");
    }

    @Test
    void holdsThePhotoWhatIsKnownOfItAndItsClass() throws IOException {
        List<byte[]> files = new ArrayList<>(files(Sample.tar(SAMPLES)).values());

        assertThat(files.get(0)).containsExactly(1, 2, 3);
        assertThat(files.get(2)).isEqualTo(new byte[] {'2'});
        JsonNode json = new ObjectMapper().readTree(files.get(1));
        assertThat(json.get("tweetId").asText()).isEqualTo("460000000000004994");
        assertThat(json.get("text").asText()).isEqualTo("text of 460000000000004994");
        assertThat(json.get("label").asText()).isEqualTo("positive");
        assertThat(json.get("scores").get("positive").asDouble()).isEqualTo(0.8);
        assertThat(json.get("createdAt").asText()).isEqualTo("2022-04-04T12:00:00Z");
        assertThat(json.get("original").asBoolean()).isTrue();
    }

    @Test
    void leavesOutATextThatIsNotThere() throws IOException {
        Sample silent = new Sample(
                dev.murmuration.schemas.LabelledImage.newBuilder(Labelled.image("1", 0, "flat"))
                        .setText(null)
                        .build(),
                new Photo.Ready(new byte[0], true),
                "");

        assertThat(new ObjectMapper().readTree(silent.json()).has("text")).isFalse();
    }

    @Test
    void saysUnderWhatTermsTheFeedWasRead() throws IOException {
        Licenses licenses = new Licenses(Map.of("archive", "CC-BY-4.0", "x", ""));
        Sample sample =
                new Sample(Labelled.image("1", 0, "flat"), new Photo.Ready(new byte[0], true), licenses.of("archive"));

        assertThat(new ObjectMapper().readTree(sample.json()).get("license").asText())
                .isEqualTo("CC-BY-4.0");
        assertThat(licenses.of("bluesky")).contains("Bluesky");
        assertThat(licenses.of("x")).isEmpty();
        assertThat(licenses.of("never-heard-of")).isEmpty();
    }

    /** The bytes are part of what is promised: shards of two releases can be compared by hash. */
    @Test
    void writesTheSameBytesForTheSameSamplesWheneverItRuns() {
        assertThat(Sha256.hex(Sample.tar(SAMPLES)))
                .isEqualTo(Sha256.hex(Sample.tar(List.copyOf(SAMPLES))))
                .isEqualTo("6883421101d13d12d65eda8c379f005f0984e9fd00f4ed1cfe5efa920040d6c9");
    }

    /** The times of a tar's photos, in seconds since 1970. */
    static List<Long> times(byte[] tar) throws IOException {
        List<Long> times = new ArrayList<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().endsWith(".jpg")) {
                    times.add(entry.getLastModifiedTime().to(TimeUnit.SECONDS));
                }
            }
        }
        return times;
    }

    private static Map<String, byte[]> files(byte[] tar) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(Labelled.CREATED);
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        return files;
    }
}
