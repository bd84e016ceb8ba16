package dev.murmuration.evaluator.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.model.KerasStudentTest;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import dev.murmuration.student.StudentFolder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The service with a student of ECAI 2023 as it was published. */
@QuarkusTest
@QuarkusTestResource(value = ServedKeras.class, restrictToAnnotatedClass = true)
class ServedKerasIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TestHTTPResource
    URI service = URI.create("");

    @Test
    void answersWithTheProbabilitiesOfTheFile() throws Exception {
        byte[] photo = BrightnessStudent.photo(2, 0);
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/predict"))
                .timeout(TIMEOUT)
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofByteArray(photo))
                .build();

        HttpResponse<String> answer = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode said = new ObjectMapper().readTree(answer.body());
        try (Student student = Student.load(KerasStudentTest.file(), Device.cpu(), Precision.FP32)) {
            float[] expected = student.predict(List.of(student.pixels().of(photo)))[0];
            for (int c = 0; c < expected.length; c++) {
                assertThat(said.findValue(StudentFolder.LABELS.get(c)).asDouble())
                        .isCloseTo(expected[c], within(1e-5));
            }
        }
    }
}
