package dev.murmuration.crawler;

import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.murmuration.crawler.examine.Admission;
import dev.murmuration.crawler.examine.ByteBudget;
import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.examine.Examination;
import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Times;
import dev.murmuration.crawler.feed.XLine;
import dev.murmuration.crawler.feed.recorded.RecordedFeed;
import dev.murmuration.crawler.photo.AddressPolicy;
import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.Inspected;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.crawler.photo.PixelBench;
import dev.murmuration.crawler.photo.Refusal;
import dev.murmuration.crawler.photo.WebLimits;
import dev.murmuration.crawler.photo.WebPhotos;
import dev.murmuration.crawler.simulator.SimulatedFeed;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.simulator.World;
import dev.murmuration.stage.store.ObjectStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * How many photos and records a core of the crawler takes. Servers run in a process of their own, so that the processor time that
 * is measured is the crawler's alone: collecting garbage and compiling included, and divided by, so that the figures hold for one
 * core however many there are.
 */
public final class Bench {

    private static final Path STREAM =
            Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data/recorded-stream");
    private static final int MAX_BYTES = 10 << 20;
    private static final int AT_ONCE = 32;
    private static final double NANOS = 1e9;
    private static final String HELP = """
            Usage: ./murmuration bench crawler [--photos N]

            Photos a second and core, from a local web server to a local object store: fetch, inspection (header, decoding, PDQ, SHA-256), store; the share of
            each step; decoders side by side; admission of records. With the photos of ../shared/data/recorded-stream, or, where it is not there, with drawn ones.
            tools/peers/run.sh intake measures img2dataset beside it.
              --photos N   how many photos each step sees, default 4000
            """;

    private Bench() {}

    /** Measures and prints. */
    public static void main(String... args) throws Exception {
        if (args.length == 2 && args[0].equals("--serve")) {
            serve(Path.of(args[1]));
            return;
        }
        if (args.length != 0 && !(args.length == 2 && args[0].equals("--photos"))) {
            System.out.print(HELP);
            System.exit(List.of(args).contains("--help") ? 0 : 64);
        }
        int count = args.length == 2 ? Integer.parseInt(args[1]) : 4000;
        Path folder = Files.isDirectory(STREAM) ? STREAM.resolve("images") : drawn();
        System.out.printf(
                "photos of %s, %d processors%n%n", folder, Runtime.getRuntime().availableProcessors());
        photos(folder, count);
        PixelBench.print(folder, count / 2);
        records();
        System.exit(0);
    }

    // ---- photos ----

