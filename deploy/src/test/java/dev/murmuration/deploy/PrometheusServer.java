package dev.murmuration.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Prometheus with the configuration and the rules of docker/, which looks at what a test runs, and more often. */
final class PrometheusServer implements AutoCloseable {

    private final @Nullable Process process;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();

    private PrometheusServer(@Nullable Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Whether the program is there; Debian has a package of that name. */
    static boolean available() {
        return ObservabilityTest.onPath("prometheus");
    }

    /**
     * Starts it.
     *
     * @param targets where what the configuration names is here
     * @param seconds between two looks
     * @param clock what a test changes of the rules' times
     */
    static PrometheusServer start(
            Path folder, int port, Map<String, String> targets, int seconds, UnaryOperator<String> clock)
            throws IOException {
        Files.createDirectories(folder);
        Path ruleFile = Files.writeString(folder.resolve("rules.yml"), clock.apply(Repository.text(Rules.PATH)));
        String settings = Repository.text("docker/prometheus/prometheus.yml")
                .replaceAll("(scrape_interval|evaluation_interval): \\d+s", "$1: %ds".formatted(seconds))
                // The lag's exporter, which asks the cluster every five seconds at most.
                .replaceFirst(
                        "scrape_interval: %ds\n(\\s+)scrape_timeout: \\d+s".formatted(seconds),
                        "scrape_interval: 5s\n$1scrape_timeout: 5s")
                .replaceAll("/etc/prometheus/rules/\\*\\.yml", ruleFile.toString());
        for (Map.Entry<String, String> target : targets.entrySet()) {
            settings = settings.replace("\"" + target.getKey() + "\"", "\"" + target.getValue() + "\"");
        }
        Path file = Files.writeString(folder.resolve("prometheus.yml"), settings);
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        return new PrometheusServer(process, port);
    }

    /** One that runs on this machine. */
    static PrometheusServer at(int port) {
        return new PrometheusServer(null, port);
    }

    /** What it looks at that answers. */
    int targetsUp() throws InterruptedException {
        JsonNode targets = get("/api/v1/targets").at("/data/activeTargets");
        return (int) StreamSupport.stream(targets.spliterator(), false)
                .filter(target -> target.get("health").asText().equals("up"))
                .count();
    }

    /** The expressions of all panels; those that look back a day have nothing to see in a test. */
    static List<String> expressions() {
        List<String> expressions = new ArrayList<>();
        for (Path dashboard : Repository.files("docker/grafana/dashboards", ".json")) {
            for (JsonNode panel : Repository.json(dashboard).get("panels")) {
                panel.path("targets")
                        .forEach(target -> expressions.add(target.get("expr").asText()));
            }
        }
        expressions.removeIf(expression -> expression.contains("offset 1d"));
        return expressions;
    }

    /** Whether an expression of a panel has had a value within the last five minutes. */
    boolean hasData(String expression) throws InterruptedException {
        String asked = expression
                .replace("$__rate_interval", "1m")
                .replace("$__interval", "15s")
                .replace("$__range", "5m")
                .replaceAll("\\$\\{?[a-z_]+(:\\w+)?}?", ".*");
        long now = Instant.now().getEpochSecond();
        JsonNode result = get("/api/v1/query_range?query=%s&start=%d&end=%d&step=5"
                        .formatted(URLEncoder.encode(asked, StandardCharsets.UTF_8), now - 300, now))
                .at("/data/result");
        return result.isArray() && !result.isEmpty();
    }

    /** The alerts that fire. */
    Set<String> firing() throws InterruptedException {
        Set<String> firing = new TreeSet<>();
        get("/api/v1/alerts").at("/data/alerts").forEach(alert -> {
            if (alert.get("state").asText().equals("firing")) {
                firing.add(alert.at("/labels/alertname").asText());
            }
        });
        return firing;
    }

    /** The rules that cannot be evaluated. */
    List<String> brokenRules() throws InterruptedException {
        List<String> broken = new ArrayList<>();
        get("/api/v1/rules")
                .at("/data/groups")
                .forEach(group -> group.get("rules").forEach(rule -> {
                    if (rule.path("health").asText().equals("err")) {
                        broken.add(rule.get("name").asText() + ": "
                                + rule.path("lastError").asText());
                    }
                }));
        return broken;
    }

    private JsonNode get(String path) throws InterruptedException {
        try {
            return Repository.JSON.readTree(http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            return Repository.JSON.createObjectNode(); // not yet
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            process.onExit().join();
        }
    }
}
