package dev.murmuration.evaluator.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.map.Picture;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The service's answers to requests, by HTTP. */
@QuarkusTest
@QuarkusTestResource(value = ServedStudent.class, restrictToAnnotatedClass = true)
class PredictIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String BOUNDARY = "----murmuration";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    @TestHTTPResource
    URI service = URI.create("");

    @Test
    void saysWhatTheStudentSaysOfOnePhoto() throws Exception {
        HttpResponse<String> answer = post("/predict", "image/png", BrightnessStudent.photo(2, 0));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"label\":\"positive\"", "\"positive\":0.9");
        // A folder was never announced: it has no run and no step.
        assertThat(answer.body()).containsPattern("\"run\":null,\"step\":null,\"sha256\":\"[0-9a-f]{64}\"");
    }

    @Test
    void saysAtItsRootHowItIsAsked() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(service.resolve("/")).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("POST /predict", "/q/openapi");
    }

    @Test
    void answersEveryPhotoOfAFormInItsOrder() throws Exception {
        Map<String, byte[]> files = new TreeMap<>(Map.of(
                "a.png", BrightnessStudent.photo(0, 0),
                "b.png", "no image, but longer than sixteen bytes".getBytes(StandardCharsets.US_ASCII),
                "c.png", BrightnessStudent.photo(1, 0)));

        HttpResponse<String> answer = post("/predict", "multipart/form-data; boundary=" + BOUNDARY, form(files));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .containsSubsequence(
                        "a.png", "\"label\":\"negative\"", "b.png", "neither JPEG", "c.png", "\"label\":\"neutral\"");
    }

    @Test
    void refusesWhatIsNoPhotoAndWhatIsTooMuch() throws Exception {
        assertThat(post("/predict", "image/jpeg", "no image, but long enough".getBytes(StandardCharsets.US_ASCII))
                        .statusCode())
                .isEqualTo(422);
        assertThat(post("/predict", "image/jpeg", new byte[0]).statusCode()).isEqualTo(400);
        Map<String, byte[]> many = new TreeMap<>();
        for (int i = 0; i < 65; i++) {
            many.put(i + ".png", BrightnessStudent.photo(0, i));
        }
        HttpResponse<String> answer = post("/predict", "multipart/form-data; boundary=" + BOUNDARY, form(many));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("more photos than evaluator.serve.max-images = 64");
        assertThat(post("/predict", "text/plain", new byte[20]).statusCode()).isEqualTo(415);
        assertThat(post("/sentiment-map?kind=gradient", "image/png", BrightnessStudent.photo(1, 0))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void drawsMapsAsPng() throws Exception {
        for (String kind : List.of("occlusion", "window", "rollout", "patches")) {
            HttpResponse<byte[]> answer = client.send(
                    request("/sentiment-map?kind=" + kind, "image/png", BrightnessStudent.photo(1, 0)),
                    HttpResponse.BodyHandlers.ofByteArray());

            assertThat(answer.statusCode()).as(kind).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).contains("image/png");
            assertThat(Picture.upright(answer.body(), 100, 10_000).getWidth()).isEqualTo(64);
        }
    }

    @Test
    void saysWhichMapTheStudentDoesNotHave() throws Exception {
        HttpResponse<String> answer =
                post("/sentiment-map?kind=convolution", "image/png", BrightnessStudent.photo(1, 0));

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("a vit-demo-8-64-mean has no fully convolutional form");
    }

    @Test
    void answersManyAtOnceEachItsOwn() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            asked.add(client.sendAsync(
                    request("/predict", "image/png", BrightnessStudent.photo(i % 3, i)),
                    HttpResponse.BodyHandlers.ofString()));
        }

        List<String> labels = List.of("negative", "neutral", "positive");
        for (int i = 0; i < asked.size(); i++) {
            assertThat(asked.get(i).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS).body())
                    .contains("\"label\":\"" + labels.get(i % 3) + "\"");
        }
    }

    @Test
    void describesItself() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(service.resolve("/q/openapi?format=json"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).contains("/predict", "/sentiment-map", "multipart/form-data", "503");
    }

    private HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
        return client.send(request(path, type, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String type, byte[] body) {
        return HttpRequest.newBuilder(service.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private static byte[] form(Map<String, byte[]> files) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            body.write(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"photo\"; filename=\""
                            + file.getKey() + "\"\r\nContent-Type: image/png\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            body.write(file.getValue());
            body.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        body.write(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }
}
