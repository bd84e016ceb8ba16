package dev.murmuration.evaluator.serve;

import dev.murmuration.local.platform.PlatformSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The packaged service as a process of its own, asked by HTTP. */
public final class BenchService implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Process process;
    private final URI address;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private BenchService(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Starts the service with this student and waits until it answers. */
    public static BenchService start(Path model, String precision, PlatformSettings platform)
            throws IOException, InterruptedException {
        Path jar = Path.of(System.getProperty("murmuration.root", "../.."))
                .resolve("services/evaluator/target/quarkus-app/quarkus-run.jar");
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        List<String> line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx2g",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true"));
        platform.forServices().forEach((name, value) -> line.add("-D" + name + "=" + value));
        line.add("-Dquarkus.http.port=" + port);
        line.add("-Dquarkus.http.host=127.0.0.1");
        line.add("-Dinstance.name=evaluator-bench");
        line.add("-Devaluator.precision=" + precision);
        line.add("-Devaluator.serve.model=" + model);
        line.add("-jar");
        line.add(jar.toString());
        Path log = Files.createTempFile("murmuration-bench-", ".log");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        BenchService service = new BenchService(process, URI.create("http://127.0.0.1:" + port));
        try {
            service.await(log);
        } catch (IOException | InterruptedException | RuntimeException e) {
            service.close();
            throw e;
        }
        return service;
    }

    private void await(Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (isReady()) {
                Files.deleteIfExists(log);
                return;
            }
            Thread.sleep(200);
        }
        throw new IllegalStateException("the service did not become ready; its log is " + log);
    }

    private boolean isReady() throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve("/q/health/ready")).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
        } catch (IOException e) {
            return false; // it does not listen yet; await knows when to give up
        }
    }

    /** Asks so many times, from so many clients that each wait for their answers, and prints how long they waited. */
    public void measure(List<byte[]> photos, int clients, int requests) throws Exception {
        ask(photos, clients, Math.max(2 * clients, 20)); // to warm up
        long begun = System.nanoTime();
        long[] nanoseconds = ask(photos, clients, requests);
        double seconds = (System.nanoTime() - begun) / 1e9;
        Arrays.sort(nanoseconds);
        System.out.printf(
                Locale.ROOT,
                "POST /predict, %2d clients: p50 %.1f ms, p99 %.1f ms, %.1f photos/s (%d requests)%n",
                clients,
                nanoseconds[requests / 2] / 1e6,
                nanoseconds[requests * 99 / 100] / 1e6,
                requests / seconds,
                requests);
    }

    private long[] ask(List<byte[]> photos, int clients, int requests) throws Exception {
        long[] nanoseconds = new long[requests];
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService asking = Executors.newFixedThreadPool(clients)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(asking.submit(() -> {
                    for (int n = next.getAndIncrement(); n < requests; n = next.getAndIncrement()) {
                        long begun = System.nanoTime();
                        HttpResponse<String> answer = client.send(
                                HttpRequest.newBuilder(address.resolve("/predict"))
                                        .header("Content-Type", "image/jpeg")
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(photos.get(n % photos.size())))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                        if (answer.statusCode() != 200) {
                            throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
                        }
                        nanoseconds[n] = System.nanoTime() - begun;
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        return nanoseconds;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        client.close();
    }
}
