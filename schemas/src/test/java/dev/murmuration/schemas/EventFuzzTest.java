package dev.murmuration.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.murmuration.fuzz.Fuzzer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever bytes are on a topic, they are an event or there is a reason why not. */
class EventFuzzTest {

    private static final int TWEET = 1;
    private static final int REJECTION = 2;

    private HttpServer registry;

    @BeforeEach
    void start() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", EventFuzzTest::answer);
        registry.start();
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = path.endsWith("/references")
                ? "[]"
                : path.endsWith("/" + TWEET)
                        ? Tweet.SCHEMA$.toString()
                        : path.endsWith("/" + REJECTION) ? Rejection.SCHEMA$.toString() : "";
        byte[] bytes = body.isEmpty()
                ? "{\"error_code\":404,\"message\":\"no such content\",\"name\":\"ContentNotFoundException\"}"
                        .getBytes(StandardCharsets.UTF_8)
                : body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("X-Registry-ArtifactType", "AVRO");
        exchange.sendResponseHeaders(body.isEmpty() ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void anyBytesAreAnEventOrHaveAReason() throws IOException {
        RegistrySettings settings = new RegistrySettings(
                "http://127.0.0.1:%d/apis/registry/v3"
                        .formatted(registry.getAddress().getPort()),
                RegistrySettings.APICURIO_SERIALIZER,
                RegistrySettings.APICURIO_DESERIALIZER,
                Duration.ofSeconds(5),
                Map.of());
        AtomicInteger events = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (EventReader<Tweet> reader = EventReader.of(settings, Topics.TWEETS, Tweet.class)) {
            Fuzzer.of("event", List.of(tweet()))
                    .tokens("\0\0\0\0\1", "\0\0\0\0\2", "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\1")
                    .run(IllegalStateException.class, input -> {
                        switch (reader.read(new RecordHeaders(), input)) {
                            case Decoded.Event<Tweet>(Tweet tweet) -> {
                                assertThat(tweet.getId()).isNotNull();
                                events.incrementAndGet();
                            }
                            case Decoded.Undecodable<Tweet>(String reason) -> {
                                assertThat(reason).isNotBlank();
                                refused.incrementAndGet();
                            }
                            case Decoded.Tombstone<Tweet> none -> throw new AssertionError("bytes are no deletion");
                            case Decoded.Ended<Tweet> none -> throw new AssertionError("bytes end no feed");
                        }
                    });
        }

        assertThat(events).hasPositiveValue();
        assertThat(refused).hasPositiveValue();
    }

    @Test
    void anyHeaderIsTheEndOfAFeedOrNone() {
        AtomicInteger ends = new AtomicInteger();

        Fuzzer.of("end-of-feed", List.of(new EndOfFeed("simulator", 1, 2).header()))
                .tokens("/", "0", "-1", "65536", "65537", "2147483647")
                .run(
                        IllegalStateException.class,
                        input -> EndOfFeed.in(new RecordHeaders().add(EndOfFeed.HEADER, input))
                                .ifPresent(marker -> {
                                    assertThat(marker.partition()).isBetween(0, marker.of() - 1);
                                    assertThat(marker.of()).isLessThanOrEqualTo(1 << 16);
                                    assertThat(marker.feed()).isNotEmpty().hasSizeLessThanOrEqualTo(255);
                                    ends.incrementAndGet();
                                }));

        assertThat(ends).hasPositiveValue();
    }

    private static byte[] tweet() throws IOException {
        Image image = new Image(
                0,
                "https://x/1.jpg",
                "images/00/0.jpg",
                "0".repeat(64),
                1L,
                "image/jpeg",
                3,
                4,
                ByteBuffer.allocate(32),
                100);
        Tweet tweet = new Tweet(
                "1",
                "bluesky",
                "a",
                "en",
                "text",
                Instant.ofEpochMilli(1),
                Instant.ofEpochMilli(2),
                List.of(image),
                "t");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {0, 0, 0, 0, TWEET});
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(Tweet.class).write(tweet, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
