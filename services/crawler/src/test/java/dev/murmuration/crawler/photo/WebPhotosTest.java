package dev.murmuration.crawler.photo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.photo.Fetched.Body;
import dev.murmuration.crawler.photo.Refusal.Reason;
import dev.murmuration.crawler.robots.RobotsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against a local server that misbehaves and a local resolver that lies. The server listens on 127.0.0.2, which alone is allowed;
 * 127.0.0.1 stands for what is private.
 */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class WebPhotosTest {

    private static final int MAX_BYTES = 10_000;
    private static final Duration TIMEOUT = Duration.ofMillis(1500);

    private final Map<String, List<List<String>>> names = new ConcurrentHashMap<>();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private HostileServer server;
    private WebPhotos web;

    @BeforeEach
    void start() throws IOException {
        server = new HostileServer("127.0.0.2");
        web = new WebPhotos(
                new WebLimits(
                        TIMEOUT,
                        MAX_BYTES,
                        3,
                        64,
                        2,
                        Set.of(server.port(), 80, 443),
                        "murmuration",
                        Set.of("noai", "noimageai"),
                        WebLimits.CONTENT_USAGE,
                        Optional.empty(),
                        new WebLimits.Retries(3, Duration.ofMillis(10), 6, Duration.ofMinutes(1))),
                new AddressPolicy(List.of("127.0.0.2/32")),
                this::resolve);
        answer("photos.test", "127.0.0.2");
        answer("inside.test", "127.0.0.1");
    }

    @AfterEach
    void stop() throws IOException {
        web.close();
        server.close();
    }

    @Test
    void fetchesABody() throws Exception {
        server.on("/a.jpg", out -> out.write(response(200, "", "bytes")));

        assertThat(fetch("/a.jpg"))
                .isInstanceOfSatisfying(
                        Body.class,
                        body -> assertThat(new String(body.bytes(), US_ASCII)).isEqualTo("bytes"));
        assertThat(server.requests().getFirst())
                .contains("User-Agent: murmuration", "Accept-Encoding: identity")
                .doesNotContain("Cookie", "Authorization", "Referer");
    }

    @Test
    void fetchesABodyInChunks() throws Exception {
        server.on(
                "/a.jpg",
                out -> out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
                        .getBytes(US_ASCII)));

        assertThat(fetch("/a.jpg"))
                .isInstanceOfSatisfying(
                        Body.class,
                        body -> assertThat(new String(body.bytes(), US_ASCII)).isEqualTo("abcde"));
    }

    // -- what may be reached
    // --------------------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/",
                "http://127.1:PORT/",
                "http://2130706433:PORT/",
                "http://0177.0.0.1:PORT/",
                "http://0x7f.0.0.1:PORT/",
                "http://0x7f000001:PORT/",
                "http://[::1]:PORT/",
                "http://[::ffff:127.0.0.1]:PORT/",
                "http://[::ffff:7f00:1]:PORT/",
                "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/",
                "http://[64:ff9b::7f00:1]:PORT/",
                "http://169.254.169.254/latest/meta-data/",
                "http://10.0.0.1/",
                "http://0.0.0.0:PORT/",
                "http://0:PORT/",
                "http://inside.test:PORT/",
                "http://INSIDE.test:PORT/",
                "http://photos.test@inside.test:PORT/",
                "http://photos.test:80@inside.test:PORT/",
                "http://user:secret@photos.test:PORT/",
                "http://inside.test#@photos.test:PORT/",
                "http://inside.test\\@photos.test:PORT/",
                "http://photos.test:22/",
                "http://photos.test:6379/",
                "file:///etc/hostname",
                "ftp://photos.test/a.jpg",
                "gopher://photos.test/",
                "jar:http://photos.test/a!/b",
                "simulator:photo/1/0",
                "//photos.test/a.jpg",
                "http://"
            })
    void reachesOnlyWhatIsPublic(String url) throws Exception {
        answer("127.1", "127.0.0.1");
        answer("2130706433", "127.0.0.1");
        answer("0", "0.0.0.0");
        // Whatever spelling slips through to a resolver means this machine to it, as to a real one.
        answer("0177.0.0.1", "127.0.0.1");
        answer("0x7f.0.0.1", "127.0.0.1");
        answer("0x7f000001", "127.0.0.1");
        server.onAny(out -> out.write(response(200, "", "secret")));

        assertThat(reason(web.fetch(url.replace("PORT", Integer.toString(server.port())), bytes -> {})))
                .isEqualTo(Reason.BLOCKED);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/",
                "http://inside.test:PORT/",
                "http://[::1]:PORT/",
                "http://10.0.0.1/",
                "file:///etc/hostname",
                "http://photos.test:22/",
                "//inside.test:PORT/",
                "http://a:b@photos.test:PORT/"
            })
    void checksEveryRedirectAgain(String target) throws Exception {
        String location = target.replace("PORT", Integer.toString(server.port()));
        server.on("/a.jpg", out -> out.write(response(302, "Location: " + location + "\r\n", "")));

        assertThat(reason(fetch("/a.jpg"))).isEqualTo(Reason.BLOCKED);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void followsThreeRedirectsAndNotFour() throws Exception {
        for (int i = 1; i <= 4; i++) {
            String next = "Location: /" + (i - 1) + "\r\n";
            server.on("/" + i, out -> out.write(response(301, next, "")));
        }
        server.on("/0", out -> out.write(response(200, "", "bytes")));

        assertThat(fetch("/3")).isInstanceOf(Body.class);
        assertThat(reason(fetch("/4"))).isEqualTo(Reason.BLOCKED);
    }

    @Test
    void aNameIsAskedForOnceSoThatItCannotChangeItsMind() throws Exception {
        names.put("rebinding.test", List.of(List.of("127.0.0.2"), List.of("127.0.0.1")));
        server.on("/a.jpg", out -> out.write(response(200, "", "bytes")));

        assertThat(fetch("rebinding.test", "/a.jpg")).isInstanceOf(Body.class);
        assertThat(asked).containsExactly(Map.entry("rebinding.test", 1));
        assertThat(reason(fetch("rebinding.test", "/a.jpg"))).isEqualTo(Reason.BLOCKED);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void oneBadAddressCondemnsAName() throws Exception {
        names.put("both.test", List.of(List.of("127.0.0.2", "127.0.0.1")));

        assertThat(reason(fetch("both.test", "/a.jpg"))).isEqualTo(Reason.BLOCKED);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void obeysRobotsHeaders() throws Exception {
        server.on("/no.jpg", out -> out.write(response(200, "X-Robots-Tag: noindex, noai\r\n", "bytes")));
        server.on("/yes.jpg", out -> out.write(response(200, "X-Robots-Tag: noindex\r\n", "bytes")));

        assertThat(reason(fetch("/no.jpg"))).isEqualTo(Reason.ROBOTS_TAG);
        assertThat(fetch("/yes.jpg")).isInstanceOf(Body.class);
    }

    @Test
    void obeysTheUsageThatAResponseStates() throws Exception {
        server.on(
                "/no.jpg",
                out -> out.write(response(200, "Content-Usage: search=y\r\nContent-Usage: train-ai=n\r\n", "x")));
        server.on("/yes.jpg", out -> out.write(response(200, "Content-Usage: train-ai=y\r\n", "bytes")));

        assertThat(reason(fetch("/no.jpg"))).isEqualTo(Reason.CONTENT_USAGE);
        assertThat(fetch("/yes.jpg")).isInstanceOf(Body.class);
    }

    @Test
    void asksForNoRobotsTxtUnlessThatIsSet() throws Exception {
        server.on("/robots.txt", out -> out.write(response(200, "", "User-agent: *\nDisallow: /")));
        server.on("/a.jpg", out -> out.write(response(200, "", "bytes")));

        assertThat(fetch("/a.jpg")).isInstanceOf(Body.class);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void obeysTheRobotsTxtOfEachHostOnTheWay() throws Exception {
        server.on("/robots.txt", out -> out.write(response(302, "Location: /real.txt\r\n", "")));
        server.on(
                "/real.txt",
                out -> out.write(
                        response(200, "", "User-agent: *\nDisallow: /no\nContent-Usage: /only-to-see train-ai=n\n")));
        server.on("/moved.jpg", out -> out.write(response(302, "Location: /no.jpg\r\n", "")));
        server.onAny(out -> out.write(response(200, "", "bytes")));

        try (WebPhotos polite = withRobotsTxt()) {
            assertThat(reason(fetch(polite, "/no.jpg"))).isEqualTo(Reason.ROBOTS_TXT);
            assertThat(reason(fetch(polite, "/moved.jpg"))).isEqualTo(Reason.ROBOTS_TXT);
            assertThat(reason(fetch(polite, "/only-to-see.jpg"))).isEqualTo(Reason.CONTENT_USAGE);
            assertThat(fetch(polite, "/yes.jpg")).isInstanceOf(Body.class);
        }
        assertThat(server.requests().stream().filter(head -> head.contains("/robots.txt")))
                .hasSize(1);
        assertThat(server.requests()).noneMatch(head -> head.contains("/no.jpg"));
    }

    @ParameterizedTest
    @CsvSource({"403, ''", "404, ''", "410, ''", "429, ROBOTS_TXT", "500, ROBOTS_TXT", "503, ROBOTS_TXT"})
    void aSiteWithoutRobotsTxtAllowsEverythingAndABrokenOneNothing(int status, String refusal) throws Exception {
        server.on("/robots.txt", out -> out.write(response(status, "", "")));
        server.onAny(out -> out.write(response(200, "", "bytes")));

        try (WebPhotos polite = withRobotsTxt()) {
            Fetched fetched = fetch(polite, "/a.jpg");
            assertThat(fetched instanceof Body ? "" : reason(fetched).name()).isEqualTo(refusal);
        }
    }

    @Test
    void aRobotsTxtIsReadToItsLimitAndNotBeyond() throws Exception {
        String start = "User-agent: *\nDisallow: /no\n";
        server.on(
                "/robots.txt",
                out -> out.write(response(200, "", start + "#".repeat(RobotsFiles.MAX_BYTES) + "\nDisallow: /yes\n")));
        server.onAny(out -> out.write(response(200, "", "bytes")));

        try (WebPhotos polite = withRobotsTxt()) {
            assertThat(reason(fetch(polite, "/no.jpg"))).isEqualTo(Reason.ROBOTS_TXT);
            assertThat(fetch(polite, "/yes.jpg")).isInstanceOf(Body.class);
        }
    }

    private WebPhotos withRobotsTxt() {
        return new WebPhotos(
                new WebLimits(
                        TIMEOUT,
                        MAX_BYTES,
                        3,
                        64,
                        2,
                        Set.of(server.port()),
                        "murmuration",
                        Set.of(),
                        WebLimits.CONTENT_USAGE,
                        Optional.of(RobotsFiles.Limits.standard()),
                        new WebLimits.Retries(1, Duration.ofMillis(10), 6, Duration.ofMinutes(1))),
                new AddressPolicy(List.of("127.0.0.2/32")),
                this::resolve);
    }

    // -- what may be sent
    // -----------------------------------------------------------------------------------------------------------------------

    @Test
    void takesExactlyTheLimitAndNotAByteMore() throws Exception {
        server.on("/fits", out -> out.write(response(200, "", "x".repeat(MAX_BYTES))));
        server.on("/large", out -> out.write(response(200, "", "x".repeat(MAX_BYTES + 1))));

        assertThat(fetch("/fits")).isInstanceOf(Body.class);
        assertThat(reason(fetch("/large"))).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void anEndlessBodyIsTooLarge() throws Exception {
        server.on("/endless", out -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
            while (true) {
                out.write(new byte[1000]);
            }
        });

        assertThat(reason(fetch("/endless"))).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aBodyInDripsIsATimeout() throws Exception {
        server.on("/drips", out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(US_ASCII));
            server.drip(out);
        });
        long start = System.nanoTime();

        assertThat(reason(fetch("/drips"))).isEqualTo(Reason.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(TIMEOUT.minusMillis(100), TIMEOUT.plusSeconds(5));
    }

    @Test
    void headersInDripsAreATimeout() throws Exception {
        server.on("/drips", out -> {
            out.write("HTTP/1.1 200 OK\r\nX-Slow: ".getBytes(US_ASCII));
            server.drip(out);
        });

        assertThat(reason(fetch("/drips"))).isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void redirectsInDripsShareOneTimeLimit() throws Exception {
        AtomicInteger hops = new AtomicInteger();
        server.onAny(out -> {
            server.pause(Duration.ofMillis(700));
            out.write(response(302, "Location: /" + hops.incrementAndGet() + "\r\n", ""));
        });

        assertThat(reason(fetch("/a.jpg"))).isEqualTo(Reason.TIMEOUT);
        assertThat(hops.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void aShortBodyIsMissing() throws Exception {
        server.on("/short", out -> out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc".getBytes(US_ASCII)));

        assertThat(reason(fetch("/short"))).isEqualTo(Reason.MISSING);
    }

    @Test
    void compressionOnTheWayIsNotUndone() throws Exception {
        server.on("/a.jpg", out -> out.write(response(200, "Content-Encoding: gzip\r\n", "\u001f\u008bbomb")));

        assertThat(fetch("/a.jpg"))
                .isInstanceOfSatisfying(
                        Body.class, body -> assertThat(body.bytes()).hasSize(6));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304, 401, 403, 404, 410, 500, 503})
    void whatIsNot200IsMissing(int status) throws Exception {
        server.on("/a.jpg", out -> out.write(response(status, "", "")));

        assertThat(reason(fetch("/a.jpg"))).isEqualTo(Reason.MISSING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 OK\r\n\r\n"})
    void whatIsNoHttpIsMissing(String bytes) throws Exception {
        server.on("/a.jpg", out -> out.write(bytes.getBytes(US_ASCII)));

        assertThat(fetch("/a.jpg"))
                .satisfiesAnyOf(
                        fetched -> assertThat(reason(fetched)).isEqualTo(Reason.MISSING),
                        // A length that is none counts as unknown: the connection's end ends the body.
                        fetched -> assertThat(((Body) fetched).bytes()).isEmpty());
    }

    @Test
    void aNameThatDoesNotResolveIsMissing() throws Exception {
        assertThat(reason(fetch("nobody.test", "/a.jpg"))).isEqualTo(Reason.MISSING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 503 Slow\r\nConnection: close\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 429 Many\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 502 Bad\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 504 Late\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nby",
                "HTTP/1.1 200 OK\r\n"
            })
    void asksAgainAServerThatIsBusyOrBreaksTheConnection(String first) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        server.on(
                "/a.jpg",
                out -> out.write(
                        requests.incrementAndGet() == 1 ? first.getBytes(US_ASCII) : response(200, "", "bytes")));

        assertThat(fetch("/a.jpg")).isInstanceOf(Body.class);
        assertThat(requests.get()).isEqualTo(2);
    }

    @Test
    void asksNoMoreThanItsTriesAndNotWhereAskingCannotHelp() throws Exception {
        server.on("/busy.jpg", out -> out.write(response(503, "", "")));
        server.on("/gone.jpg", out -> out.write(response(404, "", "")));

        assertThat(reason(fetch("/busy.jpg"))).isEqualTo(Reason.MISSING);
        assertThat(server.requests()).hasSize(3);
        assertThat(reason(fetch("/gone.jpg"))).isEqualTo(Reason.MISSING);
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void doesNotWaitForLongerThanThePhotosTime() throws Exception {
        server.on("/a.jpg", out -> out.write(response(429, "Retry-After: 86400\r\n", "")));

        assertThat(reason(fetch("/a.jpg"))).isEqualTo(Reason.MISSING);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aHostThatKeepsRefusingIsLeftAloneAndNoOtherHostIs() throws Exception {
        answer("other.test", "127.0.0.2");
        server.on("/a.jpg", out -> out.write(response(503, "", "")));
        fetch("/a.jpg");
        fetch("/a.jpg");
        assertThat(server.requests()).hasSize(6);
        server.on("/a.jpg", out -> out.write(response(200, "", "bytes")));

        assertThat(fetch("/a.jpg"))
                .isEqualTo(Fetched.refused(Reason.MISSING, "photos.test keeps refusing and is left alone for a while"));
        assertThat(server.requests()).hasSize(6);
        assertThat(fetch("other.test", "/a.jpg")).isInstanceOf(Body.class);
    }

    @Test
    void aRoomIsAskedOnceHoweverOftenAPhotoIsTried() throws Exception {
        List<Long> asked = new ArrayList<>();
        AtomicInteger requests = new AtomicInteger();
        server.on(
                "/a.jpg",
                out -> out.write(
                        requests.incrementAndGet() == 1
                                ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nby".getBytes(US_ASCII)
                                : response(200, "", "larger than at first")));

        Fetched fetched = web.fetch("http://photos.test:" + server.port() + "/a.jpg", asked::add);

        assertThat(reason(fetched)).isEqualTo(Reason.MISSING);
        assertThat(asked).containsExactly(5L);
    }

    @Test
    void neverAsksAHostForMoreAtOnceThanAllowed() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        server.onAny(out -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            server.pause(Duration.ofMillis(60));
            now.decrementAndGet();
            out.write(response(200, "", "bytes"));
        });
        List<Future<Fetched>> fetched = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 12; i++) {
                fetched.add(threads.submit(() -> fetch("/a.jpg")));
            }
        }

        assertThat(most.get()).isEqualTo(2);
        for (Future<Fetched> one : fetched) {
            assertThat(one.get()).isInstanceOf(Body.class);
        }
    }

    @Test
    void aSlowHostKeepsNobodyFromAnotherOne() throws Exception {
        HostLimits limits = new HostLimits(3, 2);
        HostLimits.Turn first = limits.await("slow.test");
        HostLimits.Turn second = limits.await("slow.test");
        Thread third = Thread.startVirtualThread(() -> takeTurn(limits, "slow.test"));

        limits.await("quick.test").close();
        assertThat(third.isAlive()).isTrue();
        first.close();
        third.join();
        second.close();
        assertThat(limits.hosts()).isZero();
    }

    private static void takeTurn(HostLimits limits, String host) {
        try {
            limits.await(host).close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Fetched fetch(String path) throws InterruptedException {
        return fetch("photos.test", path);
    }

    private Fetched fetch(WebPhotos from, String path) throws InterruptedException {
        return from.fetch("http://photos.test:" + server.port() + path, bytes -> {});
    }

    private Fetched fetch(String host, String path) throws InterruptedException {
        return web.fetch("http://" + host + ":" + server.port() + path, bytes -> {});
    }

    private static Reason reason(Fetched fetched) {
        assertThat(fetched).isInstanceOf(Fetched.Refused.class);
        return ((Fetched.Refused) fetched).refusal().reason();
    }

    private static byte[] response(int status, String headers, String body) {
        return "HTTP/1.1 %d Any\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s"
                .formatted(status, body.length(), headers, body)
                .getBytes(ISO_8859_1);
    }

    private void answer(String host, String address) {
        names.put(host, List.of(List.of(address)));
    }

    // The n-th time a name is asked for, its n-th answer; its last one from then on.
    private List<InetAddress> resolve(String host) throws UnknownHostException {
        int times = asked.merge(host, 1, Integer::sum);
        List<List<String>> answers = names.get(host);
        if (answers == null) {
            throw new UnknownHostException(host);
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : answers.get(Math.min(times, answers.size()) - 1)) {
            addresses.add(InetAddress.getByName(address));
        }
        return addresses;
    }
}
