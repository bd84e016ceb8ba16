package dev.murmuration.evaluator.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.fuzz.Fuzzer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartPhotosTest {

    private static final String TYPE = "multipart/form-data; boundary=x";
    private static final String WHOLE = String.join(
            "\r\n",
            "--x",
            "Content-Disposition: form-data; name=\"photo\"; filename=\"a b.png\"",
            "Content-Type: image/png",
            "",
            "first",
            "--x",
            "Content-Disposition: form-data; name=\"note\"",
            "",
            "no file",
            "--x ",
            "content-disposition: form-data; filename=b.png; name=photo",
            "",
            "second",
            "--",
            "--y",
            "--x--",
            "");

    @Test
    void takesFilesInTheirOrderAndPassesOverFields() throws Exception {
        MultipartPhotos form = parse(TYPE, WHOLE);

        assertThat(form.files()).extracting(MultipartPhotos.File::name).containsExactly("a b.png", "b.png");
        assertThat(form.files().get(0).bytes()).isEqualTo(bytes("first"));
        assertThat(form.files().get(1).bytes()).isEqualTo(bytes("second\r\n--\r\n--y"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; charset=utf-8; boundary=\"x\"",
                "Multipart/Form-Data;boundary=x",
                "multipart/form-data; boundary=x; charset=utf-8"
            })
    void readsTheBoundaryInEveryNotation(String contentType) throws Exception {
        assertThat(parse(contentType, WHOLE).files()).hasSize(2);
    }

    @Test
    void readsAFileWithoutContentAndAFormWithoutParts() throws Exception {
        assertThat(parse(TYPE, "--x\r\nContent-Disposition: form-data; filename=\"\"\r\n\r\n\r\n--x--")
                        .files())
                .singleElement()
                .satisfies(file -> assertThat(file.bytes()).isEmpty());
        assertThat(parse(TYPE, "before it\r\n--x--\r\n").files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--x\r\n",
                "--x",
                "garbage",
                "--x\r\nContent-Disposition: form-data; filename=a\r\n\r\ncut off",
                "--x\r\nno end of the head\r\n--x--"
            })
    void refusesWhatIsNotWhole(String body) {
        assertThatExceptionOfType(MultipartPhotos.FormException.class)
                .isThrownBy(() -> parse(TYPE, body))
                .satisfies(e -> assertThat(e.isTooMany()).isFalse());
    }

    @Test
    void refusesATypeWithoutABoundary() {
        assertThatExceptionOfType(MultipartPhotos.FormException.class)
                .isThrownBy(() -> parse("multipart/form-data", WHOLE))
                .withMessageContaining("names its boundary");
    }

    @Test
    void refusesMoreFilesThanAreTaken() throws Exception {
        String part = "--x\r\nContent-Disposition: form-data; filename=a\r\n\r\n.\r\n";

        assertThat(parse(TYPE, part.repeat(3) + "--x--").files()).hasSize(3);
        assertThatExceptionOfType(MultipartPhotos.FormException.class)
                .isThrownBy(() -> parse(TYPE, part.repeat(300_000) + "--x--"))
                .withMessageContaining("more photos than photos = 3")
                .satisfies(e -> assertThat(e.isTooMany()).isTrue());
    }

    @Test
    void refusesMoreFieldsThanAnybodyNeeds() {
        String part = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n.\r\n";

        assertThatExceptionOfType(MultipartPhotos.FormException.class)
                .isThrownBy(() -> parse(TYPE, part.repeat(7) + "--x--"))
                .satisfies(e -> assertThat(e.isTooMany()).isTrue());
    }

    @Test
    void answersWhateverComes() {
        Fuzzer.Outcome outcome = Fuzzer.of("form", List.of(bytes(WHOLE)))
                .tokens("--x\r\n", "--x--", "\r\n", "Content-Disposition: form-data; filename=", "\"", "\\")
                .run(MultipartPhotos.FormException.class, input -> MultipartPhotos.parse(TYPE, input, 64, "photos"));

        assertThat(outcome.ways()).isGreaterThan(3);
    }

    private static MultipartPhotos parse(String contentType, String body) throws MultipartPhotos.FormException {
        return MultipartPhotos.parse(contentType, bytes(body), 3, "photos");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