    private static void photos(Path folder, int count) throws Exception {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-Dsun.net.httpserver.nodelay=true", // as any store has it
                        "-cp",
                        System.getProperty("java.class.path"),
                        Bench.class.getName(),
                        "--serve",
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(Objects.requireNonNull(said.readLine(), "the server's port"));
            List<String> urls = new ArrayList<>();
            String name = said.readLine();
            while (name != null && !name.isEmpty()) {
                urls.add("http://127.0.0.1:" + port + "/photos/" + name);
                name = said.readLine();
            }
            measurePhotos(urls, port, count);
        } finally {
            server.destroyForcibly();
        }
    }

    private static void measurePhotos(List<String> urls, int port, int count) throws Exception {
        WebPhotos web = web(port);
        Inspection inspection = new Inspection(
                new InspectionLimits(40_000_000, 32), Runtime.getRuntime().availableProcessors());
        ObjectStore store = StoreBench.store(port, AT_ONCE);
        List<byte[]> bodies = new ArrayList<>();
        for (String url : urls) {
            if (web.fetch(url, room -> {}) instanceof Fetched.Body(byte[] bytes)
                    && inspection.inspect(bytes) instanceof Inspected.Photo) {
                bodies.add(bytes);
            }
        }
        Step fetch = n -> web.fetch(urls.get(n % urls.size()), room -> {});
        Step inspect = n -> inspection.inspect(bodies.get(n % bodies.size()));
        Step put = n -> store.putIfAbsent("images/aa/" + n, bodies.get(n % bodies.size()), "image/jpeg");
        Step whole = whole(web, inspection, store, urls);
        double pixels = megapixels(inspection, bodies);

        double seconds = secondsEach(whole, count);
        System.out.printf(Locale.ROOT, "%-44s %9s %12s %8s%n", "", "ms CPU", "photos/s/core", "share");
        row("fetch (loopback, connections kept)", secondsEach(fetch, count), seconds);
        row("inspect (header, decode, PDQ, SHA-256)", secondsEach(inspect, count), seconds);
        row("store (S3 over loopback)", secondsEach(put, count), seconds);
        row("fetch, inspect and store together", seconds, seconds);
        System.out.printf(
                Locale.ROOT, "%-44s %9s %12.1f megapixels/s/core, %.2f each%n%n", "", "", pixels / seconds, pixels);
        StoreBench.byClock(other -> whole(web, inspection, other, urls), port, AT_ONCE, count);
        StoreBench.latencies(port, bodies, count);
    }

    static Step whole(WebPhotos web, Inspection inspection, ObjectStore store, List<String> urls) {
        Examination examination = new Examination(
                "recorded",
                new Admission(Set.of("en"), 0, Set.of()),
                new Declarations(10),
                20,
                web,
                inspection,
                (key, photo) -> store.putIfAbsent(key, photo.bytes(), photo.mediaType()),
                new AuthorHash("salt"),
                new ByteBudget(128 << 20));
        return n -> examination.examine(post(urls.get(n % urls.size())));
    }

    private static void row(String name, double seconds, double all) {
        System.out.printf(
                Locale.ROOT, "%-44s %9.3f %12.0f %7.0f %%%n", name, seconds * 1e3, 1 / seconds, 100 * seconds / all);
    }

    private static double megapixels(Inspection inspection, List<byte[]> bodies) throws InterruptedException {
        double pixels = 0;
        for (byte[] body : bodies) {
            pixels += inspection.inspect(body) instanceof Inspected.Photo photo
                    ? (double) photo.width() * photo.height()
                    : 0;
        }
        return pixels / bodies.size() / 1e6;
    }

    /** One photo of many. */
    interface Step {
        Object run(int n) throws Exception;
    }

    // Of this process's processor time, on virtual threads as the crawler has them, after half as many to warm up.
    private static double secondsEach(Step step, int count) throws Exception {
        all(step, count / 2);
        System.gc();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = system.getProcessCpuTime();
        all(step, count);
        return (system.getProcessCpuTime() - before) / NANOS / count;
    }

    private static void all(Step step, int count) throws Exception {
        all(step, count, AT_ONCE);
    }

    static void all(Step step, int count, int atOnce) throws Exception {
        Semaphore places = new Semaphore(atOnce);
        List<Future<Object>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int n = i;
                places.acquire();
                Callable<Object> work = () -> {
                    try {
                        return step.run(n);
                    } finally {
                        places.release();
                    }
                };
                results.add(threads.submit(work));
            }
            for (Future<Object> result : results) {
                result.get();
            }
        }
    }

    static WebPhotos web(int port) {
        return new WebPhotos(
                new WebLimits(Duration.ofSeconds(10), MAX_BYTES, 3, 64, 64, Set.of(port), "murmuration", Set.of()),
                new AddressPolicy(List.of("127.0.0.1/32")),
                host -> List.of(InetAddress.getAllByName(host)));
    }

    private static Delivery post(String url) {
        return new Delivery.Posted(
                new Post("1", "a", "en", "text", Instant.EPOCH, Instant.EPOCH, Optional.empty(), List.of(url)),
                new byte[0],
                "p");
    }

    // Gives photos from memory and takes whatever is put.
    private static void serve(Path folder) throws IOException {
        Map<String, byte[]> photos = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                photos.put("/photos/" + file.getFileName(), Files.readAllBytes(file));
            }
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, photos));
        server.start();
        System.out.println(server.getAddress().getPort());
        photos.keySet().forEach(path -> System.out.println(path.substring("/photos/".length())));
        System.out.println();
    }

    private static void answer(HttpExchange exchange, Map<String, byte[]> photos) throws IOException {
        exchange.getRequestBody().readAllBytes();
        StoreBench.delay(exchange.getRequestURI().getPath());
        byte[] photo = photos.get(exchange.getRequestURI().getPath());
        if (photo == null) {
            exchange.getResponseHeaders().set("ETag", "\"0\"");
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, photo.length);
            exchange.getResponseBody().write(photo);
        }
        exchange.getResponseBody().close();
    }

    private static Path drawn() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("murmuration-bench-");
        World world = new World(1, 640, 0.85, 0, List.of(1.0, 1.0, 1.0));
        SimulatedFeed feed = new SimulatedFeed(world, 200, 0);
        try (Deliveries deliveries = feed.after("")) {
            for (Optional<Delivery> next = deliveries.next(); next.isPresent(); next = deliveries.next()) {
                if (next.get() instanceof Delivery.Posted(Post post, ByteBuffer raw, String position)
                        && feed.photos().fetch(post.photos().getFirst(), room -> {})
                                instanceof Fetched.Body(byte[] bytes)) {
                    Files.write(folder.resolve(post.id() + ".jpg"), bytes);
                }
            }
        }
        return folder;
    }

    // ---- records ----

    private static void records() throws IOException, InterruptedException {
        List<byte[]> lines = new ArrayList<>();
        List<Post> posts = new ArrayList<>();
        if (Files.isDirectory(STREAM)) {
            Files.readAllLines(STREAM.resolve("tweets.jsonl")).stream()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.getBytes(StandardCharsets.UTF_8))
                    .forEach(lines::add);
        } else {
            for (int i = 0; i < 2000; i++) {
                lines.add(KillScene.xLine("x-", i, "photo-%d.jpg").getBytes(StandardCharsets.UTF_8));
            }
        }
        for (byte[] line : lines) {
            if (XLine.parse(line, said -> new Times(said, said), "p")
                    instanceof Delivery.Posted(Post post, ByteBuffer raw, String position)) {
                posts.add(post);
            }
        }
        Path file = Files.createTempFile("murmuration-bench-", ".jsonl");
        try {
            for (int copy = 0; copy < 40; copy++) {
                for (byte[] line : lines) {
                    Files.write(file, line, StandardOpenOption.APPEND);
                    Files.write(file, new byte[] {'\n'}, StandardOpenOption.APPEND);
                }
            }
            Admission admission = new Admission(Set.of("en"), 5, Set.of());
            System.out.printf(Locale.ROOT, "%-44s %9s %12s%n", "", "us CPU", "records/s/core");
            double alone = rate("admission alone", () -> {
                int refused = 0;
                for (int copy = 0; copy < 400; copy++) {
                    for (Post post : posts) {
                        refused += admission.refuse(post).isPresent() ? 1 : 0;
                    }
                }
                sink = refused;
                return 400 * posts.size();
            });
            double read = rate("read from a file, parse and admit", () -> {
                int count = 0;
                int refused = 0;
                RecordedFeed feed = new RecordedFeed(
                        file,
                        new RecordedFeed.Settings(1 << 20, MAX_BYTES, false, 0, Duration.ZERO),
                        new PlausibleTimes(Clock.systemUTC(), Duration.ofMinutes(5), Oddities.ignored()),
                        (url, room) -> Fetched.refused(Refusal.Reason.MISSING, url));
                try (Deliveries deliveries = feed.after("")) {
                    for (Optional<Delivery> next = deliveries.next(); next.isPresent(); next = deliveries.next()) {
                        if (next.get() instanceof Delivery.Posted(Post post, ByteBuffer raw, String position)) {
                            refused += admission.refuse(post).isPresent() ? 1 : 0;
                        }
                        count++;
                    }
                }
                sink = refused;
                return count;
            });
            System.out.printf(Locale.ROOT, "%-44s %9s %12.2f x%n", "of what is asked, 200,000", "", alone / 200_000);
            System.out.printf(
                    Locale.ROOT, "%-44s %9s %12.2f x%n", "reading and parsing beside that", "", read / 200_000);
        } finally {
            Files.delete(file);
        }
    }

    private static volatile long sink;

    private interface Many {
        int run() throws IOException, InterruptedException;
    }

    private static double rate(String name, Many many) throws IOException, InterruptedException {
        many.run();
        many.run();
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        int count = many.run();
        double each = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / NANOS / count;
        System.out.printf(Locale.ROOT, "%-44s %9.2f %12.0f%n", name, each * 1e6, 1 / each);
        return 1 / each;
    }
}
