package dev.murmuration.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The console of a pipeline that runs, asked as a browser of this machine asks it. */
final class ConsolePages {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> WITH_CONTENT = List.of("wall", "runs", "accuracies", "lag?range=hour");
    private static final List<String> OTHERS = List.of("rejections", "datasets", "dead-letters", "operations");

    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ConsolePages(int port) {
        this.port = port;
    }

    /** What it does not show, each in one line; nothing once every service is ready and a tweet has become part of an accuracy. */
    List<String> missing() throws InterruptedException {
        List<String> missing = new ArrayList<>();
        JsonNode stages = get("pipeline").path("stages");
        if (stages.isEmpty()) {
            missing.add("pipeline: no stages");
        }
        stages.forEach(stage -> {
            if (!stage.path("health").asText().equals("READY")) {
                missing.add("pipeline: " + stage);
            }
        });
        for (String page : WITH_CONTENT) {
            if (get(page).isEmpty()) {
                missing.add(page + ": nothing");
            }
        }
        for (String page : OTHERS) {
            if (get(page).isMissingNode()) {
                missing.add(page + ": no answer");
            }
        }
        JsonNode newest = get("wall").path(0);
        if (ask(newest.path("photo").asText("/no-photo")).isEmpty()) {
            missing.add("wall: no photo of " + newest);
        }
        String tweet = newest.path("tweetId").asText();
        if (get("track?q=" + tweet).path("tweets").isEmpty()) {
            missing.add("track: no way of the tweet " + tweet);
        }
        return missing;
    }

    /** The first line of its answer to a request for this host, as a page of a stranger sends it after its name was made to point here. */
    String statusFor(String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET /wall HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(host)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    private JsonNode get(String page) throws InterruptedException {
        try {
            return Repository.JSON.readTree(ask("/api/" + page));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(page, e);
        }
    }

    /** Returns the body of a response with status 200; empty while there is none. */
    private String ask(String path) throws InterruptedException {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .timeout(TIMEOUT)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : "";
        } catch (IOException e) {
            return ""; // not yet
        }
    }
}
