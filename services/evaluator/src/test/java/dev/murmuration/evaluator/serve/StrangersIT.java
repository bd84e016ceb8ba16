package dev.murmuration.evaluator.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as no honest client sends them, over bare connections. */
@QuarkusTest
@QuarkusTestResource(value = ServedStudent.class, restrictToAnnotatedClass = true)
class StrangersIT {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final String FORM = "Content-Type: multipart/form-data; boundary=x\r\n";

    @TestHTTPResource
    URI service = URI.create("");

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/live", "/q/metrics", "/predict", "/q/openapi"})
    void answersByNoNameThatIsNotItsOwn(String path) throws Exception {
        String answer = ask("GET %s HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".formatted(path));

        assertThat(answer)
                .startsWith("HTTP/1.1 421 ")
                .contains("{\"problem\":\"this service is not asked by this name");
    }

    @Test
    void answersAKubeletThatAsksByAddress() throws Exception {
        String address = InetAddress.getLocalHost().getHostAddress();

        assertThat(ask("GET /q/health/live HTTP/1.1\r\nHost: %s:8085\r\nConnection: close\r\n\r\n".formatted(address)))
                .startsWith("HTTP/1.1 200 ");
        assertThat(ask("GET /q/health/live HTTP/1.1\r\nHost: evaluator:8085\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin: http://evil.example, 403",
        "Origin: null, 403",
        "Sec-Fetch-Site: cross-site, 403",
        "Origin: http://localhost:1, 422",
        "X-Nothing: none, 422"
    })
    void takesNoRequestFromAPageOfAnotherOrigin(String header, int status) throws Exception {
        String answer = ask("POST /predict HTTP/1.1\r\nHost: localhost:1\r\n" + header
                + "\r\nContent-Type: image/png\r\nContent-Length: 20\r\nConnection: close\r\n\r\nno photo of any kind");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("\"problem\":\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--x--\r\n",
                "garbage",
                "--x\r\n",
                "--x\r\nContent-Disposition: form-data; filename=a\r\n\r\ncut",
                "--x\r\n\r\n\r\n--x--"
            })
    void answersABrokenFormWithAProblem(String body) throws Exception {
        String answer = ask("POST /predict HTTP/1.1\r\nHost: localhost\r\n" + FORM + "Content-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body);

        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("{\"problem\":\"")
                .doesNotContain("Error id");
    }

    @Test
    void answersAFormOfVeryManyPartsWithAProblem() throws Exception {
        String body = "--x\r\nContent-Disposition: form-data; name=\"p\"; filename=\"a\"\r\n\r\n.\r\n".repeat(300_000)
                + "--x--\r\n";

        String answer = ask("POST /predict HTTP/1.1\r\nHost: localhost\r\n" + FORM + "Content-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body);

        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("more photos than evaluator.serve.max-images = 64");
    }

    @Test
    void tellsAClientThatItsBodyIsTooLargeAlsoWhenItSendsAllOfItFirst() throws Exception {
        String body = ".".repeat(33 << 20);

        String answer = ask("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body);

        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("quarkus.http.limits.max-body-size");
    }

    @Test
    void tellsAClientThatStopsInTheMiddleOfABody() throws Exception {
        String answer = ask(
                "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\nhalf");

        assertThat(answer).startsWith("HTTP/1.1 408 ").contains("http.request-timeout = 3000 ms");
    }

    @ParameterizedTest
    @CsvSource({
        "/sentiment-map?finer=abc, image/png, 400, finer from 1 to 4",
        "/sentiment-map?finer=2147483648, image/png, 400, finer from 1 to 4",
        "/sentiment-map?finer=5, image/png, 400, finer from 1 to 4",
        "/predict, text/plain, 415, the Content-Type is",
        "/nothing, image/png, 404, there is nothing here"
    })
    void saysWhatIsWrong(String path, String type, int status, String problem) throws Exception {
        String answer = ask(
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: 20\r\nConnection: close\r\n\r\nno photo of any kind"
                        .formatted(path, type));

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains(problem);
    }

    @Test
    void describesWhatMayBeMissingAndEveryRefusal() throws Exception {
        String answer = ask("GET /q/openapi?format=json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer.replaceAll("\\s", ""))
                .contains(
                        "\"negative\":{\"type\":[\"number\",\"null\"]",
                        "\"label\":{\"type\":[\"string\",\"null\"]}",
                        "\"415\":",
                        "\"400\":",
                        "\"408\":",
                        "\"421\":");
    }

    /** Everything that comes until the other side closes. */
    private String ask(String request) throws IOException {
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
