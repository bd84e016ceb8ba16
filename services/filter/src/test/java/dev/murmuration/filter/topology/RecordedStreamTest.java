package dev.murmuration.filter.topology;

import static dev.murmuration.filter.topology.Tweets.positive;
import static dev.murmuration.filter.topology.Tweets.tweet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The photos of the recorded stream, where it is there. */
class RecordedStreamTest {

    private static final Path STREAM =
            Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data/recorded-stream");

    @TempDir
    private Path state;

    @Test
    void keepsExactlyOneOfEachGroupOfByteIdenticalPhotos() throws IOException {
        assumeThat(STREAM.resolve("tweets.jsonl")).exists();
        Map<String, Integer> copies = new HashMap<>();
        Map<String, Integer> kept = new HashMap<>();
        Map<String, Integer> refused = new HashMap<>();
        Map<String, String> photoOf = new HashMap<>();
        try (Filtering filter = new Filtering(state, Tweets.preset("flat"))) {
            // Twice, so that every photo has a copy at least.
            for (int round = 0; round < 2; round++) {
                for (String line : Files.readAllLines(STREAM.resolve("tweets.jsonl"))) {
                    JsonNode json = new ObjectMapper().readTree(line);
                    JsonNode media = json.at("/includes/media/0/url");
                    Path file = STREAM.resolve(media.asText("none"));
                    if (media.isMissingNode() || !Files.isRegularFile(file)) {
                        continue;
                    }
                    String sha256 = Sha256.hex(file);
                    String id = round + "-" + json.at("/data/id").asText();
                    // Of a quality that says nothing: only the bytes decide.
                    Image photo = Image.newBuilder(Tweets.photo(0, 1))
                            .setSha256(sha256)
                            .setPdq(ByteBuffer.allocate(32))
                            .setPdqQuality(0)
                            .build();
                    photoOf.put(id, sha256);
                    copies.merge(sha256, 1, Integer::sum);
                    filter.send(tweet(id, positive(0.9), photo));
                }
            }
            filter.labelled().forEach(l -> kept.merge(l.getImage().getSha256(), 1, Integer::sum));
            filter.rejections().forEach(r -> refused.merge(photoOf.get(r.getTweetId()), 1, Integer::sum));
        }

        assertThat(copies).hasSizeGreaterThan(1000);
        assertThat(kept.keySet()).isEqualTo(copies.keySet());
        assertThat(new HashSet<>(kept.values())).isEqualTo(Set.of(1));
        copies.forEach((sha256, count) -> assertThat(refused.get(sha256)).isEqualTo(count - 1));
    }
}
